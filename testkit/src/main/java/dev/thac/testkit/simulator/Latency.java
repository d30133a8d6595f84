package dev.thac.testkit.simulator;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How long a call takes from the arrival of the request to the answer. */
public sealed interface Latency {

    /** Always the same. */
    record Fixed(Duration duration) implements Latency {}

    /**
     * Log-normal: a median and the standard deviation of the logarithm.
     *
     * @param sigma 0 is fixed; 0.6 makes the mean 1.2 times the median
     */
    record Lognormal(Duration median, double sigma) implements Latency {}

    /** Any duration between the two alike. */
    record Uniform(Duration from, Duration to) implements Latency {}

    /**
     * Reads {@code 42ms}, {@code lognormal:3s,0.6} or {@code uniform:10ms,80ms}.
     *
     * @throws IllegalArgumentException saying what is expected
     */
    static Latency parse(String text) {
        String[] parts = text.trim().split("[:,]", -1);
        if (parts.length == 1) {
            return new Fixed(duration(parts[0]));
        }
        if (parts.length == 3) {
            switch (parts[0].trim().toLowerCase(Locale.ROOT)) {
                case "lognormal" -> {
                    return new Lognormal(duration(parts[1]), Double.parseDouble(parts[2].trim()));
                }
                case "uniform" -> {
                    return new Uniform(duration(parts[1]), duration(parts[2]));
                }
                default -> {
                    // said below
                }
            }
        }
        throw new IllegalArgumentException(
                "latency must look like 42ms, lognormal:3s,0.6 or uniform:10ms,80ms, not " + text);
    }

    /**
     * The duration for two independent numbers from 0 (inclusive) to 1 (exclusive).
     *
     * @param first a uniform random number
     * @param second another one
     */
    default Duration sample(double first, double second) {
        return switch (this) {
            case Fixed fixed -> fixed.duration();
            case Uniform uniform ->
                    uniform.from()
                            .plusNanos(
                                    (long) (uniform.to().minus(uniform.from()).toNanos() * first));
            case Lognormal lognormal -> {
                // Box and Muller's method
                double normal =
                        Math.sqrt(-2 * Math.log(1 - first)) * Math.cos(2 * Math.PI * second);
                yield Duration.ofNanos(
                        (long)
                                (lognormal.median().toNanos()
                                        * Math.exp(lognormal.sigma() * normal)));
            }
        };
    }

    /**
     * Reads {@code 500ms}, {@code 5s}, {@code 1.5s}, {@code 2m}, {@code 1h} or {@code 0}.
     *
     * @throws IllegalArgumentException saying what is expected
     */
    static Duration duration(String text) {
        Matcher matcher = Pattern.compile("(\\d+(?:\\.\\d+)?)(us|ms|s|m|h)?").matcher(text.trim());
        if (!matcher.matches() || (matcher.group(2) == null && !text.trim().equals("0"))) {
            throw new IllegalArgumentException(
                    "a duration must look like 500ms, 5s, 2m or 1h, not " + text);
        }
        String unit = matcher.group(2) == null ? "s" : matcher.group(2);
        double nanos =
                switch (unit) {
                    case "us" -> 1e3;
                    case "ms" -> 1e6;
                    case "m" -> 60e9;
                    case "h" -> 3600e9;
                    default -> 1e9;
                };
        return Duration.ofNanos(Math.round(Double.parseDouble(matcher.group(1)) * nanos));
    }
}
