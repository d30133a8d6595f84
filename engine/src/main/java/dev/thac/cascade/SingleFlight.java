package dev.thac.cascade;

import dev.thac.event.CacheFill;
import dev.thac.event.Digest;
import dev.thac.resilience.Ticker;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Inputs that are being judged right now, so that an input that comes again meanwhile is not asked
 * about twice. The first event with an input leads; others may wait for its answer, but no longer
 * than the slow ones of late have taken, which is what asking themselves would cost them. Whoever
 * leads owes nothing to the others: if it fails or is late, they ask for themselves. Thread-safe.
 */
final class SingleFlight {

    /** How long to wait for another's answer before it is known how long answers take. */
    private static final long FIRST_WAIT = Duration.ofSeconds(5).toNanos();

    /** No answer counts as slower than this. */
    private static final long LONGEST = Duration.ofMinutes(1).toNanos();

    /**
     * How slowly the usual time falls. It rises at once: in a backlog every answer takes longer
     * than the one before, and whoever asks now stands behind all of them.
     */
    private static final int SMOOTHING = 8;

    private final Ticker ticker;
    private final ConcurrentHashMap<Digest, Flight> flights = new ConcurrentHashMap<>();
    private final AtomicLong usualNanos = new AtomicLong();

    /** One input that is being judged. */
    final class Flight {
        private final long startNanos = ticker.nanos();
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition landed = lock.newCondition();
        private boolean over;
        private @Nullable CacheFill answer;
    }

    SingleFlight(Ticker ticker) {
        this.ticker = ticker;
    }

    /**
     * Begins to judge an input.
     *
     * @return the flight of another event with the same input; {@code null} when there is none:
     *     then the caller leads, and must {@link #land} whatever happens
     */
    @Nullable Flight begin(Digest input) {
        return flights.putIfAbsent(input, new Flight());
    }

    /** Ends the flight of the caller, who leads it, with its answer or without one. */
    void land(Digest input, @Nullable CacheFill answer) {
        Flight flight = flights.remove(input);
        if (flight == null) {
            throw new IllegalStateException("nobody has begun to judge this input");
        }
        if (answer != null) {
            took(ticker.nanos() - flight.startNanos);
        }
        flight.lock.lock();
        try {
            flight.over = true;
            flight.answer = answer;
            flight.landed.signalAll();
        } finally {
            flight.lock.unlock();
        }
    }

    /**
     * Waits for another's answer, not longer than answers usually take.
     *
     * @return the answer; {@code null} when there is none, or not yet
     */
    @Nullable CacheFill await(Flight flight) throws InterruptedException {
        long startNanos = ticker.nanos();
        flight.lock.lockInterruptibly();
        try {
            while (!flight.over) {
                long left = startNanos + longestWait() - ticker.nanos();
                if (left <= 0) {
                    return null;
                }
                ticker.await(flight.landed, left);
            }
            return flight.answer;
        } finally {
            flight.lock.unlock();
        }
    }

    private long longestWait() {
        long usual = usualNanos.get();
        return usual == 0 ? FIRST_WAIT : usual;
    }

    /** A pause or an outage in the middle of an answer must not make the next ones seem slow. */
    private void took(long wholeNanos) {
        long nanos = Math.min(wholeNanos, LONGEST);
        usualNanos.updateAndGet(
                usual -> Math.max(Math.max(1, nanos), usual + (nanos - usual) / SMOOTHING));
    }
}
