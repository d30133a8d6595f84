package dev.thac.testkit.simulator;

import java.time.Duration;
import java.util.Optional;

/**
 * Why a call gets no answer, in terms both wire formats can express.
 *
 * @param status the HTTP status
 * @param type the provider's error type
 * @param code the provider's error code; empty for none
 * @param param the offending field; empty for none
 * @param message for people
 * @param kind under which it is counted
 * @param retryAfter what the header says; empty for no header
 */
record Refusal(
        int status,
        String type,
        String code,
        String param,
        String message,
        String kind,
        Optional<Duration> retryAfter) {

    /** A malformed request: 400. */
    static Refusal invalid(String message) {
        return invalid(message, "", "");
    }

    /** A malformed request: 400, with the field and a code. */
    static Refusal invalid(String message, String param, String code) {
        return new Refusal(
                400, "invalid_request_error", code, param, message, "400", Optional.empty());
    }

    /** Any other refusal without a field and without {@code retry-after}. */
    static Refusal of(int status, String type, String message) {
        return new Refusal(
                status, type, "", "", message, Integer.toString(status), Optional.empty());
    }

    /** The same with a code. */
    Refusal withCode(String newCode) {
        return new Refusal(status, type, newCode, param, message, kind, retryAfter);
    }

    /** The same, counted under another name. */
    Refusal as(String newKind) {
        return new Refusal(status, type, code, param, message, newKind, retryAfter);
    }

    /** The same with {@code retry-after}. */
    Refusal after(Duration wait) {
        return new Refusal(status, type, code, param, message, kind, Optional.of(wait));
    }
}
