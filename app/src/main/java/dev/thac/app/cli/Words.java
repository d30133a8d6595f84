package dev.thac.app.cli;

import java.time.Duration;
import java.util.Locale;

/** Figures and counts in words. */
final class Words {

    private Words() {}

    /** One {@code problem}, two {@code problems}. */
    static String count(long number, String noun) {
        return grouped(number) + " " + noun + (number == 1 ? "" : "s");
    }

    /** A number with separators between thousands. */
    static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** A duration for people: {@code 340 ms}, {@code 2.1 s}, {@code 3 min 5 s}. */
    static String duration(Duration duration) {
        if (duration.compareTo(Duration.ofSeconds(1)) < 0) {
            return duration.toMillis() + " ms";
        }
        if (duration.compareTo(Duration.ofMinutes(1)) < 0) {
            return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
        }
        return duration.toMinutes() + " min " + duration.toSecondsPart() + " s";
    }
}
