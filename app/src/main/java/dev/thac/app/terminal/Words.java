package dev.thac.app.terminal;

import java.time.Duration;
import java.util.Locale;

/** Figures and counts in words. */
public final class Words {

    private Words() {}

    /**
     * A number and what is counted: {@code 1 problem}, {@code 2 problems}.
     *
     * @param number how many
     * @param noun in the singular; an s makes the plural
     * @return both
     */
    public static String count(long number, String noun) {
        return grouped(number) + " " + noun + (number == 1 ? "" : "s");
    }

    /**
     * A number with commas between thousands.
     *
     * @param number any
     * @return for example {@code 1,204}
     */
    public static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /**
     * A duration for people.
     *
     * @param duration any
     * @return {@code 340 ms}, {@code 2.1 s} or {@code 3 min 5 s}
     */
    public static String duration(Duration duration) {
        if (duration.compareTo(Duration.ofSeconds(1)) < 0) {
            return duration.toMillis() + " ms";
        }
        if (duration.compareTo(Duration.ofMinutes(1)) < 0) {
            return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
        }
        return duration.toMinutes() + " min " + duration.toSecondsPart() + " s";
    }
}
