package dev.thac.runtime;

import dev.thac.event.Money;

import java.time.Instant;
import java.util.Optional;

/**
 * What an operator wants of a budget, over what its file says.
 *
 * @param limit another limit; empty: that of the file
 * @param until when that limit ends and the one of the file holds again; empty: never
 * @param paused whether no call may be paid from it
 */
public record BudgetOrder(Optional<Money> limit, Optional<Instant> until, boolean paused) {

    /** What the file says. */
    public static final BudgetOrder NONE =
            new BudgetOrder(Optional.empty(), Optional.empty(), false);

    /**
     * The limit at a time.
     *
     * @param declared that of the file
     * @param now the time
     * @return the limit in force
     */
    public Money limit(Money declared, Instant now) {
        return until.isPresent() && !now.isBefore(until.get()) ? declared : limit.orElse(declared);
    }
}
