package dev.thac.plan;

import java.util.List;

/**
 * One analysis in a plan; all amounts are those of a mean day.
 *
 * @param name its name
 * @param events events it is asked about
 * @param byRules of these, decided by its rules
 * @param byCache of these, found in the cache
 * @param tiers its model tiers
 */
public record AnalysisPlan(
        String name, double events, double byRules, double byCache, List<TierPlan> tiers) {

    /** Copies the tiers. */
    public AnalysisPlan {
        tiers = List.copyOf(tiers);
    }

    /**
     * What it uses on all tiers.
     *
     * @return the sum
     */
    public Use use() {
        return tiers.stream().map(TierPlan::use).reduce(Use.NONE, Use::plus);
    }
}
