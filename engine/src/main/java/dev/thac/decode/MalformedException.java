package dev.thac.decode;

/** A value is not in its format; the message holds no payload. */
final class MalformedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final int position;

    MalformedException(String message, int position) {
        // one bad record is data, not a defect: no stack trace
        super(message, null, false, false);
        this.position = position;
    }

    /** Bytes from the start of the value. */
    int position() {
        return position;
    }
}
