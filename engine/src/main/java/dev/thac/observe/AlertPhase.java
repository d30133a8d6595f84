package dev.thac.observe;

import java.util.Locale;

/** Where an alert stands. */
public enum AlertPhase {
    /** Its condition does not hold. */
    INACTIVE(0),
    /** Its condition holds, not long enough yet. */
    PENDING(1),
    /** It was said, and has not cleared. */
    FIRING(2);

    private final int figure;

    AlertPhase(int figure) {
        this.figure = figure;
    }

    /**
     * The value of the metric {@code thac_alert_state}.
     *
     * @return 0, 1 or 2
     */
    public int figure() {
        return figure;
    }

    /**
     * The word in status and messages.
     *
     * @return for example {@code firing}
     */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
