package dev.thac.observe;

import java.util.Locale;

/** How urgent an alert is. */
public enum Severity {
    /** Somebody should look within the day. */
    WARNING,
    /** Somebody must look now. */
    CRITICAL;

    /**
     * The word in files, messages and rules.
     *
     * @return for example {@code warning}
     */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
