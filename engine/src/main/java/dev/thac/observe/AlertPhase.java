package dev.thac.observe;

import java.util.Locale;

/** Where an alert stands; the values of the metric {@code thac_alert_state} are their ordinals. */
public enum AlertPhase {
    /** Its condition does not hold. */
    INACTIVE,
    /** Its condition holds, not long enough yet. */
    PENDING,
    /** It was said, and has not cleared. */
    FIRING;

    /**
     * The word in status and messages.
     *
     * @return for example {@code firing}
     */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
