package dev.thac.plan;

import dev.thac.batch.BatchSpec;
import dev.thac.cascade.AnalysisSpec;
import dev.thac.cascade.TierSpec;
import dev.thac.pipeline.FlowSpec;
import dev.thac.recover.FailuresSpec;
import dev.thac.recover.RetrySpec;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Copies of a pipeline for looking at events: every tier has a name of its own, every event that
 * passes the filter is judged by itself, and none is tried again.
 */
final class Trial {

    private static final Duration GATHERING = Duration.ofMillis(200);

    private Trial() {}

    /** One event a call. */
    static FlowSpec alone(FlowSpec flow) {
        return copy(flow, _ -> Optional.empty());
    }

    /** Batches as declared, which wait for as long as events are handed over. */
    static FlowSpec gathering(FlowSpec flow) {
        return copy(
                flow,
                batch ->
                        batch.map(
                                each ->
                                        new BatchSpec(
                                                each.size(),
                                                Optional.of(GATHERING),
                                                each.tokens())));
    }

    /** The models of the copies' tiers: the file's name by that of the copy. */
    static Map<String, String> models(FlowSpec flow) {
        Map<String, String> models = new LinkedHashMap<>();
        flow.analyses()
                .forEach(
                        (name, analysis) -> {
                            int number = 0;
                            for (TierSpec tier : analysis.tiers()) {
                                if (tier instanceof TierSpec.Model model) {
                                    models.put(new TierKey(name, number++).name(), model.model());
                                }
                            }
                        });
        return models;
    }

    private static FlowSpec copy(FlowSpec flow, UnaryOperator<Optional<BatchSpec>> batches) {
        Map<String, AnalysisSpec> analyses = new LinkedHashMap<>();
        flow.analyses().forEach((name, spec) -> analyses.put(name, analysis(name, spec, batches)));
        RetrySpec retry = flow.failures().retry();
        return new FlowSpec(
                flow.pipeline(),
                flow.format(),
                flow.id(),
                flow.maxEvent(),
                flow.filter(),
                flow.derive(),
                flow.enrich(),
                flow.context(),
                flow.redact(),
                Optional.empty(),
                analyses,
                flow.routes(),
                new FailuresSpec(
                        new RetrySpec(1, retry.backoff(), retry.maxBackoff(), List.of()),
                        flow.failures().deadLetter()),
                flow.models());
    }

    private static AnalysisSpec analysis(
            String name, AnalysisSpec spec, UnaryOperator<Optional<BatchSpec>> batches) {
        List<TierSpec> tiers = new ArrayList<>();
        int number = 0;
        for (TierSpec tier : spec.tiers()) {
            tiers.add(
                    tier instanceof TierSpec.Model model
                            ? new TierSpec.Model(
                                    new TierKey(name, number++).name(),
                                    model.accept(),
                                    batches.apply(model.batch()))
                            : tier);
        }
        return new AnalysisSpec(
                spec.task(),
                spec.input(),
                spec.truncate(),
                spec.output(),
                spec.schema(),
                spec.when(),
                spec.optional(),
                spec.examples(),
                tiers,
                spec.target(),
                spec.cache().off(),
                spec.audit());
    }
}
