package dev.thac.plan;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** Other ways to judge the same events, each reckoned from scratch. */
final class Alternatives {

    private static final List<Integer> SIZES = List.of(1, 10, 25, 50);
    private static final double HALF = 0.5;
    private static final Duration USUAL_WAIT = Duration.ofSeconds(5);

    private final PlanRequest request;
    private final List<Alternative> all = new ArrayList<>();

    private Alternatives(PlanRequest request) {
        this.request = request;
    }

    static List<Alternative> of(PlanRequest request, Reckoning declared) {
        Alternatives alternatives = new Alternatives(request);
        alternatives.list(declared);
        return List.copyOf(alternatives.all);
    }

    private void list(Reckoning declared) {
        add("as declared", "", declared.use());
        Workload workload = request.workload();
        for (String model : models()) {
            add(
                    "flat " + model,
                    "every event that rules and cache leave over goes to " + model + " alone",
                    flat(model));
        }
        if (workload.analyses().stream().anyMatch(analysis -> analysis.rules() > 0)) {
            add("without rules", "", workload.each(analysis -> analysis.withRules(0)));
        }
        if (workload.analyses().stream().anyMatch(analysis -> analysis.cached() > 0)) {
            add("without the cache", "", workload.each(analysis -> analysis.withCached(0)));
        }
        if (!models().isEmpty()) {
            SIZES.forEach(this::batched);
            Reckoning full = Reckoning.of(request.with(workload.eachTier(Alternatives::full)));
            add(
                    "provider's batch endpoint",
                    "half price where the provider offers it; answers within 24 h; this version"
                            + " does not use it",
                    new Use(full.use().calls(), 0, 0, 0, Plan.times(full.use().usd(), HALF)));
        }
    }

    private Set<String> models() {
        Set<String> models = new LinkedHashSet<>();
        request.workload()
                .analyses()
                .forEach(analysis -> analysis.tiers().forEach(tier -> models.add(tier.model())));
        return models;
    }

    /** Analyses that do not name the model stay as they are. */
    private Workload flat(String model) {
        return request.workload()
                .each(
                        analysis ->
                                analysis.tiers().stream()
                                        .filter(tier -> tier.model().equals(model))
                                        .findFirst()
                                        .map(tier -> analysis.withTiers(List.of(tier.alone())))
                                        .orElse(analysis));
    }

    private void batched(int size) {
        boolean fits =
                request.workload().analyses().stream()
                        .flatMap(analysis -> analysis.tiers().stream())
                        .allMatch(tier -> Fit.of(tier, size, request).fits());
        Workload batched =
                request.workload()
                        .eachTier(
                                tier ->
                                        tier.with(
                                                size,
                                                size == 1
                                                        ? Optional.empty()
                                                        : Optional.of(
                                                                tier.longestWait()
                                                                        .orElse(USUAL_WAIT))));
        add("batch " + size, fits ? "" : "its answer does not fit maxOutputTokens", batched);
    }

    private static TierLoad full(TierLoad tier) {
        return tier.with(tier.size(), Optional.empty());
    }

    private void add(String name, String note, Workload workload) {
        add(name, note, Reckoning.of(request.with(workload)).use());
    }

    private void add(String name, String note, Use use) {
        OptionalDouble usd = use.usd();
        all.add(new Alternative(name, note, use.calls(), usd));
    }
}
