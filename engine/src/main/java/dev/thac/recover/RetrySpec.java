package dev.thac.recover;

import dev.thac.spec.Delay;
import dev.thac.spec.Key;

import java.time.Duration;
import java.util.List;

/**
 * Attempts for one event. Trouble of a provider is not counted. The keys are described by their
 * {@link Key} annotations.
 */
public record RetrySpec(
        @Key(value = "Attempts in memory.", orElse = "3", min = 1, max = 100) int attempts,
        @Key(value = "Wait before the second attempt; doubles each time.", orElse = "1s")
                Duration backoff,
        @Key(value = "Longest wait.", orElse = "60s") Duration maxBackoff,
        @Key(
                        "Delays of retry topics after that, ascending: 10s reads and writes the"
                                + " topic <pipeline>.retry.10s.")
                List<Delay> later) {}
