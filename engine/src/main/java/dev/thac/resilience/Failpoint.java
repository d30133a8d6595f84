package dev.thac.resilience;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A named place at which a test may end, stop or break the process: {@code
 * -Dthac.failpoint=NAME[:HIT[:ACTION]]}, where HIT is how often the place is passed before
 * (default: 1, the first time acts) and ACTION is {@code halt} (the default: as by kill -9, exit
 * code 137), {@code park} (the thread stands still for good) or {@code throw}. Without the property
 * a failpoint costs a comparison with a constant. Thread-safe.
 */
public enum Failpoint {
    /** A record was let in; nothing was asked about it. */
    AFTER_ADMIT,
    /** The answer to a call has arrived; nothing was done with it. */
    IN_FLIGHT,
    /** An event has its outcome; the lane does not know it. */
    AFTER_ANSWER,
    /** An outcome is staged; nothing of it was sent. */
    AFTER_STAGE,
    /** Outputs were sent; their offsets were not. */
    AFTER_SEND,
    /** Offsets were sent in the transaction; it is not committed. */
    AFTER_OFFSETS,
    /** The commit is done; the lane does not know it. */
    AFTER_COMMIT,
    /** A sink's target has taken a batch; nothing of it is committed. */
    AFTER_WRITE;

    private static final @Nullable String ARMED = System.getProperty("thac.failpoint");
    private static final AtomicInteger PASSED = new AtomicInteger();

    private final String label = name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');

    /**
     * Acts if this place is armed and its time has come.
     *
     * @throws IllegalStateException when armed with {@code throw}
     */
    public void reached() {
        if (ARMED != null) {
            act(ARMED.split(":", 3));
        }
    }

    private void act(String[] armed) {
        int hit = armed.length > 1 ? Integer.parseInt(armed[1]) : 1;
        if (!armed[0].equals(label) || PASSED.incrementAndGet() != hit) {
            return;
        }
        switch (armed.length > 2 ? armed[2] : "halt") {
            case "park" -> {
                while (true) {
                    LockSupport.park();
                }
            }
            case "throw" -> throw new IllegalStateException("failpoint " + label);
            default -> Runtime.getRuntime().halt(137);
        }
    }
}
