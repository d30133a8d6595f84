package dev.thac.resilience;

import java.time.Duration;
import java.util.Optional;

/**
 * How often and how late to try again.
 *
 * @param attempts attempts in all, the first included
 * @param backoff waits between them
 */
public record RetryPolicy(int attempts, Backoff backoff) {

    /**
     * A policy.
     *
     * @throws IllegalArgumentException when there is not even one attempt
     */
    public RetryPolicy {
        if (attempts < 1) {
            throw new IllegalArgumentException("attempts must be at least 1, not " + attempts);
        }
    }

    /**
     * What to do after a failed attempt.
     *
     * @param made attempts made so far, at least 1
     * @return the wait before the next one; empty when there is none
     */
    public Optional<Duration> after(int made) {
        return made >= attempts ? Optional.empty() : Optional.of(backoff.delay(made - 1));
    }
}
