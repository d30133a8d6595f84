package dev.thac.plan;

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
}
