package dev.thac.resilience;

import java.time.Duration;

/** A moment after which something is too late. Immutable. */
public final class Deadline {

    private final Ticker ticker;
    private final long nanos;

    private Deadline(Ticker ticker, long nanos) {
        this.ticker = ticker;
        this.nanos = nanos;
    }

    /**
     * The moment after a time to live.
     *
     * @param timeToLive from now
     * @param ticker the time
     * @return the deadline
     */
    public static Deadline after(Duration timeToLive, Ticker ticker) {
        return new Deadline(ticker, ticker.nanos() + timeToLive.toNanos());
    }

    /**
     * What is left.
     *
     * @return the time until the deadline; zero when it has passed
     */
    public Duration remaining() {
        return Duration.ofNanos(Math.max(0, nanos - ticker.nanos()));
    }

    /**
     * Whether it has passed.
     *
     * @return true from the moment itself on
     */
    public boolean expired() {
        return ticker.nanos() - nanos >= 0;
    }
}
