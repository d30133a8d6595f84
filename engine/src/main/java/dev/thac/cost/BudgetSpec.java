package dev.thac.cost;

import dev.thac.event.Money;
import dev.thac.spec.Key;
import dev.thac.spec.Share;

/** Money that may be spent. The keys are described by their {@link Key} annotations. */
public record BudgetSpec(
        @Key("Most money in a period, for example 20 USD.") Money limit,
        @Key(value = "hour, day or month.", orElse = "day") BudgetPeriod per,
        @Key(value = "Time zone of the period.", orElse = "UTC") String zone,
        @Key(value = "Warn at this share.", orElse = "80%") Share warn,
        @Key(value = "pause, degrade or dead-letter.", orElse = "pause") AtLimit atLimit) {}
