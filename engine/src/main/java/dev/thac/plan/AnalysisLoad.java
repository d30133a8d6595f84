package dev.thac.plan;

import java.util.List;

/**
 * What is known or assumed of one analysis.
 *
 * @param name its name
 * @param applies share of the judged events that it is asked about ({@code when})
 * @param rules share of those that its rules decide
 * @param cached share of what is left that was answered before and is found in the cache
 * @param tiers its model tiers, in order
 */
public record AnalysisLoad(
        String name, double applies, double rules, double cached, List<TierLoad> tiers) {

    /** Copies the tiers and refuses what is no share. */
    public AnalysisLoad {
        tiers = List.copyOf(tiers);
        Shares.check("of events it applies to", applies);
        Shares.check("decided by rules", rules);
        Shares.check("found in the cache", cached);
    }

    AnalysisLoad withTiers(List<TierLoad> others) {
        return new AnalysisLoad(name, applies, rules, cached, others);
    }

    AnalysisLoad withRules(double share) {
        return new AnalysisLoad(name, applies, share, cached, tiers);
    }

    AnalysisLoad withCached(double share) {
        return new AnalysisLoad(name, applies, rules, share, tiers);
    }
}
