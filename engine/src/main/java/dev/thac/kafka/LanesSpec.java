package dev.thac.kafka;

import dev.thac.spec.Key;
import dev.thac.spec.NotYet;

import java.util.Optional;

/**
 * Threads that each own a consumer and a producer. The keys are described by their {@link Key}
 * annotations.
 */
public record LanesSpec(
        @Key(value = "Lanes at start.", orElse = "1", min = 1, max = 64) int min,
        @NotYet @Key("Lanes under load.") Optional<Integer> max) {}
