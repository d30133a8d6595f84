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

    private final Ticker ticker;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Condition> queue = new ArrayDeque<>();

    /** All below: guarded by the lock. */
    private double capacity;

    private double declaredPerNano;
    private double tokens;
    private double perNano;
    private long refilled;

    /**
     * A full bucket.
     *
     * @param perSecond refill, more than 0
     * @param capacity how many may be taken at once when it is full, more than 0
     * @param ticker the time
     */
    public TokenBucket(double perSecond, double capacity, Ticker ticker) {
        if (!(perSecond > 0) || !(capacity > 0)) {
            throw new IllegalArgumentException(
                    "rate and capacity must be more than 0, not " + perSecond + ", " + capacity);
        }
        this.capacity = capacity;
        this.declaredPerNano = perSecond / NANOS_PER_SECOND;
        this.ticker = ticker;
        this.tokens = capacity;
        this.perNano = declaredPerNano;
        this.refilled = ticker.nanos();
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
     * Believes the other side where it is stricter than we are: its balance always, its refill only
     * while it has less left than may be taken here at once. (Above that the rounding of its reset
     * time makes the refill meaningless, and its balance is what counts.)
     *
     * @param limit how many it allows
     * @param remaining how many it says are left
     * @param untilFull when it says the limit is full again
     */
    public void correct(double limit, double remaining, Duration untilFull) {
        lock.lock();
        try {
            refill();
            tokens = Math.min(tokens, remaining);
            perNano =
                    remaining < capacity && remaining < limit && untilFull.isPositive()
                            ? Math.min(declaredPerNano, (limit - remaining) / untilFull.toNanos())
                            : declaredPerNano;
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
        lock.lock();
        try {
            refill();
            capacity = most;
            declaredPerNano = perSecond / NANOS_PER_SECOND;
            perNano = declaredPerNano;
            tokens = Math.min(capacity, tokens);
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
                double missing = Math.min(amount, capacity) - tokens;
                ticker.await(turn, Math.min(NO_TIMER, (long) Math.ceil(missing / perNano)));
            } else {
                ticker.await(turn, NO_TIMER);
            }
            refill();
        }
    }

    private boolean enough(double amount) {
        return tokens >= Math.min(amount, capacity);
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
    }
}
