package dev.thac.resilience;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Time that stands still until a test moves it. Thread-safe. */
public final class ManualTicker implements Ticker {

    private static final Instant START = Instant.parse("2026-11-01T00:00:00Z");

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private final boolean sleepersMoveTime;
    private long nanos;
    private int waiting;

    /** Time that only {@link #advance} moves. */
    public ManualTicker() {
        this(false);
    }

    private ManualTicker(boolean sleepersMoveTime) {
        this.sleepersMoveTime = sleepersMoveTime;
    }

    /** Time that jumps ahead whenever a thread sleeps. */
    public static ManualTicker jumping() {
        return new ManualTicker(true);
    }

    /** Moves time. */
    public void advance(Duration by) {
        lock.lock();
        try {
            nanos += by.toNanos();
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** How many threads wait for time to pass. */
    public int waiting() {
        lock.lock();
        try {
            return waiting;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long nanos() {
        lock.lock();
        try {
            return nanos;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Instant now() {
        return START.plusNanos(nanos());
    }

    @Override
    public void sleep(Duration wait) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long until = nanos + wait.toNanos();
            if (sleepersMoveTime) {
                nanos = Math.max(nanos, until);
                moved.signalAll();
            }
            waiting++;
            try {
                while (nanos < until) {
                    moved.await();
                }
            } finally {
                waiting--;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Looks again every millisecond of real time, because another's condition cannot be told. */
    @Override
    public void await(Condition condition, long wait) throws InterruptedException {
        count(1);
        try {
            condition.await(1, TimeUnit.MILLISECONDS);
        } finally {
            count(-1);
        }
    }

    private void count(int more) {
        lock.lock();
        try {
            waiting += more;
        } finally {
            lock.unlock();
        }
    }
}
