package dev.thac.testkit.simulator;

import java.time.Duration;
import java.util.Optional;

/** The account's token buckets. Thread-safe; the caller brings the time, in nanoseconds. */
final class RateLimiter {

    private static final double MINUTE = 60e9;

    private final Bucket requests;
    private final Bucket input;
    private final Bucket output;

    /**
     * A bucket's state for the response headers.
     *
     * @param limit per minute
     * @param remaining now
     * @param full how long until it is full again
     */
    record Level(long limit, long remaining, Duration full) {}

    /**
     * The state of all buckets; empty where there is no limit.
     *
     * @param requests calls
     * @param input tokens in
     * @param output tokens out
     */
    record Levels(Optional<Level> requests, Optional<Level> input, Optional<Level> output) {}

    /**
     * Why a call has to wait.
     *
     * @param what the limit, as providers name it in messages
     * @param time until it would pass
     */
    record Wait(String what, Duration time) {}

    RateLimiter(RateLimits limits, long now) {
        requests = new Bucket(limits.requestsPerMinute(), now);
        input = new Bucket(limits.inputTokensPerMinute(), now);
        output = new Bucket(limits.outputTokensPerMinute(), now);
    }

    /** Takes one request and its input tokens, or says which limit forbids it. */
    synchronized Optional<Wait> admit(long inputTokens, long now) {
        Duration wait = requests.untilThere(1, now);
        if (!wait.isZero()) {
            return Optional.of(new Wait("requests", wait));
        }
        wait = input.untilThere(inputTokens, now);
        if (!wait.isZero()) {
            return Optional.of(new Wait("input tokens", wait));
        }
        wait = output.untilThere(1, now);
        if (!wait.isZero()) {
            return Optional.of(new Wait("output tokens", wait));
        }
        requests.take(1, now);
        input.take(inputTokens, now);
        return Optional.empty();
    }

    /** Takes the output tokens of a finished call; the bucket may go into debt. */
    synchronized void produced(long outputTokens, long now) {
        output.take(outputTokens, now);
    }

    /** For the response headers. */
    synchronized Levels levels(long now) {
        return new Levels(requests.level(now), input.level(now), output.level(now));
    }

    private static final class Bucket {

        private final long perMinute;
        private double tokens;
        private long at;

        Bucket(long perMinute, long now) {
            this.perMinute = perMinute;
            this.tokens = perMinute;
            this.at = now;
        }

        Duration untilThere(long wanted, long now) {
            refill(now);
            double missing = wanted - tokens;
            if (perMinute == 0 || missing <= 0) {
                return Duration.ZERO;
            }
            return Duration.ofNanos((long) Math.ceil(missing * MINUTE / perMinute));
        }

        void take(long taken, long now) {
            refill(now);
            if (perMinute > 0) {
                tokens -= taken;
            }
        }

        Optional<Level> level(long now) {
            refill(now);
            if (perMinute == 0) {
                return Optional.empty();
            }
            long nanos = (long) ((perMinute - tokens) * MINUTE / perMinute);
            return Optional.of(
                    new Level(perMinute, Math.max(0, (long) tokens), Duration.ofNanos(nanos)));
        }

        private void refill(long now) {
            tokens =
                    Math.min((double) perMinute, tokens + (now - at) * (double) perMinute / MINUTE);
            at = now;
        }
    }
}
