package dev.thac.resilience;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;

/** The only source of time for mechanisms and stages, so that tests can move it. Thread-safe. */
public interface Ticker {

    /**
     * Time for measuring and deadlines; only differences mean something, and it never goes back.
     *
     * @return nanoseconds
     */
    long nanos();

    /**
     * The time of day.
     *
     * @return now
     */
    Instant now();

    /**
     * Waits.
     *
     * @param wait how long; zero or less returns at once
     * @throws InterruptedException when the thread is interrupted
     */
    void sleep(Duration wait) throws InterruptedException;

    /**
     * Waits for a signal on a condition whose lock the caller holds, at most so long. May return
     * early without a signal.
     *
     * @param condition what to wait on
     * @param nanos at most how long
     * @throws InterruptedException when the thread is interrupted
     */
    void await(Condition condition, long nanos) throws InterruptedException;

    /**
     * Waits a moment in a loop that looks again; may return early, and also when interrupted.
     *
     * @param nanos at most how long
     */
    default void park(long nanos) {
        LockSupport.parkNanos(nanos);
    }

    /**
     * The machine's clock.
     *
     * @return the one instance
     */
    static Ticker system() {
        return SystemTicker.INSTANCE;
    }
}
