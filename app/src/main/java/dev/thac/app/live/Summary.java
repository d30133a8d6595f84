package dev.thac.app.live;

import dev.thac.app.terminal.Words;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a run came to, for standard output: every event in exactly one row.
 *
 * @param totals what was done
 * @param tierOrder names of tiers in the order to show them in
 * @param simulated whether money is simulated
 * @param firstVerdict from the start of the process to the first committed verdict
 * @param took how long events were judged
 * @param results lines of what windows and sinks came to
 */
public record Summary(
        Totals totals,
        List<String> tierOrder,
        boolean simulated,
        Optional<Duration> firstVerdict,
        Duration took,
        List<String> results) {

    /** The outcome of events that only windows read. */
    public static final String WINDOWED = "windowed";

    /**
     * The rows that add up to all events.
     *
     * @return name to events
     */
    public Map<String, Long> rows() {
        Map<String, Long> rows = new LinkedHashMap<>();
        if (totals.outcome(WINDOWED) > 0) {
            rows.put("windowed or filtered", totals.outcome(WINDOWED));
            rows.put("dead letters", totals.outcome("dead-lettered"));
            return rows;
        }
        long judged = 0;
        if (totals.decisions().size() == 1) {
            Map<String, Long> tiers = totals.decisions().values().iterator().next();
            for (String tier : tierOrder) {
                rows.put(tier, tiers.getOrDefault(tier, 0L));
            }
            tiers.forEach(rows::putIfAbsent);
            judged = tiers.values().stream().mapToLong(Long::longValue).sum();
        }
        long others =
                totals.settled()
                        - judged
                        - totals.outcome("filtered")
                        - totals.outcome("sampled-out")
                        - totals.outcome("dead-lettered");
        if (others != 0 || judged == 0) {
            rows.put(judged == 0 ? "went through" : "without an answer", others);
        }
        rows.put("filtered", totals.outcome("filtered"));
        rows.put("dead letters", totals.outcome("dead-lettered"));
        if (totals.outcome("sampled-out") > 0) {
            rows.put("sampled-out", totals.outcome("sampled-out"));
        }
        return rows;
    }

    /**
     * For people.
     *
     * @return lines
     */
    public List<String> text() {
        List<String> lines = new ArrayList<>();
        lines.add(row("events", totals.settled(), ""));
        rows().forEach((name, count) -> lines.add(row("  " + name, count, share(count))));
        if (totals.decisions().size() > 1) {
            totals.decisions()
                    .forEach(
                            (analysis, tiers) -> {
                                lines.add("analysis " + analysis);
                                tiers.forEach(
                                        (tier, count) ->
                                                lines.add(row("  " + tier, count, share(count))));
                            });
        }
        totals.routes().forEach((topic, count) -> lines.add(row("to " + topic, count, "")));
        totals.deadLetters()
                .forEach((reason, count) -> lines.add(row("dead: " + reason, count, "")));
        lines.addAll(results);
        firstVerdict.ifPresent(
                first -> lines.add("first verdict " + Words.duration(first) + " after the start"));
        lines.add(
                "money "
                        + LiveLine.money(totals.cost())
                        + (simulated ? " (simulated)" : "")
                        + ", "
                        + rate()
                        + " events a second over "
                        + Words.duration(took));
        return lines;
    }

    /**
     * For programs.
     *
     * @return a JSON tree
     */
    public Map<String, Object> tree() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("events", totals.settled());
        tree.put("rows", rows());
        tree.put("outcomes", totals.outcomes());
        tree.put("decisions", totals.decisions());
        tree.put("routes", totals.routes());
        tree.put("deadLetters", totals.deadLetters());
        tree.put("usd", totals.cost().toUsd().toPlainString());
        tree.put("simulated", simulated);
        firstVerdict.ifPresent(first -> tree.put("firstVerdictSeconds", first.toMillis() / 1e3));
        tree.put("seconds", took.toMillis() / 1e3);
        return tree;
    }

    private String share(long count) {
        return totals.settled() == 0
                ? ""
                : String.format(Locale.ROOT, "%6.1f%%", 100.0 * count / totals.settled());
    }

    private String rate() {
        double seconds = Math.max(0.001, took.toMillis() / 1e3);
        return String.format(Locale.ROOT, "%,.0f", totals.settled() / seconds);
    }

    private static String row(String name, long count, String more) {
        return String.format(Locale.ROOT, "%-26s %,12d %s", name, count, more).stripTrailing();
    }
}
