package dev.thac.app.trial;

import dev.thac.spec.Key;
import dev.thac.spec.Tree;

import java.util.Map;
import java.util.Optional;

/** One answer that a model gave once. The keys are described by their {@link Key} annotations. */
public record RecordedAnswerSpec(
        @Key("The input text, as the pipeline's input template gives it.") String input,
        @Key("Whose answer: a model of the pipeline. Left out: any model's.")
                Optional<String> model,
        @Key("The answer, field by field.") Map<String, Tree> answer,
        @Key(value = "The confidence stated with it.", min = 0, max = 1)
                Optional<Double> confidence) {}
