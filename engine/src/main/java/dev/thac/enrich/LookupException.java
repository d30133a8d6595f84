package dev.thac.enrich;

import dev.thac.event.ErrorCode;

import java.time.Duration;

/** A lookup has no answer. */
public final class LookupException extends Exception {

    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final boolean held;
    private final Duration atLeast;

    private LookupException(
            ErrorCode code, boolean held, Duration atLeast, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
        this.held = held;
        this.atLeast = atLeast;
    }

    /**
     * Trouble of whoever is asked: events wait for its end.
     *
     * @param code what kind
     * @param atLeast how long not to ask again; zero where nothing is known
     * @param message what happened
     * @param cause the error below
     * @return the exception
     */
    public static LookupException trouble(
            ErrorCode code, Duration atLeast, String message, Throwable cause) {
        return new LookupException(code, true, atLeast, message, cause);
    }

    /**
     * This event can never be answered.
     *
     * @param code what kind
     * @param message what is wrong
     * @return the exception
     */
    public static LookupException never(ErrorCode code, String message) {
        return new LookupException(
                code, false, Duration.ZERO, message, new IllegalArgumentException(message));
    }

    /**
     * What kind of error.
     *
     * @return the code
     */
    public ErrorCode code() {
        return code;
    }

    /**
     * Whether events wait for the end of it.
     *
     * @return false where this event can never be answered
     */
    public boolean held() {
        return held;
    }

    /**
     * How long not to ask again.
     *
     * @return zero where nothing is known
     */
    public Duration atLeast() {
        return atLeast;
    }
}
