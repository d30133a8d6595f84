package dev.thac.window;

import dev.thac.spec.CelText;
import dev.thac.spec.Key;

import java.time.Duration;
import java.util.Optional;

/** One rolling figure per key. The keys are described by their {@link Key} annotations. */
public record ContextMeasureSpec(
        @Key("Counts events for which this holds.") Optional<CelText> count,
        @Key("Sums this number.") Optional<CelText> sum,
        @Key("How far back.") Duration over) {}
