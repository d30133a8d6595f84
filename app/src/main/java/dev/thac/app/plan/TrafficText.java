package dev.thac.app.plan;

import dev.thac.app.terminal.Terminal;
import dev.thac.app.terminal.UserError;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads rates and daily profiles as they are written on the command line. */
public final class TrafficText {

    private static final Pattern RATE =
            Pattern.compile("([0-9]+(?:\\.[0-9]+)?)\\s*([kKmM]?)\\s*/\\s*([a-z]+)");
    private static final int HOURS = 24;
    private static final double SECONDS_PER_DAY = 86_400;

    private TrafficText() {}

    /**
     * Reads a rate.
     *
     * @param text for example {@code 10k/day}, {@code 120/s}, {@code 1.5M/month}
     * @param monthDays days of a month
     * @return events a day
     * @throws UserError when it is none
     */
    public static double perDay(String text, double monthDays) {
        Matcher matcher = RATE.matcher(text.strip());
        if (!matcher.matches()) {
            throw wrong(text);
        }
        double number = Double.parseDouble(matcher.group(1));
        double factor =
                switch (matcher.group(2).toLowerCase(Locale.ROOT)) {
                    case "k" -> 1e3;
                    case "m" -> 1e6;
                    default -> 1;
                };
        double perDay =
                switch (matcher.group(3)) {
                    case "s", "second" -> SECONDS_PER_DAY;
                    case "min", "minute" -> SECONDS_PER_DAY / 60;
                    case "h", "hour" -> HOURS;
                    case "d", "day" -> 1;
                    case "month" -> 1 / monthDays;
                    default -> throw wrong(text);
                };
        return number * factor * perDay;
    }

    private static UserError wrong(String text) {
        return UserError.usage(
                "\"" + text + "\" is no rate", "write for example  --rate 10k/day  or  120/s");
    }

    /**
     * Reads a daily profile.
     *
     * @param terminal what relative paths start from
     * @param text {@code flat}, 24 numbers with commas between, or a file with 24 numbers
     * @return 24 weights
     * @throws UserError when it is none
     * @throws IOException when the file cannot be read
     */
    public static List<Double> profile(Terminal terminal, String text) throws IOException {
        if (text.equals("flat")) {
            return Collections.nCopies(HOURS, 1.0);
        }
        Path file = terminal.resolve(text);
        String numbers = Files.isRegularFile(file) ? Files.readString(file) : text;
        List<Double> weights = new ArrayList<>();
        for (String each : numbers.strip().split("[\\s,;]+", -1)) {
            try {
                weights.add(Double.parseDouble(each));
            } catch (NumberFormatException e) {
                throw new UserError(
                        dev.thac.app.terminal.ExitCode.USAGE,
                        "\"" + text + "\" is no daily profile: \"" + each + "\" is no number",
                        "flat, a file, or 24 numbers with commas between, from hour 0 on",
                        e);
            }
        }
        if (weights.size() != HOURS) {
            throw UserError.usage(
                    "a daily profile has 24 numbers, this one has " + weights.size(),
                    "one for each hour of the day, from hour 0 on");
        }
        return weights;
    }
}
