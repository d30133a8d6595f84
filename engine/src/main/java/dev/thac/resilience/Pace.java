package dev.thac.resilience;

/**
 * Spreads the starts of calls, so that those in flight do not all set out at the same moment: at
 * most a third more start in any short time than can be under way in the time an answer takes.
 * Steady traffic hardly waits for it, and callers that were answered together drift apart. What it
 * is good for is the moment at which the other side begins to refuse: only the calls that set out
 * before the first refusal came back are refused. (The idea is TCP pacing, as in RFC 9002, section
 * 7.7.) Thread-safe.
 */
public final class Pace {

    private static final double HEADROOM = 1.3;

    /** While no answer has told how long one takes: so many at once, and then so many a second. */
    private static final double FIRST = 32;

    private static final double FIRST_PER_SECOND = 250;

    /** Timers are late: what they miss may be caught up with. */
    private static final double BURST_SECONDS = 0.002;

    private static final double LEAST_BURST = 2;

    private static final double SMOOTHING = 1.0 / 32;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double SHORTEST = 1e-5;

    /** Refusals are back sooner than this; slower answers need no wider spread. */
    private static final double LONGEST = 4;

    private final TokenBucket starts;

    /** Guarded by this. */
    private double seconds;

    /**
     * Nothing is known yet.
     *
     * @param ticker the time
     */
    public Pace(Ticker ticker) {
        this.starts = new TokenBucket(FIRST_PER_SECOND, FIRST, ticker);
    }

    /**
     * Waits until a call may start.
     *
     * @throws InterruptedException when the thread is interrupted
     */
    public void acquire() throws InterruptedException {
        starts.acquire(1);
    }

    /** Forgets what it has learned, as after a long pause. */
    public synchronized void restart() {
        seconds = 0;
        starts.change(FIRST_PER_SECOND, FIRST);
    }

    /**
     * Learns from an answer.
     *
     * @param nanos how long it took
     * @param concurrency how many calls may be in flight
     */
    public synchronized void answered(long nanos, int concurrency) {
        double took = Math.clamp(nanos / NANOS_PER_SECOND, SHORTEST, LONGEST);
        seconds = seconds == 0 ? took : seconds + (took - seconds) * SMOOTHING;
        double perSecond = HEADROOM * concurrency / seconds;
        starts.change(perSecond, Math.max(LEAST_BURST, perSecond * BURST_SECONDS));
    }
}
