package dev.thac.model;

import java.time.Duration;
import java.util.Optional;

/**
 * A call without a usable reply; checked, because every caller must say what it means for the
 * events in the call.
 */
public final class ModelException extends Exception {

    private static final long serialVersionUID = 1L;

    private final Kind kind;
    private final transient Optional<Duration> retryAfter;

    /**
     * A failed call.
     *
     * @param kind what happened
     * @param message status and the provider's words, without secrets
     * @param retryAfter how long the provider asks to wait
     */
    public ModelException(Kind kind, String message, Optional<Duration> retryAfter) {
        super(message);
        this.kind = kind;
        this.retryAfter = retryAfter;
    }

    /**
     * What happened.
     *
     * @return the kind
     */
    public Kind kind() {
        return kind;
    }

    /**
     * How long the provider asks to wait.
     *
     * @return the wait, where it said one
     */
    public Optional<Duration> retryAfter() {
        return retryAfter;
    }

    /** What can go wrong with a call; the metric label {@code kind}. */
    public enum Kind {
        /** 429: our rate limit. */
        RATE_LIMIT(true),
        /** 529 or 503: the service is overloaded. */
        OVERLOADED(true),
        /** The spend cap of the account is reached. */
        SPEND_CAP(true),
        /** 401, 403: the key is refused; 404: the model or the address is unknown. */
        AUTH(true),
        /** Other 5xx. */
        SERVER(true),
        /** No connection, or it broke. */
        NETWORK(true),
        /** No whole answer before the deadline. */
        TIMEOUT(true),
        /** 400, 422: this request will never be accepted. */
        INVALID(false),
        /** 413, or the context window is too small for the request. */
        TOO_LARGE(false);

        private final boolean providerTrouble;

        Kind(boolean providerTrouble) {
            this.providerTrouble = providerTrouble;
        }

        /**
         * Whether the provider is to blame rather than the events in the request.
         *
         * @return true where waiting is right and no event may be charged an attempt (a time-out
         *     only while others time out)
         */
        public boolean providerTrouble() {
            return providerTrouble;
        }
    }
}
