package dev.thac.model;

import dev.thac.spec.Key;
import dev.thac.spec.Rate;

import java.util.Optional;

/** Limits of a provider account. The keys are described by their {@link Key} annotations. */
public record ModelLimitsSpec(
        @Key(value = "Calls in flight.", orElse = "64", min = 1) int concurrency,
        @Key("Calls, for example 50/min or 100/s.") Optional<Rate> requests,
        @Key("Input tokens, for example 50000/min.") Optional<Rate> inputTokens,
        @Key("Output tokens, for example 10000/min.") Optional<Rate> outputTokens) {}
