package dev.thac.app.eval;

import dev.thac.app.terminal.Json;
import dev.thac.event.Money;
import dev.thac.event.Outcome;
import dev.thac.event.Verdict;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How one variant did. Used by one thread. */
public final class Score {

    /** Two-sided 95 % quantile of the normal distribution. */
    private static final double Z = 1.959964;

    private static final String NONE = "none";

    private final Map<String, Tally> tiers = new TreeMap<>();
    private final Tally all = new Tally();
    private Money cost = Money.ZERO;
    private long tokens;

    /** Right and wrong answers of one tier. */
    private static final class Tally {
        private long scored;
        private long right;
    }

    /**
     * Counts one event.
     *
     * @param label where its right answer stands
     * @param truth the right answer
     * @param outcome what became of it
     */
    public void add(Label label, Object truth, Outcome outcome) {
        String tier = NONE;
        Object answer = null;
        for (Verdict verdict : outcome.trail().verdicts()) {
            if (verdict.analysis().equals(label.analysis())
                    && verdict.result()
                            instanceof Verdict.Result.Answered(Map<String, Object> fields)) {
                tier = verdict.tier();
                answer = fields.get(label.field());
            }
        }
        count(all, truth, answer);
        count(tiers.computeIfAbsent(tier, _ -> new Tally()), truth, answer);
    }

    /**
     * Counts what one event cost, once however many labels it has.
     *
     * @param outcome what became of it
     */
    public void pay(Outcome outcome) {
        cost = cost.plus(outcome.trail().cost());
        tokens += outcome.trail().usage().total();
    }

    /**
     * The result as a tree.
     *
     * @param variant its name
     * @param events how many events were judged
     * @param calls model calls made
     * @return accuracy with its 95 % interval, per tier too, and money
     */
    public Map<String, Object> tree(String variant, long events, long calls) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("variant", variant);
        tree.put("scored", all.scored);
        tree.put("accuracy", accuracy(all));
        tree.put("interval95", interval(all));
        List<Object> mix = new ArrayList<>();
        tiers.forEach(
                (tier, tally) -> {
                    Map<String, Object> row = new LinkedHashMap<>();
                    row.put("tier", tier);
                    row.put("share", rounded((double) tally.scored / Math.max(1, all.scored)));
                    row.put("accuracy", accuracy(tally));
                    row.put("interval95", interval(tally));
                    mix.add(row);
                });
        tree.put("tiers", mix);
        tree.put("calls", calls);
        tree.put("tokens", tokens);
        tree.put("costUsd", cost.toUsd());
        tree.put("costPerMillionUsd", perMillion(events));
        return tree;
    }

    /**
     * What was paid.
     *
     * @return the sum over all events
     */
    public Money cost() {
        return cost;
    }

    private double perMillion(long events) {
        return Math.round(cost.nanos() / 1e9 / Math.max(1, events) * 1e6 * 100) / 100.0;
    }

    private static void count(Tally tally, Object truth, @Nullable Object answer) {
        tally.scored++;
        if (answer != null && Json.equal(truth, answer)) {
            tally.right++;
        }
    }

    private static double accuracy(Tally tally) {
        return rounded((double) tally.right / Math.max(1, tally.scored));
    }

    /** Wilson's score interval (Wilson 1927). */
    private static List<Double> interval(Tally tally) {
        if (tally.scored == 0) {
            return List.of(0.0, 1.0);
        }
        double n = tally.scored;
        double p = tally.right / n;
        double centre = (p + Z * Z / (2 * n)) / (1 + Z * Z / n);
        double half = Z / (1 + Z * Z / n) * Math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n));
        return List.of(rounded(Math.max(0, centre - half)), rounded(Math.min(1, centre + half)));
    }

    private static double rounded(double share) {
        return Math.round(share * 10_000) / 10_000.0;
    }
}
