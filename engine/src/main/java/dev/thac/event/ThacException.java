package dev.thac.event;

/**
 * Something is wrong with us or our environment (never with one event: that is a {@link Failure}).
 */
public final class ThacException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    /**
     * An error with a cause.
     *
     * @param code what kind
     * @param message what, where, and what to do
     * @param cause the underlying error
     */
    public ThacException(ErrorCode code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /**
     * An error of our own finding.
     *
     * @param code what kind
     * @param message what, where, and what to do
     */
    public ThacException(ErrorCode code, String message) {
        super(message);
        this.code = code;
    }

    /**
     * What kind of error.
     *
     * @return the code
     */
    public ErrorCode code() {
        return code;
    }
}
