package dev.thac.app.eval;

import dev.thac.cascade.AnalysisSpec;
import dev.thac.cascade.TierSpec;
import dev.thac.pipeline.FlowSpec;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A pipeline as written, and as it would be with one of its models alone. */
public final class Variants {

    /** The name of the pipeline as written. */
    public static final String CASCADE = "cascade";

    private Variants() {}

    /**
     * The pipelines to compare, without sample and answer caches: each label is judged by itself.
     *
     * @param flow the pipeline as written
     * @return name to pipeline: {@link #CASCADE} first, then {@code flat <model>} for every model
     *     of its tiers, in the order of use
     */
    public static Map<String, FlowSpec> of(FlowSpec flow) {
        FlowSpec whole = flow.withoutSample().withoutCaches();
        Map<String, FlowSpec> variants = new LinkedHashMap<>();
        variants.put(CASCADE, whole);
        for (AnalysisSpec analysis : flow.analyses().values()) {
            for (TierSpec tier : analysis.tiers()) {
                if (tier instanceof TierSpec.Model model) {
                    variants.putIfAbsent("flat " + model.model(), flat(whole, model.model()));
                }
            }
        }
        return variants;
    }

    private static FlowSpec flat(FlowSpec flow, String model) {
        Map<String, AnalysisSpec> analyses = new LinkedHashMap<>();
        flow.analyses().forEach((name, analysis) -> analyses.put(name, flat(analysis, model)));
        return flow.withAnalyses(analyses);
    }

    /** Analyses that do not use the model stay as they are. */
    private static AnalysisSpec flat(AnalysisSpec analysis, String model) {
        Optional<TierSpec.Model> alone =
                analysis.tiers().stream()
                        .filter(TierSpec.Model.class::isInstance)
                        .map(TierSpec.Model.class::cast)
                        .filter(tier -> tier.model().equals(model))
                        .findFirst();
        if (alone.isEmpty()) {
            return analysis;
        }
        TierSpec only = new TierSpec.Model(model, Optional.empty(), alone.get().batch());
        return new AnalysisSpec(
                analysis.task(),
                analysis.input(),
                analysis.truncate(),
                analysis.output(),
                analysis.schema(),
                analysis.when(),
                analysis.optional(),
                analysis.examples(),
                List.of(only),
                analysis.target(),
                analysis.cache(),
                analysis.audit());
    }
}
