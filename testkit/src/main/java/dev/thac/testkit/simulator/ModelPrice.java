package dev.thac.testkit.simulator;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;

/**
 * What the simulator charges for a model.
 *
 * @param inputPerMillion USD per million input tokens
 * @param outputPerMillion USD per million output tokens, thinking included
 */
public record ModelPrice(BigDecimal inputPerMillion, BigDecimal outputPerMillion) {

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

    /** A price from two decimal numbers of USD per million tokens. */
    public static ModelPrice of(String inputPerMillion, String outputPerMillion) {
        return new ModelPrice(new BigDecimal(inputPerMillion), new BigDecimal(outputPerMillion));
    }

    /** The price of one call in billionths of a USD, rounded half up. */
    long nanos(long inputTokens, long outputTokens) {
        return inputPerMillion
                .multiply(BigDecimal.valueOf(inputTokens))
                .add(outputPerMillion.multiply(BigDecimal.valueOf(outputTokens)))
                .multiply(NANOS_PER_TOKEN)
                .setScale(0, RoundingMode.HALF_UP)
                .longValueExact();
    }
}
