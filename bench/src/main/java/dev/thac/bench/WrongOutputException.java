package dev.thac.bench;

/** A row lost, repeated or spoilt records: its speed means nothing and the run ends. */
final class WrongOutputException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    WrongOutputException(String message) {
        super(message);
    }

    WrongOutputException(String message, Throwable cause) {
        super(message, cause);
    }
}
