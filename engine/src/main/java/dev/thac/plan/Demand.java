package dev.thac.plan;

import java.util.OptionalDouble;

/**
 * What an account must bear of one kind, and what it allows.
 *
 * @param mean over the day
 * @param peak in the busiest hour
 * @param limit what is declared; empty: nothing is
 */
public record Demand(double mean, double peak, OptionalDouble limit) {

    /**
     * How much of the limit the busiest hour takes.
     *
     * @return 1 is all of it; empty where no limit is declared
     */
    public OptionalDouble used() {
        return limit.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(peak / limit.getAsDouble());
    }
}
