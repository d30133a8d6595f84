package dev.thac.spec;

import java.time.Duration;

/**
 * So many in a period, written {@code 100/s}, {@code 600/min}, {@code 10000/day}.
 *
 * @param count how many
 * @param period in which time
 */
public record Rate(double count, Duration period) {

    /**
     * The same rate per second.
     *
     * @return events per second
     */
    public double perSecond() {
        return count * 1e9 / period.toNanos();
    }
}
