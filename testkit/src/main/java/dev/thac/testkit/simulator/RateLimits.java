package dev.thac.testkit.simulator;

/**
 * The account's limits; 0 means no limit. Minutes are token buckets that hold one minute's worth
 * and refill continuously.
 *
 * @param requestsPerMinute calls
 * @param inputTokensPerMinute tokens in
 * @param outputTokensPerMinute tokens out, thinking included
 * @param concurrency calls at the same time
 */
public record RateLimits(
        long requestsPerMinute,
        long inputTokensPerMinute,
        long outputTokensPerMinute,
        int concurrency) {

    /** No limits. */
    public static final RateLimits NONE = new RateLimits(0, 0, 0, 0);

    /** Refuses negative limits. */
    public RateLimits {
        if (requestsPerMinute < 0
                || inputTokensPerMinute < 0
                || outputTokensPerMinute < 0
                || concurrency < 0) {
            throw new IllegalArgumentException("a rate limit is negative; 0 means no limit");
        }
    }

    /** The same with another number of calls per minute. */
    public RateLimits withRequestsPerMinute(long limit) {
        return new RateLimits(limit, inputTokensPerMinute, outputTokensPerMinute, concurrency);
    }

    /** The same with another number of input tokens per minute. */
    public RateLimits withInputTokensPerMinute(long limit) {
        return new RateLimits(requestsPerMinute, limit, outputTokensPerMinute, concurrency);
    }

    /** The same with another number of output tokens per minute. */
    public RateLimits withOutputTokensPerMinute(long limit) {
        return new RateLimits(requestsPerMinute, inputTokensPerMinute, limit, concurrency);
    }

    /** The same with another number of calls at the same time. */
    public RateLimits withConcurrency(int limit) {
        return new RateLimits(
                requestsPerMinute, inputTokensPerMinute, outputTokensPerMinute, limit);
    }
}
