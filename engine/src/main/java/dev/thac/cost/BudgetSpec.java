package dev.thac.cost;

import dev.thac.event.Money;
import dev.thac.spec.Key;
import dev.thac.spec.Share;

/**
 * Money that one pipeline may spend. The keys are described by their {@link Key} annotations; those
 * that a {@link SharedBudgetSpec} has, too, mean the same there.
 */
public record BudgetSpec(
        @Key(value = "Most money in a period; more than nothing.", example = "20 USD") Money limit,
        @Key(value = "hour, day or month, by the clock of the zone.", orElse = "day")
                BudgetPeriod per,
        @Key(value = "Time zone of the period, for example Asia/Ho_Chi_Minh.", orElse = "UTC")
                String zone,
        @Key(value = "Warn when this share of the limit is spent.", orElse = "80%") Share warn,
        @Key(
                        value =
                                "When the money is used up: pause (wait for the next period),"
                                        + " degrade (the best answer there is without paying; where"
                                        + " there is none, wait) or dead-letter.",
                        orElse = "pause")
                AtLimit atLimit) {}
