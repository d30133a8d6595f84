package dev.thac.kafka;

import dev.thac.event.ErrorCode;
import dev.thac.event.ThacException;

import java.time.Instant;
import java.time.format.DateTimeParseException;

/** Where a group begins that has no commit. */
public sealed interface StartPosition {

    /** At the oldest record. */
    record Earliest() implements StartPosition {}

    /** After the newest record. */
    record Latest() implements StartPosition {}

    /**
     * At the first record of that time or later.
     *
     * @param time the record timestamp
     */
    record At(Instant time) implements StartPosition {}

    /**
     * Reads the {@code start} key.
     *
     * @param text {@code earliest}, {@code latest} or an instant such as {@code
     *     2026-11-01T00:00:00Z}
     * @return the position
     * @throws ThacException BAD_SPEC for anything else
     */
    static StartPosition parse(String text) {
        return switch (text) {
            case "earliest" -> new Earliest();
            case "latest" -> new Latest();
            default -> {
                try {
                    yield new At(Instant.parse(text));
                } catch (DateTimeParseException e) {
                    throw new ThacException(
                            ErrorCode.BAD_SPEC,
                            "start: "
                                    + text
                                    + " is neither earliest, latest nor an instant such as"
                                    + " 2026-11-01T00:00:00Z",
                            e);
                }
            }
        };
    }
}
