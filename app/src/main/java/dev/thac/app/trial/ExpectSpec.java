package dev.thac.app.trial;

import dev.thac.spec.CelText;
import dev.thac.spec.Key;
import dev.thac.spec.Tree;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What must come of the events of a test. The keys are described by their {@link Key} annotations.
 */
public record ExpectSpec(
        @Key("The answers, analysis by analysis; fields left out are not looked at.")
                Map<String, Tree> analysis,
        @Key("The tier that decided, for each analysis: rules or a model's name in the file.")
                Map<String, String> tier,
        @Key("Conditions that hold for each event, over value and analysis.") List<CelText> where,
        @Key("All records that are written, in any order. Left out: not looked at.")
                List<OutputSpec> outputs,
        @Key(value = "No filter pattern matches the events.", orElse = "false") boolean filtered,
        @Key(
                        "Whether the sample leaves the events out. Only a test that says so runs"
                                + " with the sample: in all others every event is judged.")
                Optional<Boolean> sampledOut,
        @Key(value = "The events are dead-lettered for this reason.", example = "undecodable")
                Optional<String> deadLetter) {}
