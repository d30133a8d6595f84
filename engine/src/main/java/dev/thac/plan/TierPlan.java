package dev.thac.plan;

import java.util.OptionalDouble;

/**
 * One model tier in a plan; all amounts are those of a mean day.
 *
 * @param model the model's name in the file
 * @param id the provider's id
 * @param events events that reach it; each is paid for, also those it passes on
 * @param passedOn share of these that it passes on
 * @param declaredBatch most events in a call, as declared
 * @param batch events in a call on average, as achieved
 * @param use calls, tokens and money
 */
public record TierPlan(
        String model,
        String id,
        double events,
        double passedOn,
        int declaredBatch,
        double batch,
        Use use) {

    /**
     * What an event costs here.
     *
     * @return US dollars for each event that reaches the tier; empty when the price is unknown
     */
    public OptionalDouble usdPerEvent() {
        return use.usd().isEmpty() || events == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(use.usd().getAsDouble() / events);
    }
}
