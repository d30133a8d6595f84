package dev.thac.plan;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What a pipeline will take: the one source of every figure that is shown of it. Immutable. Amounts
 * are those of a mean day.
 *
 * @param pipeline the pipeline's name
 * @param traffic how many events there are
 * @param monthDays days of a month
 * @param at the first of the seven days whose prices are used
 * @param passed events that pass the filter
 * @param judged of these, the events that are judged
 * @param analyses by analysis and tier
 * @param use calls, tokens and money of all of them
 * @param unpriced models whose price is unknown
 * @param accounts what provider accounts must bear
 * @param latency how long events wait
 * @param alternatives other ways to do the same; the first is the plan itself
 * @param breakEvens where one way becomes dearer than another
 * @param advice what the figures say plainly
 * @param assumptions what all of it rests on
 */
public record Plan(
        String pipeline,
        Traffic traffic,
        double monthDays,
        Instant at,
        double passed,
        double judged,
        List<AnalysisPlan> analyses,
        Use use,
        List<String> unpriced,
        List<AccountPlan> accounts,
        Latency latency,
        List<Alternative> alternatives,
        List<BreakEven> breakEvens,
        List<Advice> advice,
        List<Assumption> assumptions) {

    private static final double MILLION = 1e6;

    /** Copies the lists. */
    public Plan {
        analyses = List.copyOf(analyses);
        unpriced = List.copyOf(unpriced);
        accounts = List.copyOf(accounts);
        alternatives = List.copyOf(alternatives);
        breakEvens = List.copyOf(breakEvens);
        advice = List.copyOf(advice);
        assumptions = List.copyOf(assumptions);
    }

    /**
     * Money of a day.
     *
     * @return US dollars; empty when a price is unknown
     */
    public OptionalDouble usdPerDay() {
        return use.usd();
    }

    /**
     * Money of a month of {@link #monthDays} days.
     *
     * @return US dollars; empty when a price is unknown
     */
    public OptionalDouble usdPerMonth() {
        return times(use.usd(), monthDays);
    }

    /**
     * Money of a million events of the source.
     *
     * @return US dollars; empty when a price is unknown or no event comes
     */
    public OptionalDouble usdPerMillion() {
        return traffic.eventsPerDay() == 0
                ? OptionalDouble.empty()
                : times(use.usd(), MILLION / traffic.eventsPerDay());
    }

    /**
     * The plan as a tree of maps, lists, strings and numbers: what {@code -o json} prints.
     *
     * @return the tree
     */
    public Map<String, Object> tree() {
        return PlanTree.of(this);
    }

    static OptionalDouble times(OptionalDouble amount, double factor) {
        return amount.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(amount.getAsDouble() * factor);
    }
}
