package dev.thac.cascade;

import dev.thac.spec.CelText;
import dev.thac.spec.DataSize;
import dev.thac.spec.Key;
import dev.thac.spec.NotYet;
import dev.thac.spec.TemplateText;
import dev.thac.spec.Tree;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One question asked about each event. The keys are described by their {@link Key} annotations. */
public record AnalysisSpec(
        @Key(
                        "What the model is told: who it is and what to judge. Instructions only, no"
                                + " event text.")
                String task,
        @Key(
                        value = "The text of one event, with {{ path }} placeholders.",
                        example = "{{ value.text }}")
                TemplateText input,
        @Key(
                        value = "Cut the input after so many bytes of UTF-8, at a character.",
                        example = "8KiB")
                Optional<DataSize> truncate,
        @Key("Output fields: name to JSON Schema property. All are required.")
                Map<String, Tree> output,
        @Key("A JSON Schema file instead of output, relative to the pipeline file.")
                Optional<String> schema,
        @Key("Judge only events for which this holds; for others the analysis is absent.")
                Optional<CelText> when,
        @Key(
                        value =
                                "When it fails, emit an error in its place instead of"
                                        + " dead-lettering the event.",
                        orElse = "false")
                boolean optional,
        @Key("Worked examples shown to the models.") List<ExampleSpec> examples,
        @Key(value = "From free to dear; the first that is sure enough answers.", nonEmpty = true)
                List<TierSpec> tiers,
        @NotYet @Key("Fidelity to hold against a reference tier.") Optional<TargetSpec> target,
        @Key(
                        value =
                                "The models' answers, kept for the same input: free, asked after"
                                    + " the rules and before the models. On unless mode is off.",
                        orElse = "{}")
                CacheSpec cache,
        @NotYet @Key("Forced escalations that measure the early tiers.")
                Optional<AuditSpec> audit) {

    /**
     * The same analysis with another answer cache.
     *
     * @param other its bounds
     * @return a copy
     */
    public AnalysisSpec withCache(CacheSpec other) {
        return new AnalysisSpec(
                task, input, truncate, output, schema, when, optional, examples, tiers, target,
                other, audit);
    }

    /**
     * The same analysis with other output fields: those of its schema file.
     *
     * @param fields name to JSON Schema property
     * @return a copy
     */
    public AnalysisSpec withOutput(Map<String, Tree> fields) {
        return new AnalysisSpec(
                task, input, truncate, fields, schema, when, optional, examples, tiers, target,
                cache, audit);
    }
}
