package dev.thac.testkit.simulator;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What the simulator charges for a model. The rule of its bill: a call is charged at the price in
 * force when its request arrived, and its amount is rounded up to a whole billionth of a USD, once.
 *
 * @param inputPerMillion USD per million input tokens
 * @param outputPerMillion USD per million output tokens, thinking included
 * @param next the price after a change
 */
public record ModelPrice(
        BigDecimal inputPerMillion, BigDecimal outputPerMillion, Optional<Change> next) {

    /** The prices of the models in the examples. */
    public static final Map<String, ModelPrice> EXAMPLES =
            Map.of(
                    "claude-haiku-5-5", of("0.10", "0.50"),
                    "claude-sonnet-5-5", of("2", "10"),
                    "gpt-6-luna", of("0.10", "0.50"),
                    "gpt-6.1-terra", of("1", "5"),
                    "gpt-6.1-sol", of("2", "10"),
                    "deepseek-flash", of("0.15", "0.60"));

    private static final BigDecimal NANOS_PER_TOKEN = BigDecimal.valueOf(1000);

    /**
     * Another price from some moment on.
     *
     * @param at its first moment
     * @param price what is charged then
     */
    public record Change(Instant at, ModelPrice price) {}

    /** A price from two decimal numbers of USD per million tokens. */
    public static ModelPrice of(String inputPerMillion, String outputPerMillion) {
        return new ModelPrice(
                new BigDecimal(inputPerMillion),
                new BigDecimal(outputPerMillion),
                Optional.empty());
    }

    /** The same price, and another one from some moment on. */
    public ModelPrice until(Instant at, ModelPrice after) {
        return new ModelPrice(
                inputPerMillion, outputPerMillion, Optional.of(new Change(at, after)));
    }

    /** The price of one call in billionths of a USD. */
    long nanos(long inputTokens, long outputTokens, Instant asked) {
        if (next.isPresent() && !asked.isBefore(next.get().at())) {
            return next.get().price().nanos(inputTokens, outputTokens, asked);
        }
        return inputPerMillion
                .multiply(BigDecimal.valueOf(inputTokens))
                .add(outputPerMillion.multiply(BigDecimal.valueOf(outputTokens)))
                .multiply(NANOS_PER_TOKEN)
                .setScale(0, RoundingMode.CEILING)
                .longValueExact();
    }
}
