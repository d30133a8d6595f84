package dev.thac.plan;

import dev.thac.cost.Price;
import dev.thac.cost.PriceSpec;
import dev.thac.model.ModelLimitsSpec;
import dev.thac.model.ModelSpec;
import dev.thac.model.Provider;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A pipeline in a few figures. */
final class Sketch {

    static final Duration WINDOW = Duration.ofSeconds(5);
    static final Instant AT = Instant.parse("2026-11-20T00:00:00Z");

    private final Map<String, ModelSpec> models = new LinkedHashMap<>();
    private final Map<String, Price> prices = new LinkedHashMap<>();

    /** A model with its price per million tokens in and out. */
    Sketch model(String name, double input, double output) {
        return model(name, input, output, 4000);
    }

    Sketch model(String name, double input, double output, int maxOutputTokens) {
        models.put(name, spec(name, maxOutputTokens, limits()));
        prices.put(
                name,
                Price.of(
                                new PriceSpec(
                                        Optional.of(input),
                                        Optional.of(output),
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.empty(),
                                        false))
                        .orElseThrow());
        return this;
    }

    Sketch limited(String name, ModelLimitsSpec limits) {
        ModelSpec old = models.get(name);
        models.put(name, spec(name, old == null ? 4000 : old.maxOutputTokens(), limits));
        return this;
    }

    static ModelLimitsSpec limits() {
        return new ModelLimitsSpec(100_000, Optional.empty(), Optional.empty(), Optional.empty());
    }

    private static ModelSpec spec(String name, int maxOutputTokens, ModelLimitsSpec limits) {
        return new ModelSpec(
                Provider.ANTHROPIC,
                Optional.empty(),
                Optional.empty(),
                name,
                Optional.empty(),
                maxOutputTokens,
                Optional.empty(),
                Duration.ofSeconds(60),
                limits,
                Optional.empty(),
                Optional.empty());
    }

    /** A tier in the words of a tutorial: prompt shared by a batch, tokens per event in and out. */
    static TierLoad tier(
            String model, int size, Optional<Duration> wait, double prompt, double in, double out) {
        return new TierLoad(
                model,
                size,
                wait,
                new Tokens(prompt, in),
                new Tokens(0, out),
                Tokens.NONE,
                TierLoad.Confidence.NONE,
                0,
                0,
                CallTime.USUAL);
    }

    static AnalysisLoad analysis(double rules, TierLoad... tiers) {
        return new AnalysisLoad("review", 1, rules, 0, List.of(tiers));
    }

    Plan plan(double perDay, AnalysisLoad... analyses) {
        return Planner.plan(request(Traffic.flat(perDay), new Workload(1, 1, List.of(analyses))));
    }

    PlanRequest request(Traffic traffic, Workload workload) {
        return new PlanRequest(
                "reviews",
                workload,
                traffic,
                models,
                (name, _) -> Optional.ofNullable(prices.get(name)),
                AT,
                30,
                Optional.empty(),
                List.of());
    }
}
