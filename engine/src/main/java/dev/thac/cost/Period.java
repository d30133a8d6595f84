package dev.thac.cost;

import java.time.Instant;

/**
 * One hour, day or month of a budget.
 *
 * @param start its first instant; it names the period
 * @param end the first instant after it
 */
public record Period(Instant start, Instant end) {

    /** Checks the order. */
    public Period {
        if (!start.isBefore(end)) {
            throw new IllegalArgumentException("a period from " + start + " to " + end);
        }
    }

    /** Whether it has an instant in common with the closed interval. */
    boolean touches(Instant from, Instant to) {
        return !to.isBefore(start) && from.isBefore(end);
    }
}
