package dev.thac.app.live;

import dev.thac.event.Money;
import dev.thac.runtime.PipelineStatus;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What pipelines have done, summed over pipelines and over restarts. Immutable.
 *
 * @param outcomes terminal outcome to events
 * @param decisions analysis to tier to events
 * @param deadLetters reason to events
 * @param routes output topic to records
 * @param cost money
 */
public record Totals(
        Map<String, Long> outcomes,
        Map<String, Map<String, Long>> decisions,
        Map<String, Long> deadLetters,
        Map<String, Long> routes,
        Money cost) {

    /** Nothing done yet. */
    public static final Totals NONE =
            new Totals(Map.of(), Map.of(), Map.of(), Map.of(), Money.ZERO);

    /**
     * The sum.
     *
     * @param status what one pipeline did
     * @return these totals and it
     */
    public Totals plus(PipelineStatus status) {
        Map<String, Map<String, Long>> tiers = new LinkedHashMap<>(decisions);
        status.decisions().forEach((analysis, more) -> tiers.merge(analysis, more, Totals::sum));
        return new Totals(
                sum(outcomes, status.outcomes()),
                tiers,
                sum(deadLetters, status.deadLetters()),
                sum(routes, status.routes()),
                cost.plus(status.cost()));
    }

    /**
     * Events that are done.
     *
     * @return the sum of all outcomes
     */
    public long settled() {
        return total(outcomes);
    }

    /**
     * Events with one outcome.
     *
     * @param outcome as {@code thac_events_settled_total} labels it
     * @return how many
     */
    public long outcome(String outcome) {
        return outcomes.getOrDefault(outcome, 0L);
    }

    /**
     * Dead letters of all reasons.
     *
     * @return how many
     */
    public long dead() {
        return total(deadLetters);
    }

    private static long total(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    private static Map<String, Long> sum(Map<String, Long> one, Map<String, Long> other) {
        Map<String, Long> sum = new TreeMap<>(one);
        other.forEach((name, count) -> sum.merge(name, count, Long::sum));
        return sum;
    }
}
