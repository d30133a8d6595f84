package dev.thac.batch;

import dev.thac.spec.Key;

import java.time.Duration;
import java.util.Optional;

/**
 * Several events in one model call. A batch closes at the first of its bounds. The keys are
 * described by their {@link Key} annotations.
 */
public record BatchSpec(
        @Key(value = "Most events in a call.", min = 1, max = 1000) Optional<Integer> size,
        @Key(value = "Longest wait of the first event for others.", name = "wait")
                Optional<Duration> longestWait,
        @Key(value = "Most input tokens in a call, about.", min = 1) Optional<Integer> tokens) {}
