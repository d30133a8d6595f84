package dev.thac.event;

/**
 * Why one event could not be settled; data, not an exception.
 *
 * @param code what kind of failure
 * @param stage where: {@code decode}, {@code derive}, {@code analysis.<name>}, {@code route},
 *     {@code emit}
 * @param message what exactly, without payload or secrets; at most 1,024 characters are kept
 */
public record Failure(ErrorCode code, String stage, String message) {

    private static final int MAX_MESSAGE = 1024;

    /** Cuts the message. */
    public Failure {
        message = message.length() > MAX_MESSAGE ? message.substring(0, MAX_MESSAGE) : message;
    }
}
