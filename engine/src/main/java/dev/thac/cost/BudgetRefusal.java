package dev.thac.cost;

import dev.thac.event.Money;

import java.time.Instant;

/**
 * Why a budget does not cover a call.
 *
 * @param budget name of the budget
 * @param atLimit what is to happen now; always {@code PAUSE} while an operator has paused the
 *     budget
 * @param paused whether an operator has paused the budget
 * @param periodEnd when the period ends and a new one begins
 * @param limit most money in the period
 * @param left what nobody has leased or spent
 * @param worst what the call can cost
 */
public record BudgetRefusal(
        String budget,
        AtLimit atLimit,
        boolean paused,
        Instant periodEnd,
        Money limit,
        Money left,
        Money worst) {

    /** Whether no period will ever cover the call: it can cost more than the limit. */
    public boolean forever() {
        return worst.compareTo(limit) > 0;
    }

    /**
     * The refusal in words.
     *
     * @return one line
     */
    public String text() {
        if (paused) {
            return "budget " + budget + " is paused";
        }
        if (forever()) {
            return "budget %s: a call can cost %s, which is more than the limit of %s"
                    .formatted(budget, worst, limit);
        }
        return "budget %s: a call can cost %s, and %s of %s is left until %s"
                .formatted(budget, worst, left, limit, periodEnd);
    }
}
