package dev.thac.pipeline;

import dev.thac.spec.CelText;
import dev.thac.spec.Key;

import java.time.Duration;
import java.util.Optional;

/** One rolling figure per key. The keys are described by their {@link Key} annotations. */
public record ContextMeasureSpec(
        @Key(
                        value = "Counts the earlier events for which this holds.",
                        example = "value.country != 'VN'")
                Optional<CelText> count,
        @Key(
                        value =
                                "Sums this number over the earlier events; what is none is left"
                                        + " out.",
                        example = "value.amount")
                Optional<CelText> sum,
        @Key("How far back from the event's own time.") Duration over) {}
