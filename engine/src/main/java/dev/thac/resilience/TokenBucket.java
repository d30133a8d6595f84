package dev.thac.resilience;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A rate limit that refills continuously. Takes more than the bucket holds by going into debt once
 * it is full, so that no request is too large to pass. First come, first served: only the thread
 * whose turn it is holds a timer. Thread-safe.
 */
public final class TokenBucket {

    private static final double NANOS_PER_SECOND = 1e9;
    private static final long NO_TIMER = Long.MAX_VALUE / 4;

    /** While the rate rises by itself, whoever waits first looks so often. */
    private static final long LOOK_AGAIN = 20_000_000L;

    /** Whom the other side leaves nothing asks at least at so much of its rate. */
    private static final double LEAST = 0.05;

    /** What may be taken, where that changes with time. Its methods must be quick. */
    public interface Allowance {

        /**
         * The refill.
         *
         * @return tokens per second, 0 or more
         */
        double perSecond();

        /**
         * How many may be taken at once when the bucket is full.
         *
         * @return tokens; 0: none at all
         */
        double most();

        /**
         * Whether it rises without a word.
         *
         * @return true when whoever waits must look again soon
         */
        boolean rising();
    }

    private record Fixed(double perSecond, double most) implements Allowance {

        Fixed {
            if (!(perSecond > 0) || !(most > 0)) {
                throw new IllegalArgumentException(
                        "rate and capacity must be more than 0, not " + perSecond + ", " + most);
            }
        }

        @Override
        public boolean rising() {
            return false;
        }
    }

    private final Ticker ticker;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Condition> queue = new ArrayDeque<>();

    /** All below: guarded by the lock. */
    private Allowance allowance;

    private double capacity;
    private double tokens;
    private double perNano;
    private long refilled;
    private boolean fresh = true;

    /** What the other side allows, and until when that holds. */
    private double theirsPerNano;

    private long theirsUntil;

    /**
     * A full bucket.
     *
     * @param perSecond refill, more than 0
     * @param capacity how many may be taken at once when it is full, more than 0
     * @param ticker the time
     */
    public TokenBucket(double perSecond, double capacity, Ticker ticker) {
        this(new Fixed(perSecond, capacity), ticker);
    }

    /**
     * A bucket that is full as soon as anything may be taken from it.
     *
     * @param allowance what may be taken
     * @param ticker the time
     */
    public TokenBucket(Allowance allowance, Ticker ticker) {
        this.allowance = allowance;
        this.ticker = ticker;
        this.refilled = ticker.nanos();
        this.theirsUntil = refilled;
        look();
    }

    /**
     * Takes tokens, waiting for them in turn.
     *
     * @param amount how many, not negative
     * @throws InterruptedException when the thread is interrupted; nothing is taken then
     */
    public void acquire(double amount) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            refill();
            if (queue.isEmpty() && enough(amount)) {
                tokens -= amount;
                return;
            }
            Condition turn = lock.newCondition();
            queue.add(turn);
            try {
                awaitTurn(turn, amount);
                tokens -= amount;
            } finally {
                queue.remove(turn);
                wakeFirst();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes tokens without waiting, into debt if need be, or gives some back.
     *
     * @param amount how many; negative gives back
     */
    public void take(double amount) {
        lock.lock();
        try {
            refill();
            tokens = Math.min(capacity, tokens - amount);
            wakeFirst();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Believes the other side where it is stricter than we are: no more is left than it says, and
     * until it has all back no more is taken than lasts so long, though it may come back sooner.
     *
     * @param remaining how many it says are left
     * @param untilFull when it says nothing is missing again
     */
    public void correct(double remaining, Duration untilFull) {
        lock.lock();
        try {
            refill();
            tokens = Math.min(tokens, remaining);
            theirsUntil = refilled + Math.max(0, untilFull.toNanos());
            theirsPerNano = remaining / Math.max(1, untilFull.toNanos());
            look();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Another rate from now on; whoever waits first looks again.
     *
     * @param perSecond refill, more than 0
     * @param most how many may be taken at once when it is full, more than 0
     */
    public void change(double perSecond, double most) {
        Allowance other = new Fixed(perSecond, most);
        lock.lock();
        try {
            refill();
            allowance = other;
            look();
            wakeFirst();
        } finally {
            lock.unlock();
        }
    }

    /** The allowance has changed: whoever waits first looks again. */
    public void changed() {
        lock.lock();
        try {
            refill();
            wakeFirst();
        } finally {
            lock.unlock();
        }
    }

    /**
     * What could be taken now.
     *
     * @return tokens; negative while in debt
     */
    public double available() {
        lock.lock();
        try {
            refill();
            return tokens;
        } finally {
            lock.unlock();
        }
    }

    private void awaitTurn(Condition turn, double amount) throws InterruptedException {
        while (!turn.equals(queue.peek()) || !enough(amount)) {
            if (turn.equals(queue.peek())) {
                ticker.await(turn, untilThere(amount));
            } else {
                ticker.await(turn, NO_TIMER);
            }
            refill();
        }
    }

    private long untilThere(double amount) {
        long longest = allowance.rising() ? LOOK_AGAIN : NO_TIMER;
        double missing = Math.min(amount, capacity) - tokens;
        return perNano > 0 && capacity > 0
                ? Math.min(longest, (long) Math.ceil(missing / perNano))
                : longest;
    }

    private boolean enough(double amount) {
        return capacity > 0 && tokens >= Math.min(amount, capacity);
    }

    private void wakeFirst() {
        Condition first = queue.peek();
        if (first != null) {
            first.signal();
        }
    }

    private void refill() {
        long now = ticker.nanos();
        tokens = Math.min(capacity, tokens + (now - refilled) * perNano);
        refilled = now;
        look();
    }

    private void look() {
        capacity = allowance.most();
        if (fresh && capacity > 0) {
            fresh = false;
            tokens = capacity;
        }
        tokens = Math.min(capacity, tokens);
        perNano = allowance.perSecond() / NANOS_PER_SECOND;
        if (theirsUntil - refilled > 0) {
            perNano = Math.min(perNano, Math.max(theirsPerNano, LEAST * perNano));
        }
    }
}
