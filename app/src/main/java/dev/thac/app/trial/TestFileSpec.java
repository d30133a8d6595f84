package dev.thac.app.trial;

import dev.thac.spec.Key;

import java.util.List;
import java.util.Optional;

/** A test file, {@code NAME.test.yaml}. The keys are described by their {@link Key} annotations. */
public record TestFileSpec(
        @Key(
                        "The pipeline file, relative to this one. Left out: the one of the same"
                                + " name without .test.")
                Optional<String> pipeline,
        @Key(
                        "Answers that models gave once. Inputs that are not among them are refused."
                                + " Left out, here and in answersFile: the simulator answers.")
                List<RecordedAnswerSpec> answers,
        @Key("The same as a file of JSON lines, as thac simulate reads it.")
                Optional<String> answersFile,
        @Key(
                        "What lookups find. Those that are not among them find nothing; no database"
                                + " and no service is asked.")
                List<LookupAnswerSpec> lookups,
        @Key(value = "The tests.", nonEmpty = true) List<TestSpec> tests) {}
