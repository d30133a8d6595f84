package dev.thac.plan;

import java.util.OptionalDouble;

/**
 * Calls, tokens and money of a mean day.
 *
 * @param calls model calls
 * @param inputTokens input tokens
 * @param outputTokens output tokens that are not thinking
 * @param thinkingTokens thinking tokens, billed like output
 * @param usd US dollars; empty when a price is unknown, which is not zero
 */
public record Use(
        double calls,
        double inputTokens,
        double outputTokens,
        double thinkingTokens,
        OptionalDouble usd) {

    /** Nothing. */
    public static final Use NONE = new Use(0, 0, 0, 0, OptionalDouble.of(0));

    Use plus(Use other) {
        return new Use(
                calls + other.calls,
                inputTokens + other.inputTokens,
                outputTokens + other.outputTokens,
                thinkingTokens + other.thinkingTokens,
                usd.isEmpty() || other.usd.isEmpty()
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(usd.getAsDouble() + other.usd.getAsDouble()));
    }
}
