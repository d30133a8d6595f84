package dev.thac.plan;

import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What a pipeline does with its events.
 *
 * @param passed share of the source's events that pass the filter
 * @param sampled share of those that are judged
 * @param analyses its analyses, in the file's order
 */
public record Workload(double passed, double sampled, List<AnalysisLoad> analyses) {

    /** Copies the analyses and refuses what is no share. */
    public Workload {
        analyses = List.copyOf(analyses);
        Shares.check("that passes the filter", passed);
        Shares.check("sampled", sampled);
    }

    /** The same with each analysis changed. */
    Workload each(UnaryOperator<AnalysisLoad> change) {
        return new Workload(passed, sampled, analyses.stream().map(change).toList());
    }

    /** The same with each model tier changed. */
    Workload eachTier(UnaryOperator<TierLoad> change) {
        return each(analysis -> analysis.withTiers(analysis.tiers().stream().map(change).toList()));
    }
}
