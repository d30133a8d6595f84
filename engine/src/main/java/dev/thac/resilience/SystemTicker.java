package dev.thac.resilience;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.Condition;

/** Real time. */
enum SystemTicker implements Ticker {
    INSTANCE;

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public Instant now() {
        return Instant.now();
    }

    @Override
    public void sleep(Duration wait) throws InterruptedException {
        if (wait.isPositive()) {
            Thread.sleep(wait);
        }
    }

    @Override
    @SuppressWarnings("WaitNotInLoop") // the caller loops: early returns are part of the contract
    public void await(Condition condition, long nanos) throws InterruptedException {
        long _ = condition.awaitNanos(nanos);
    }
}
