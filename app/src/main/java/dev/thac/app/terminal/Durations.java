package dev.thac.app.terminal;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations on the command line, written as in pipeline files. */
public final class Durations {

    private static final Pattern FORM = Pattern.compile("(\\d+)(ms|s|m|h)");

    private Durations() {}

    /**
     * Reads {@code 500ms}, {@code 60s}, {@code 5m} or {@code 1h}.
     *
     * @param option whose value it is, for the message
     * @param text as the user wrote it
     * @return the duration
     * @throws UserError when it is none
     */
    public static Duration parse(String option, String text) {
        Matcher matcher = FORM.matcher(text.strip());
        if (!matcher.matches()) {
            throw UserError.usage(
                    option + " cannot be \"" + text + "\"", "write it like 500ms, 60s, 5m or 1h");
        }
        long number = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            default -> Duration.ofHours(number);
        };
    }
}
