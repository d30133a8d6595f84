package dev.thac.resilience;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How many calls may be in flight: starts at the declared number, shrinks by a third when the other
 * side is congested, and grows back. Growth is as in TCP Reno (RFC 5681): by one per success up to
 * a threshold (doubling per round trip), from there by a twentieth of the declared number per round
 * trip. One congested moment shrinks it once: results of calls that began before the last cut do
 * not cut again.
 *
 * <p>After a pause it restarts at an eighth of what it was before, and doubles back to that: what
 * made the pause says nothing about how much the other side can take, unless the pause came while
 * it was still growing back; then it doubles only to half. Since the calls of language models take
 * seconds, it does not wait longer than half a second for a round trip to double.
 *
 * <p>Callers belong to flows. Within a flow it is first come, first served; flows that compete get
 * places in proportion to their weights (start-time fair queueing, Goyal, Vin and Cheng 1996); one
 * that asks for less leaves the rest to the others. Thread-safe.
 */
public final class ConcurrencyLimit {

    private static final double CUT = 0.7;
    private static final double GROWTH_PER_ROUND_TRIP = 0.05;
    private static final int RESTART_SHARE = 8;
    private static final long LONGEST_DOUBLING = 500_000_000L;

    /** A cut so shortly before a pause was the pause's beginning. */
    private static final long SAME_TROUBLE = 1_000_000_000L;

    private static final long NO_TIMER = Long.MAX_VALUE / 4;

    private final Ticker ticker;
    private final ReentrantLock lock = new ReentrantLock();
    private final Queue<Waiter> waiters =
            new PriorityQueue<>(
                    Comparator.<Waiter>comparingDouble(waiter -> waiter.starts)
                            .thenComparingLong(waiter -> waiter.number));
    private final Flow only = new Flow();

    /** All below: guarded by the lock. */
    private int declared;

    /** The virtual time: at which the last admitted caller's place begins. */
    private double served;

    private long numbers;

    /** Whether nobody has asked for a place yet: then there is nothing to grow from. */
    private boolean untouched = true;

    private double limit;

    private double threshold;
    private int inFlight;
    private long lastCut;
    private boolean cut;

    /** What the limit was before the last cut; 0 when it was restarted since. */
    private double beforeCut;

    private boolean cutWhileRegrowing;

    /** Whether nothing was answered since the last restart. */
    private boolean restarted;

    /** Whether no call was asked for since the last restart. */
    private boolean paused;

    private long lastDoubling;

    /** Callers that count as one when places are short. */
    public static final class Flow {

        private volatile double weight = 1;

        /** Virtual time at which its next place begins; guarded by the limit's lock. */
        private double next;

        /**
         * Another weight.
         *
         * @param other more than 0; as new, it is 1
         */
        public void weight(double other) {
            if (!(other > 0)) {
                throw new IllegalArgumentException("a weight is more than 0, not " + other);
            }
            weight = other;
        }
    }

    private static final class Waiter {
        private final Condition turn;
        private final double starts;
        private final long number;
        private boolean admitted;

        Waiter(Condition turn, double starts, long number) {
            this.turn = turn;
            this.starts = starts;
            this.number = number;
        }
    }

    /**
     * A limit.
     *
     * @param declared the most calls in flight, at least 1
     * @param ticker the time
     */
    public ConcurrencyLimit(int declared, Ticker ticker) {
        if (declared < 1) {
            throw new IllegalArgumentException("concurrency must be at least 1, not " + declared);
        }
        this.declared = declared;
        this.ticker = ticker;
        this.limit = declared;
        this.threshold = declared;
    }

    /**
     * Takes a place, waiting for it in turn; all such callers are one flow.
     *
     * @throws InterruptedException when the thread is interrupted; it then holds no place
     */
    public void acquire() throws InterruptedException {
        acquire(only);
    }

    /**
     * Takes a place, waiting for it in turn.
     *
     * @param flow what the caller belongs to; a flow knows one limit only
     * @throws InterruptedException when the thread is interrupted; it then holds no place
     */
    public void acquire(Flow flow) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            untouched = false;
            regrow();
            double starts = Math.max(served, flow.next);
            flow.next = starts + 1 / flow.weight;
            if (waiters.isEmpty() && inFlight < places()) {
                inFlight++;
                served = Math.max(served, starts);
                return;
            }
            Waiter waiter = new Waiter(lock.newCondition(), starts, numbers++);
            waiters.add(waiter);
            try {
                while (!waiter.admitted) {
                    long wait = untilGrown(waiter);
                    ticker.await(waiter.turn, wait);
                    if (wait < NO_TIMER && !waiter.admitted) {
                        regrow();
                        admit();
                    }
                }
            } catch (InterruptedException e) {
                giveUp(waiter);
                throw e;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Takes a place at once, beyond the limit if need be: for a probe. */
    public void force() {
        lock.lock();
        try {
            inFlight++;
        } finally {
            lock.unlock();
        }
    }

    /** Gives a place back; says nothing about the other side. */
    public void release() {
        lock.lock();
        try {
            inFlight--;
            admit();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Gives a place back after an answer. One that was on its way already when the limit was cut or
     * restarted says nothing about how it is now.
     *
     * @param startedNanos when the call began, in the ticker's nanoseconds
     */
    public void succeeded(long startedNanos) {
        lock.lock();
        try {
            inFlight--;
            if (!cut || startedNanos - lastCut >= 0) {
                restarted = false;
                double growth = limit < threshold ? 1 : GROWTH_PER_ROUND_TRIP * declared / limit;
                limit = Math.min(declared, limit + growth);
                regrow();
            }
            admit();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Gives a place back after the other side said that it is congested.
     *
     * @param startedNanos when the call began, in the ticker's nanoseconds
     */
    public void congested(long startedNanos) {
        lock.lock();
        try {
            inFlight--;
            if (!cut || startedNanos - lastCut >= 0) {
                beforeCut = limit;
                cutWhileRegrowing = limit < threshold;
                limit = Math.max(1, limit * CUT);
                threshold = limit;
                lastCut = ticker.nanos();
                cut = true;
            }
            admit();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Starts small after a pause, to double back to what it was: so that those who waited do not
     * all come at once. Calls without an answer between them count as one.
     */
    public void restart() {
        lock.lock();
        try {
            long now = ticker.nanos();
            if (!restarted) {
                boolean justCut = beforeCut > 0 && now - lastCut < SAME_TROUBLE;
                double before = justCut ? beforeCut : limit;
                boolean regrowing = justCut ? cutWhileRegrowing : limit < threshold;
                threshold = Math.max(1, regrowing ? before / 2 : before);
                restarted = true;
            }
            limit = Math.max(1, threshold / RESTART_SHARE);
            lastCut = now;
            cut = true;
            beforeCut = 0;
            paused = true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Another declared number from now on: a smaller one holds at once, a larger one is grown to,
     * unless nobody has asked for a place yet.
     *
     * @param places the most calls in flight, at least 1
     */
    public void declare(int places) {
        if (places < 1) {
            throw new IllegalArgumentException("concurrency must be at least 1, not " + places);
        }
        lock.lock();
        try {
            if (places == declared) {
                return;
            }
            boolean unhindered = threshold >= declared;
            if (places > declared) {
                lastDoubling = ticker.nanos();
            }
            declared = places;
            limit = untouched ? declared : Math.min(limit, declared);
            threshold = unhindered ? declared : Math.min(threshold, declared);
            admit();
        } finally {
            lock.unlock();
        }
    }

    /**
     * The limit as it stands.
     *
     * @return calls, at most the declared number
     */
    public int limit() {
        lock.lock();
        try {
            return places();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Calls in flight.
     *
     * @return their number
     */
    public int inFlight() {
        lock.lock();
        try {
            return inFlight;
        } finally {
            lock.unlock();
        }
    }

    /** Doubles by the clock where answers are slower. */
    private void regrow() {
        if (limit >= threshold) {
            return;
        }
        long now = ticker.nanos();
        if (paused) {
            paused = false;
            lastDoubling = now;
        } else if (now - lastDoubling >= LONGEST_DOUBLING) {
            limit = Math.min(threshold, 2 * limit);
            lastDoubling = now;
        }
    }

    /** Who is next looks after the growth while nobody is answered and nobody else comes. */
    private long untilGrown(Waiter waiter) {
        if (waiters.peek() != waiter || limit >= threshold || paused) {
            return NO_TIMER;
        }
        return Math.max(1, LONGEST_DOUBLING - (ticker.nanos() - lastDoubling));
    }

    private int places() {
        return (int) limit;
    }

    private void admit() {
        while (inFlight < places() && !waiters.isEmpty()) {
            Waiter first = waiters.remove();
            first.admitted = true;
            served = Math.max(served, first.starts);
            inFlight++;
            first.turn.signal();
        }
        Waiter next = waiters.peek();
        if (next != null && limit < threshold) {
            next.turn.signal(); // it may not have been next when it began to wait
        }
    }

    private void giveUp(Waiter waiter) {
        if (waiter.admitted) {
            inFlight--;
            admit();
        } else {
            waiters.remove(waiter);
        }
    }
}
