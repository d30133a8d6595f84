package dev.thac.plan;

import java.util.List;

/**
 * How long a call takes: to the first token, then so many tokens a second; single calls scatter
 * around that like a lognormal variable.
 *
 * @param firstToken seconds to the first token
 * @param tokensPerSecond output tokens a second, thinking included
 * @param sigma spread of the logarithm
 */
public record CallTime(double firstToken, double tokensPerSecond, double sigma) {

    /** What current models take: 0.6 s to the first token, then 70 tokens a second. */
    public static final CallTime USUAL = new CallTime(0.6, 70, 0.35);

    /**
     * The median.
     *
     * @param outputTokens output tokens of the call
     * @return seconds
     */
    double median(double outputTokens) {
        return firstToken + outputTokens / tokensPerSecond;
    }

    /**
     * The mean.
     *
     * @param outputTokens output tokens of the call
     * @return seconds
     */
    double mean(double outputTokens) {
        return median(outputTokens) * Math.exp(sigma * sigma / 2);
    }

    /** What calls took; where their sizes do not tell the two parts apart, all is the first. */
    static CallTime through(List<Calibration.Call> calls) {
        double[] tokens =
                calls.stream().mapToDouble(each -> each.output() + each.thinking()).toArray();
        double[] seconds = calls.stream().mapToDouble(Calibration.Call::seconds).toArray();
        CallTime time =
                Line.through(tokens, seconds)
                        .filter(line -> line.slope() > 0)
                        .map(line -> new CallTime(line.at0(), 1 / line.slope(), 0))
                        .orElseGet(
                                () ->
                                        new CallTime(
                                                Line.mean(seconds), Double.POSITIVE_INFINITY, 0));
        double squares = 0;
        for (int i = 0; i < seconds.length; i++) {
            double off =
                    Math.log(Math.max(1e-6, seconds[i]) / Math.max(1e-6, time.median(tokens[i])));
            squares += off * off;
        }
        return new CallTime(
                time.firstToken(),
                time.tokensPerSecond(),
                Math.sqrt(squares / Math.max(1, seconds.length)));
    }
}
