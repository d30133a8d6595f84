package dev.thac.sink;

import java.time.Duration;

/**
 * The target cannot take anything now, or not this; the same records are offered again. Its message
 * holds neither payload nor secrets.
 */
final class UnavailableException extends Exception {

    private static final long serialVersionUID = 1;

    private final Duration atLeast;

    /**
     * A wait of any length.
     *
     * @param message what is wrong
     */
    UnavailableException(String message) {
        this(message, Duration.ZERO);
    }

    /**
     * A wait as long as the target asks for.
     *
     * @param message what is wrong
     * @param atLeast how long to wait
     */
    UnavailableException(String message, Duration atLeast) {
        super(message);
        this.atLeast = atLeast;
    }

    /** How long to wait at least before the next attempt. */
    Duration atLeast() {
        return atLeast;
    }
}
