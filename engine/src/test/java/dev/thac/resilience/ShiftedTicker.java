package dev.thac.resilience;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.Condition;

/** The machine's time on a wall clock that is wrong, and that can be set while it runs. */
public final class ShiftedTicker implements Ticker {

    private volatile Duration shift;

    /**
     * A wrong clock.
     *
     * @param shift how far it is ahead; negative: behind
     */
    public ShiftedTicker(Duration shift) {
        this.shift = shift;
    }

    /** Sets the wall clock, as NTP or a person does. */
    public void set(Duration newShift) {
        shift = newShift;
    }

    @Override
    public long nanos() {
        return Ticker.system().nanos();
    }

    @Override
    public Instant now() {
        return Ticker.system().now().plus(shift);
    }

    @Override
    public void sleep(Duration wait) throws InterruptedException {
        Ticker.system().sleep(wait);
    }

    @Override
    public void await(Condition condition, long nanos) throws InterruptedException {
        Ticker.system().await(condition, nanos);
    }
}
