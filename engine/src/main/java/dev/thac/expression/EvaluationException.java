package dev.thac.expression;

/** A formula has no value for one event; the message names the field or operation, no payload. */
public final class EvaluationException extends Exception {

    private static final long serialVersionUID = 1L;

    /**
     * An evaluation that failed.
     *
     * @param message which field or operation
     */
    EvaluationException(String message) {
        // part of normal flow for odd events: a stack trace would cost and tell nothing
        super(message, null, false, false);
    }
}
