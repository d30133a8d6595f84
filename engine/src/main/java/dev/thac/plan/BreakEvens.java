package dev.thac.plan;

import dev.thac.cost.BudgetSpec;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** Where one way becomes dearer than another. */
final class BreakEvens {

    private static final double SECONDS_PER_DAY = 86_400;

    private final PlanRequest request;
    private final Reckoning reckoning;
    private final List<BreakEven> all = new ArrayList<>();

    private BreakEvens(PlanRequest request, Reckoning reckoning) {
        this.request = request;
        this.reckoning = reckoning;
    }

    static List<BreakEven> of(PlanRequest request, Reckoning reckoning) {
        BreakEvens lines = new BreakEvens(request, reckoning);
        for (int i = 0; i < reckoning.analyses().size(); i++) {
            lines.cascade(i);
            lines.batches(i);
        }
        request.budget().ifPresent(lines::budget);
        return List.copyOf(lines.all);
    }

    /** The share passed on at which two tiers cost as much as the second alone. */
    private void cascade(int index) {
        AnalysisPlan plan = reckoning.analyses().get(index);
        AnalysisLoad load = request.workload().analyses().get(index);
        for (int i = 0; i + 1 < plan.tiers().size(); i++) {
            TierPlan first = plan.tiers().get(i);
            TierPlan second = plan.tiers().get(i + 1);
            OptionalDouble alone = alone(load, load.tiers().get(i + 1), first.events());
            if (first.usdPerEvent().isPresent()
                    && second.usdPerEvent().isPresent()
                    && alone.isPresent()
                    && second.usdPerEvent().getAsDouble() > 0) {
                cascade(
                        plan.name(),
                        first,
                        second,
                        (alone.getAsDouble() - first.usdPerEvent().getAsDouble())
                                / second.usdPerEvent().getAsDouble());
            }
        }
    }

    private void cascade(String analysis, TierPlan first, TierPlan second, double share) {
        String what = analysis + "." + first.model() + " passes on";
        if (share <= 0) {
            all.add(
                    new BreakEven(
                            what,
                            0,
                            "%s alone costs less than %s before it, whatever %s passes on"
                                    .formatted(second.model(), first.model(), first.model())));
            return;
        }
        all.add(
                new BreakEven(
                        what,
                        Math.min(1, share),
                        share >= 1
                                ? "%s before %s pays at any share passed on (now %s of what it sees)"
                                        .formatted(
                                                first.model(),
                                                second.model(),
                                                Words.percent(first.passedOn()))
                                : "%s before %s pays while %s passes on less than %s of what it sees (now %s)"
                                        .formatted(
                                                first.model(),
                                                second.model(),
                                                first.model(),
                                                Words.percent(share),
                                                Words.percent(first.passedOn()))));
    }

    /** What one event costs where a tier judges all that now reach the one before it. */
    private OptionalDouble alone(AnalysisLoad load, TierLoad tier, double events) {
        if (events <= 0) {
            return OptionalDouble.empty();
        }
        Workload flat =
                new Workload(
                        request.workload().passed(),
                        request.workload().sampled(),
                        List.of(load.withTiers(List.of(tier.alone()))));
        TierPlan plan = Reckoning.of(request.with(flat)).analyses().getFirst().tiers().getFirst();
        return plan.usdPerEvent();
    }

    /** From which rate on batches fill, and the wait that would fill them now. */
    private void batches(int index) {
        AnalysisPlan plan = reckoning.analyses().get(index);
        AnalysisLoad load = request.workload().analyses().get(index);
        for (int i = 0; i < plan.tiers().size(); i++) {
            TierPlan tier = plan.tiers().get(i);
            TierLoad declared = load.tiers().get(i);
            if (declared.size() == 1 || declared.longestWait().isEmpty() || tier.events() <= 0) {
                continue;
            }
            double perSecond = tier.events() / SECONDS_PER_DAY / request.traffic().instances();
            double wait = Fill.waitToFill(perSecond, declared.size());
            double filling =
                    request.traffic().eventsPerDay()
                            * wait
                            / Fill.seconds(declared.longestWait().get());
            all.add(
                    new BreakEven(
                            plan.name() + "." + tier.model() + " batch wait",
                            wait,
                            "a batch of %d fills in about %s at this rate; within %s it does from %s events a day on"
                                    .formatted(
                                            declared.size(),
                                            Words.seconds(wait),
                                            Words.seconds(
                                                    Fill.seconds(declared.longestWait().get())),
                                            Words.number(filling))));
        }
    }

    private void budget(BudgetSpec budget) {
        Use use = reckoning.use();
        if (use.usd().isEmpty() || use.usd().getAsDouble() <= 0) {
            return;
        }
        double limit =
                budget.limit().toUsd().doubleValue()
                        * switch (budget.per()) {
                            case HOUR -> Traffic.HOURS;
                            case DAY -> 1;
                            case MONTH -> 1 / request.monthDays();
                        };
        double events = request.traffic().eventsPerDay() * limit / use.usd().getAsDouble();
        all.add(
                new BreakEven(
                        "budget",
                        events,
                        "the budget of %s per %s lasts for %s events a day (planned %s)"
                                .formatted(
                                        budget.limit(),
                                        budget.per().name().toLowerCase(java.util.Locale.ROOT),
                                        Words.number(events),
                                        Words.number(request.traffic().eventsPerDay()))));
    }
}
