package dev.thac.model;

import java.time.Duration;
import java.util.Optional;

/**
 * What an answer's headers say about the limits of the account.
 *
 * @param requests calls
 * @param inputTokens input tokens, or all tokens where the provider counts them together
 * @param outputTokens output tokens
 */
public record RateLimits(
        Optional<Window> requests, Optional<Window> inputTokens, Optional<Window> outputTokens) {

    /** Nothing was said. */
    public static final RateLimits NONE =
            new RateLimits(Optional.empty(), Optional.empty(), Optional.empty());

    /**
     * One limit.
     *
     * @param limit how many are allowed
     * @param remaining how many are left
     * @param untilFull when the limit is full again
     */
    public record Window(double limit, double remaining, Duration untilFull) {

        /**
         * What is left of the limit.
         *
         * @return 0 to 1
         */
        public double ratio() {
            return limit > 0 ? Math.clamp(remaining / limit, 0, 1) : 0;
        }
    }

    /**
     * Whether the answer said nothing.
     *
     * @return true without any limit
     */
    public boolean isEmpty() {
        return requests.isEmpty() && inputTokens.isEmpty() && outputTokens.isEmpty();
    }
}
