package dev.thac.runtime;

import dev.thac.cost.AtLimit;
import dev.thac.cost.BudgetPeriod;
import dev.thac.event.Money;

import java.time.Duration;
import java.time.Instant;

/**
 * A budget at one moment, as one process knows it.
 *
 * @param name its name
 * @param per its kind of period
 * @param start when the present period began
 * @param end when it ends
 * @param limit most money in it
 * @param used what all processes have spent or hold
 * @param reservedHere what open calls of this process can cost
 * @param spentHere what this process has spent
 * @param state how it is doing
 * @param paused whether an operator has paused it
 * @param atLimit what happens when it is used up
 * @param holder the name under which this process holds money in the ledger
 */
public record BudgetStatus(
        String name,
        BudgetPeriod per,
        Instant start,
        Instant end,
        Money limit,
        Money used,
        Money reservedHere,
        Money spentHere,
        State state,
        boolean paused,
        AtLimit atLimit,
        String holder) {

    /** How a budget is doing; the metric {@code thac_budget_state}. */
    public enum State {
        /** Money is left. */
        OK(0),
        /** The share is spent at which it warns. */
        WARN(1),
        /** Used up; events go on without it, degraded or to the dead letters. */
        DEGRADED(2),
        /** Used up, or paused by an operator: calls wait. */
        PAUSED(3);

        private final int figure;

        State(int figure) {
            this.figure = figure;
        }

        /**
         * The value of the metric.
         *
         * @return 0 to 3
         */
        public int figure() {
            return figure;
        }
    }

    /**
     * What is spent: used, and not merely promised to open calls of this process.
     *
     * @return an amount; what other processes hold counts
     */
    public Money spent() {
        return new Money(Math.max(0, used.nanos() - reservedHere.nanos()));
    }

    /**
     * What will be spent by the end of the period, if it goes on as since its beginning.
     *
     * @param now the time
     * @return at least what is spent
     */
    public Money forecast(Instant now) {
        return forecast(spent(), start, end, now);
    }

    /**
     * What will be spent by the end of a period, if it goes on as since its beginning.
     *
     * @param spent what is spent by now
     * @param start when the period began
     * @param end when it ends
     * @param now the time
     * @return at least what is spent
     */
    public static Money forecast(Money spent, Instant start, Instant end, Instant now) {
        double passed = Duration.between(start, now).toMillis();
        double whole = Duration.between(start, end).toMillis();
        if (passed <= 0 || passed >= whole) {
            return spent;
        }
        return new Money(Math.round(spent.nanos() * (whole / passed)));
    }

    /**
     * Why calls wait, or events go on without an answer that costs.
     *
     * @return a sentence; empty while there is money
     */
    public String reason() {
        return switch (state) {
            case OK, WARN -> "";
            case DEGRADED ->
                    atLimit == AtLimit.DEGRADE
                            ? "used up until %s: events get the best answer there is".formatted(end)
                            : "used up until %s: events go to the dead letters".formatted(end);
            case PAUSED ->
                    paused
                            ? "paused by an operator: calls wait"
                            : "used up: calls wait until %s, or for a higher limit".formatted(end);
        };
    }
}
