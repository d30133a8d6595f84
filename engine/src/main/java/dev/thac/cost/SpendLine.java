package dev.thac.cost;

import dev.thac.event.Money;
import dev.thac.event.TokenUsage;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * What one tier of one analysis has done and spent on one model on one day.
 *
 * @param analysis the analysis
 * @param tier {@code rules}, {@code cache}, or the model's name in the file
 * @param model the provider's id of the model that was asked; empty where none was. A fallback has
 *     a line of its own
 * @param events events decided here
 * @param failed events whose way ended here without an answer
 * @param asked events that paid for at least one call here
 * @param calls calls with a reply
 * @param unanswered calls without one: time-outs and refused requests. What a provider bills for
 *     these, if it does, is known to it alone
 * @param unpriced calls with a reply whose price is unknown: their tokens are counted, their money
 *     is not
 * @param tokens tokens of all calls, as the provider reported them
 * @param cost their price by kind of token; kinds that cost nothing are left out
 */
public record SpendLine(
        String analysis,
        String tier,
        String model,
        long events,
        long failed,
        long asked,
        long calls,
        long unanswered,
        long unpriced,
        TokenUsage tokens,
        Map<TokenKind, Money> cost) {

    /** Copies the map. */
    public SpendLine {
        Map<TokenKind, Money> copy = new EnumMap<>(TokenKind.class);
        cost.forEach(
                (kind, amount) -> {
                    if (amount.nanos() != 0) {
                        copy.put(kind, amount);
                    }
                });
        cost = Collections.unmodifiableMap(copy);
    }

    /**
     * What all calls cost.
     *
     * @return the sum over the kinds
     */
    public Money total() {
        Money sum = Money.ZERO;
        for (Money amount : cost.values()) {
            sum = sum.plus(amount);
        }
        return sum;
    }
}
