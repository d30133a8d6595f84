package dev.thac.plan;

import java.util.List;

/** Computes plans. */
public final class Planner {

    private Planner() {}

    /**
     * Computes what a pipeline will take.
     *
     * @param request what is known
     * @return the plan; it may name models without a price, and then has no money
     */
    public static Plan plan(PlanRequest request) {
        Reckoning reckoning = Reckoning.of(request);
        List<Alternative> alternatives = Alternatives.of(request, reckoning);
        List<AccountPlan> accounts = Accounts.of(request, reckoning);
        Latency latency = LatencySimulation.of(request, reckoning);
        Workload workload = request.workload();
        double passed = request.traffic().eventsPerDay() * workload.passed();
        return new Plan(
                request.pipeline(),
                request.traffic(),
                request.monthDays(),
                request.at(),
                passed,
                passed * workload.sampled(),
                reckoning.analyses(),
                reckoning.use(),
                unpriced(reckoning),
                accounts,
                latency,
                alternatives,
                BreakEvens.of(request, reckoning),
                Advising.of(request, reckoning, accounts, latency),
                request.assumptions());
    }

    private static List<String> unpriced(Reckoning reckoning) {
        return reckoning.analyses().stream()
                .flatMap(analysis -> analysis.tiers().stream())
                .filter(tier -> tier.use().usd().isEmpty())
                .map(TierPlan::model)
                .distinct()
                .toList();
    }
}
