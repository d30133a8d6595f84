package dev.thac.testkit.simulator;

import java.util.Map;
import java.util.Set;

/**
 * The simulator's own bill and counts since its start or last reset, kept without any code of the
 * program it is called by.
 *
 * @param calls answered and billed calls
 * @param items items in billed calls
 * @param usdNanos the bill in billionths of a USD
 * @param refused calls refused before any work: limits, keys, malformed requests
 * @param maxConcurrency most calls at the same time
 * @param maxCallsPerSecond most arrivals within any one second
 * @param errors calls by what went wrong with them
 * @param models the bill by model id
 * @param recordedHits items answered from the recording
 * @param recordedMisses items the recording lacks
 * @param unpriced model ids that were called and have no price here; their calls cost nothing
 */
public record Stats(
        long calls,
        long items,
        long usdNanos,
        long refused,
        int maxConcurrency,
        int maxCallsPerSecond,
        Map<String, Long> errors,
        Map<String, Model> models,
        long recordedHits,
        long recordedMisses,
        Set<String> unpriced) {

    /**
     * One model's share of the bill.
     *
     * @param calls billed calls
     * @param items items in them
     * @param inputTokens tokens in
     * @param outputTokens tokens out, thinking included
     * @param thinkingTokens the part of the output that was thinking
     * @param usdNanos billionths of a USD
     */
    public record Model(
            long calls,
            long items,
            long inputTokens,
            long outputTokens,
            long thinkingTokens,
            long usdNanos) {

        /** Nothing called yet. */
        static final Model NONE = new Model(0, 0, 0, 0, 0, 0);

        Model plus(Model other) {
            return new Model(
                    calls + other.calls,
                    items + other.items,
                    inputTokens + other.inputTokens,
                    outputTokens + other.outputTokens,
                    thinkingTokens + other.thinkingTokens,
                    usdNanos + other.usdNanos);
        }

        Model plus(int moreItems, Usage usage, long nanos) {
            return new Model(
                    calls + 1,
                    items + moreItems,
                    inputTokens + usage.input(),
                    outputTokens + usage.output(),
                    thinkingTokens + usage.thinking(),
                    usdNanos + nanos);
        }
    }

    /** Copies the maps. */
    public Stats {
        errors = Map.copyOf(errors);
        models = Map.copyOf(models);
        unpriced = Set.copyOf(unpriced);
    }

    /** How often something went wrong in that way. */
    public long errors(Fault fault) {
        return errors.getOrDefault(fault.spelling(), 0L);
    }

    /** Tokens in, over all models. */
    public long inputTokens() {
        return models.values().stream().mapToLong(Model::inputTokens).sum();
    }

    /** Tokens out, over all models. */
    public long outputTokens() {
        return models.values().stream().mapToLong(Model::outputTokens).sum();
    }
}
