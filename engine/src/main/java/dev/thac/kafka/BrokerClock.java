package dev.thac.kafka;

import dev.thac.resilience.Ticker;

import java.time.Duration;

/**
 * What the brokers' clock shows at least. A record of a retry topic is stamped by the broker, so
 * whether its delay is over must be asked of the broker's clock too: one of ours that is ahead
 * would let it in early.
 *
 * <p>No request tells a broker's time, but every time stamp it gives proves that its clock has
 * shown it. From then on that clock has gone on as ours does, which is why the monotonic clock
 * carries a proof forward and a step of our wall clock changes nothing. The best of the proofs is
 * behind the truth by no more than the quickest of the acknowledgements took. Only the proofs of
 * the last minutes are kept, because clocks drift.
 *
 * <p>Until a lane has had its first record acknowledged by a retry topic, nothing close to the
 * truth may be proven, and our wall clock is believed. What remains: records that were waiting when
 * the process started can be read too early by as much as its clock is ahead of the brokers', up to
 * that first acknowledgement; and brokers whose clocks differ are taken for one.
 *
 * <p>Thread-safe: acknowledgements come on the producer's thread.
 */
final class BrokerClock {

    /** Proofs are kept for one to two of these. */
    private static final long WINDOW = Duration.ofMinutes(5).toNanos();

    private static final long NONE = Long.MIN_VALUE;
    private static final long NANOS = 1_000_000;

    private final Ticker ticker;
    private final Object lock = new Object();

    /** Milliseconds by which the broker's clock is ahead of our monotonic one, at least. */
    private long best = NONE;

    private long bestBefore = NONE;
    private long windowBegan;
    private boolean acknowledged;

    BrokerClock(Ticker ticker) {
        this.ticker = ticker;
    }

    /** A record that was just sent has got this time stamp. */
    void acknowledged(long timestamp) {
        synchronized (lock) {
            acknowledged = true;
            shown(timestamp);
        }
    }

    /** A record that was just read has this time stamp of the broker. */
    void read(long timestamp) {
        synchronized (lock) {
            shown(timestamp);
        }
    }

    /** What the broker's clock shows at least, milliseconds since the epoch. */
    long millis() {
        synchronized (lock) {
            long proven = Math.max(best, bestBefore);
            long shown = proven == NONE ? NONE : proven + Math.floorDiv(ticker.nanos(), NANOS);
            return acknowledged ? shown : Math.max(shown, ticker.now().toEpochMilli());
        }
    }

    private void shown(long timestamp) {
        long nanos = ticker.nanos();
        long proof = timestamp - Math.ceilDiv(nanos, NANOS);
        if (best != NONE && nanos - windowBegan > WINDOW) {
            bestBefore = best;
            best = NONE;
        }
        if (best == NONE) {
            windowBegan = nanos;
        }
        best = Math.max(best, proof);
    }
}
