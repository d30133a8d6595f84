package dev.thac.observe;

/** A message that did not arrive. */
public final class UndeliveredException extends Exception {

    private static final long serialVersionUID = 1L;

    private final boolean retryable;

    /**
     * A message that did not arrive.
     *
     * @param message why, without secrets
     * @param retryable whether it may arrive later
     */
    public UndeliveredException(String message, boolean retryable) {
        super(message);
        this.retryable = retryable;
    }

    /**
     * Whether it may arrive later.
     *
     * @return false when the receiver will never take it
     */
    public boolean retryable() {
        return retryable;
    }
}
