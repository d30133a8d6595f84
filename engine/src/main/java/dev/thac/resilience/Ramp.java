package dev.thac.resilience;

import java.time.Duration;

/**
 * A share that falls at once and rises slowly: when several processes divide something among them,
 * whoever gets less lets go before whoever gets more takes it, and nobody's rate jumps. A rise
 * begins after a delay, except from nothing: then the others have let go already. It begins with an
 * eighth of what is aimed at, and goes on by a fixed slope. Thread-safe.
 */
public final class Ramp {

    private static final double FIRST = 0.125;

    private final double perNano;
    private final long delay;
    private final Ticker ticker;

    /** All below: guarded by this. */
    private double share;

    private double granted;
    private double target;
    private long risesFrom;
    private long looked;

    /**
     * A ramp at the beginning of its rise to the whole.
     *
     * @param whole how long the rise from nothing to the whole takes, more than zero
     * @param delay how long a rise waits before it begins
     * @param ticker the time
     */
    public Ramp(Duration whole, Duration delay, Ticker ticker) {
        this.perNano = 1.0 / whole.toNanos();
        this.delay = delay.toNanos();
        this.ticker = ticker;
        this.share = FIRST;
        this.granted = 1;
        this.target = 1;
        this.looked = ticker.nanos();
        this.risesFrom = looked;
    }

    /**
     * Another share to reach.
     *
     * @param other 0 to 1
     */
    public synchronized void aim(double other) {
        if (!(other >= 0 && other <= 1)) {
            throw new IllegalArgumentException("a share is 0 to 1, not " + other);
        }
        look();
        if (granted == 0 && other > 0) {
            risesFrom = looked;
            share = FIRST * other;
            granted = other;
        } else if (other > target) {
            risesFrom = looked + delay;
        }
        target = other;
        granted = Math.min(granted, target);
        share = Math.min(share, target);
    }

    /** Begins again with an eighth of what is aimed at, as after a long pause. */
    public synchronized void restart() {
        look();
        share = Math.min(share, FIRST * target);
    }

    /**
     * The share that may be used now.
     *
     * @return 0 to 1
     */
    public synchronized double share() {
        look();
        return share;
    }

    /**
     * The share that is this process' own, whether or not the rise has come so far.
     *
     * @return 0 to 1
     */
    public synchronized double granted() {
        look();
        return granted;
    }

    /**
     * Whether the share is still rising, or about to.
     *
     * @return false once it is what is aimed at
     */
    public synchronized boolean rising() {
        look();
        return share < target;
    }

    private void look() {
        long now = ticker.nanos();
        long since = Math.max(looked, risesFrom);
        if (now - since >= 0 && granted < target) {
            granted = target;
        }
        if (share < target && now - since > 0) {
            share = Math.min(target, share + (now - since) * perNano);
        }
        looked = now;
    }
}
