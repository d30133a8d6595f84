package dev.thac.cost;

import java.time.Duration;

/**
 * How far the time at which a provider charges a call may be from the time at which it is reserved
 * here. A call counts in every period that this window touches.
 *
 * @param clockSkew how far the clocks of instances and providers may differ
 * @param longestCall how long a call may take from its reservation to its end
 */
public record CallWindow(Duration clockSkew, Duration longestCall) {

    /** For clocks that are kept right, and any time-out that makes sense. */
    public static final CallWindow USUAL =
            new CallWindow(Duration.ofSeconds(2), Duration.ofMinutes(10));
}
