package dev.thac.cost;

import dev.thac.event.Money;

/**
 * The figures of a budget in its present period.
 *
 * @param budget its name
 * @param period the present period
 * @param limit most money in the period
 * @param used what all instances have spent or hold, but for what is free here
 * @param spentHere what this process has spent
 * @param reservedHere what calls in flight in this process can cost
 * @param warnAt from which {@code used} on it warns
 * @param state how it is doing
 */
public record BudgetStanding(
        String budget,
        Period period,
        Money limit,
        Money used,
        Money spentHere,
        Money reservedHere,
        Money warnAt,
        BudgetState state) {}
