package dev.thac.app.terminal;

import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.regex.Pattern;

/** Moments on the command line. */
public final class Times {

    private static final Pattern AGO = Pattern.compile("\\d+(ms|s|m|h)");

    private Times() {}

    /**
     * Reads {@code 2026-11-01T08:00:00Z}, {@code 2026-11-01} (its beginning in UTC), or {@code 2h}
     * for two hours ago.
     *
     * @param option whose value it is, for the message
     * @param text as the user wrote it
     * @return the moment
     * @throws UserError when it is none
     */
    public static Instant parse(String option, String text) {
        if (AGO.matcher(text.strip()).matches()) {
            return Instant.now().minus(Durations.parse(option, text));
        }
        try {
            return text.contains("T")
                    ? OffsetDateTime.parse(text.strip()).toInstant()
                    : LocalDate.parse(text.strip()).atStartOfDay(ZoneOffset.UTC).toInstant();
        } catch (DateTimeParseException e) {
            throw new UserError(
                    ExitCode.USAGE,
                    option + " cannot be \"" + text + "\"",
                    "write it like 2026-11-01T08:00:00Z, 2026-11-01, or 2h for two hours ago",
                    e);
        }
    }
}
