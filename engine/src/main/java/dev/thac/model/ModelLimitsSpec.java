package dev.thac.model;

import dev.thac.spec.Key;
import dev.thac.spec.Rate;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Limits of a provider account. The keys are described by their {@link Key} annotations. */
public record ModelLimitsSpec(
        @Key(value = "Calls in flight.", orElse = "64", min = 1) int concurrency,
        @Key("Calls, for example 50/min or 100/s.") Optional<Rate> requests,
        @Key("Input tokens, for example 50000/min.") Optional<Rate> inputTokens,
        @Key("Output tokens, for example 10000/min.") Optional<Rate> outputTokens,
        @Key(
                        "How pipelines divide the account: name of the pipeline to weight, 1 or"
                                + " more. Those named here count wherever they run; others count"
                                + " 1, in their own process only.")
                Map<String, Integer> weights) {

    /** Copies the weights. */
    public ModelLimitsSpec {
        weights = Map.copyOf(weights);
    }

    /**
     * Limits of an account that is divided evenly.
     *
     * @param concurrency calls in flight
     * @param requests calls
     * @param inputTokens input tokens
     * @param outputTokens output tokens
     */
    public ModelLimitsSpec(
            int concurrency,
            Optional<Rate> requests,
            Optional<Rate> inputTokens,
            Optional<Rate> outputTokens) {
        this(concurrency, requests, inputTokens, outputTokens, Map.of());
    }

    /**
     * The stricter of two.
     *
     * @param other other limits of the same account
     * @return of each limit the lower one; the weights of both, where they differ these
     */
    ModelLimitsSpec stricter(ModelLimitsSpec other) {
        Map<String, Integer> both = new HashMap<>(other.weights);
        both.putAll(weights);
        return new ModelLimitsSpec(
                Math.min(concurrency, other.concurrency),
                stricter(requests, other.requests),
                stricter(inputTokens, other.inputTokens),
                stricter(outputTokens, other.outputTokens),
                both);
    }

    private static Optional<Rate> stricter(Optional<Rate> one, Optional<Rate> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.or(() -> other);
        }
        return one.get().perSecond() <= other.get().perSecond() ? one : other;
    }
}
