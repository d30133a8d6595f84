package dev.thac.model;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How a model's account is doing, for status pages.
 *
 * @param name the model's name in the file
 * @param id the provider's id
 * @param provider whose it is
 * @param breaker what the breaker does
 * @param untilProbe how long until it lets a probe through; zero unless open
 * @param inFlight calls under way, of all models that share the account
 * @param concurrency calls that may be under way now, at most the declared number
 * @param lastError what went wrong last; without secrets
 * @param lastErrorAt when
 */
public record ModelHealth(
        String name,
        String id,
        Provider provider,
        Breaker breaker,
        Duration untilProbe,
        int inFlight,
        int concurrency,
        Optional<String> lastError,
        Optional<Instant> lastErrorAt) {

    /** What a breaker does. */
    public enum Breaker {
        /** Calls pass. */
        CLOSED(0),
        /** One probe is under way. */
        HALF_OPEN(1),
        /** No call passes. */
        OPEN(2);

        private final int value;

        Breaker(int value) {
            this.value = value;
        }

        /**
         * The value of the metric {@code thac_breaker_state}.
         *
         * @return 0, 1 or 2
         */
        public int value() {
            return value;
        }
    }
}
