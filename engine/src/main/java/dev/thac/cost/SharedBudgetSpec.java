package dev.thac.cost;

import dev.thac.event.Money;
import dev.thac.spec.Key;
import dev.thac.spec.Share;

import java.util.List;

/**
 * Money that the pipelines of a project may spend together. The keys are described by their {@link
 * Key} annotations.
 */
public record SharedBudgetSpec(
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
                AtLimit atLimit,
        @Key(
                        "Only calls of these models: names of thac.yaml, or model ids of a"
                                + " provider. Left out: all models.")
                List<String> models) {

    /**
     * The same as the budget of one pipeline is written.
     *
     * @return limit, period and what happens at the limit
     */
    public BudgetSpec budget() {
        return new BudgetSpec(limit, per, zone, warn, atLimit);
    }
}
