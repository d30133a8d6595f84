package dev.thac.resilience;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * Exponentially growing waits with jitter, so that many waiters do not come back at once: wait
 * {@code n} lies between {@code (1 - jitter) × w} and {@code w}, where {@code w = min(max, first ×
 * 2^n)}. A jitter of 1 is "full jitter" as in "Exponential Backoff And Jitter" (AWS Architecture
 * Blog, 2015).
 *
 * @param first the first wait before jitter
 * @param max cap of a wait
 * @param jitter the random part, 0 to 1
 * @param random uniform in [0, 1); thread-safe
 */
public record Backoff(Duration first, Duration max, double jitter, DoubleSupplier random) {

    private static final int MOST_DOUBLINGS = 40;

    /**
     * A backoff.
     *
     * @throws IllegalArgumentException when {@code first} is not positive, {@code max} smaller than
     *     it, or {@code jitter} outside [0, 1]
     */
    public Backoff {
        if (!first.isPositive() || max.compareTo(first) < 0 || jitter < 0 || jitter > 1) {
            throw new IllegalArgumentException(
                    "backoff needs 0 < first <= max and 0 <= jitter <= 1, not "
                            + first
                            + ", "
                            + max
                            + ", "
                            + jitter);
        }
    }

    /**
     * Waits anywhere between zero and the grown value.
     *
     * @param first the first wait before jitter
     * @param max cap of a wait
     * @param random uniform in [0, 1); thread-safe
     * @return the backoff
     */
    public static Backoff fullJitter(Duration first, Duration max, DoubleSupplier random) {
        return new Backoff(first, max, 1, random);
    }

    /**
     * The wait before the next attempt.
     *
     * @param failures how many attempts failed before, less one: 0 gives the first wait
     * @return the wait
     */
    public Duration delay(int failures) {
        double grown =
                first.toNanos() * Math.pow(2, Math.min(Math.max(failures, 0), MOST_DOUBLINGS));
        double capped = Math.min(grown, (double) max.toNanos());
        return Duration.ofNanos((long) (capped * (1 - jitter + jitter * random.getAsDouble())));
    }
}
