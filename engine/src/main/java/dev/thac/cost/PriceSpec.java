package dev.thac.cost;

import dev.thac.spec.Key;

import java.util.Optional;

/**
 * Own price of a model, in USD per million tokens. The keys are described by their {@link Key}
 * annotations.
 */
public record PriceSpec(
        @Key(value = "Input tokens.", min = 0) Optional<Double> input,
        @Key(value = "Output tokens, thinking included.", min = 0) Optional<Double> output,
        @Key(value = "Input read from the cache.", min = 0) Optional<Double> cacheRead,
        @Key(value = "Input written to the cache.", min = 0) Optional<Double> cacheWrite,
        @Key(value = "Input written to the cache for an hour. Left out: as cacheWrite.", min = 0)
                Optional<Double> cacheWriteLong,
        @Key(value = "No charge, for models of your own.", orElse = "false") boolean free) {}
