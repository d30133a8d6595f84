package dev.thac.bench;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long the simulator takes for a call.
 *
 * @param text as given: {@code 42ms} or {@code lognormal:3s,0.6}
 * @param medianSeconds half of the calls take at most so long
 * @param sigma of the logarithm; 0 where every call takes the same
 */
record Latency(String text, double medianSeconds, double sigma) {

    private static final Pattern FORM =
            Pattern.compile("(?:lognormal:)?([0-9.]+)(ms|s)(?:,([0-9.]+))?");

    /**
     * Reads the option's value.
     *
     * @throws Options.UsageException when it has another form
     */
    static Latency parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches() || text.startsWith("lognormal") != (form.group(3) != null)) {
            throw new Options.UsageException("--latency is 42ms or lognormal:3s,0.6, not " + text);
        }
        double median = Double.parseDouble(form.group(1)) / (form.group(2).equals("ms") ? 1e3 : 1);
        double sigma = form.group(3) == null ? 0 : Double.parseDouble(form.group(3));
        return new Latency(text, median, sigma);
    }

    /** The mean of the distribution, seconds. */
    double meanSeconds() {
        return medianSeconds * Math.exp(sigma * sigma / 2);
    }
}
