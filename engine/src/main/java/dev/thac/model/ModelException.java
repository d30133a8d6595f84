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
    private final Bill bill;
    private final transient Optional<Shortage> shortage;

    /**
     * A failed call.
     *
     * @param kind what happened
     * @param message status and the provider's words, without secrets
     * @param retryAfter how long the provider asks to wait
     */
    public ModelException(Kind kind, String message, Optional<Duration> retryAfter) {
        this(kind, message, retryAfter, kind.bill());
    }

    /**
     * A failed call of which more is known than its kind tells.
     *
     * @param kind what happened
     * @param message status and the provider's words, without secrets
     * @param retryAfter how long the provider asks to wait
     * @param bill what it may have cost
     */
    public ModelException(Kind kind, String message, Optional<Duration> retryAfter, Bill bill) {
        super(message);
        this.kind = kind;
        this.retryAfter = retryAfter;
        this.bill = bill;
        this.shortage = Optional.empty();
    }

    /**
     * A call that was not made, because no budget covers it. Without a stack trace: at the limit
     * every waiting call gets one.
     *
     * @param shortage what is missing
     */
    public ModelException(Shortage shortage) {
        super(shortage.text(), null, false, false);
        this.kind = Kind.BUDGET;
        this.retryAfter = Optional.empty();
        this.bill = Bill.NOTHING;
        this.shortage = Optional.of(shortage);
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

    /**
     * What the call may have cost although there is no usable reply.
     *
     * @return what is known of it
     */
    public Bill bill() {
        return bill;
    }

    /**
     * What is missing where the kind is {@code BUDGET}.
     *
     * @return the budget's refusal
     */
    public Optional<Shortage> shortage() {
        return shortage;
    }

    /** What a call without a usable reply may have cost. */
    public enum Bill {
        /** It was refused before any work, or never sent. */
        NOTHING,
        /** The provider may have done the work; what it charges for it is not known. */
        UNKNOWN
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
        TOO_LARGE(false),
        /** Not made: no budget covers it. */
        BUDGET(false);

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

        private Bill bill() {
            return this == NETWORK || this == TIMEOUT ? Bill.UNKNOWN : Bill.NOTHING;
        }
    }
}
