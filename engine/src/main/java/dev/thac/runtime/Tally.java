package dev.thac.runtime;

import dev.thac.event.Money;
import dev.thac.event.TokenUsage;
import dev.thac.meter.Meters;
import dev.thac.meter.Metric;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a pipeline has done since it was started, in this process. Thread-safe: lanes add whole
 * commits, anybody reads.
 */
final class Tally {

    private static final List<String> OUTCOMES =
            List.of(
                    LaneTally.ROUTED,
                    LaneTally.FILTERED,
                    LaneTally.SAMPLED_OUT,
                    LaneTally.DEAD_LETTERED);

    private final String pipeline;
    private final Meters meters;
    private final Object lock = new Object();
    private final Counts total = new Counts();
    private long eventsIn;
    private Optional<Instant> lastCommit = Optional.empty();
    private Optional<String> lastError = Optional.empty();

    Tally(String pipeline, Meters meters, Instant since) {
        this.pipeline = pipeline;
        this.meters = meters;
        meters.gauge(
                Metric.LAST_PROGRESS,
                () -> lastCommit().orElse(since).toEpochMilli() / 1e3,
                pipeline);
        for (String outcome : OUTCOMES) { // a series that begins at 1 has no increase to see
            Meters.Count _ = meters.count(Metric.EVENTS_SETTLED, pipeline, outcome);
        }
    }

    /** Figures of one commit, or of all. Not thread-safe. */
    static final class Counts {
        final Map<String, Long> outcomes = new TreeMap<>();
        final Map<String, Long> routes = new TreeMap<>();
        final Map<String, Map<String, Long>> decisions = new TreeMap<>();
        final Map<FailedAt, Long> failures = new TreeMap<>();
        final Map<String, Long> deadLetters = new TreeMap<>();
        final Map<Retried, Long> retried = new HashMap<>();
        TokenUsage tokens = TokenUsage.NONE;
        Money cost = Money.ZERO;

        void add(Counts other) {
            other.outcomes.forEach((name, count) -> outcomes.merge(name, count, Long::sum));
            other.routes.forEach((name, count) -> routes.merge(name, count, Long::sum));
            other.failures.forEach((name, count) -> failures.merge(name, count, Long::sum));
            other.deadLetters.forEach((name, count) -> deadLetters.merge(name, count, Long::sum));
            other.retried.forEach((where, count) -> retried.merge(where, count, Long::sum));
            other.decisions.forEach(
                    (analysis, tiers) -> {
                        Map<String, Long> mine =
                                decisions.computeIfAbsent(analysis, name -> new TreeMap<>());
                        tiers.forEach((tier, count) -> mine.merge(tier, count, Long::sum));
                    });
            tokens = tokens.plus(other.tokens);
            cost = cost.plus(other.cost);
        }
    }

    /**
     * Where and why events failed.
     *
     * @param stage the stage
     * @param reason the error code's label
     */
    record FailedAt(String stage, String reason) implements Comparable<FailedAt> {
        @Override
        public int compareTo(FailedAt other) {
            int byStage = stage.compareTo(other.stage);
            return byStage == 0 ? reason.compareTo(other.reason) : byStage;
        }
    }

    /**
     * Where and why events went to be tried again.
     *
     * @param level the delay as the file spells it
     * @param reason the error code's label
     */
    record Retried(String level, String reason) {}

    void read(String topic, int records) {
        synchronized (lock) {
            eventsIn += records;
        }
        meters.add(Metric.EVENTS_IN, records, pipeline, topic);
    }

    void committed(Counts counts, Instant now) {
        synchronized (lock) {
            total.add(counts);
            lastCommit = Optional.of(now);
        }
        counts.outcomes.forEach(
                (outcome, count) -> meters.add(Metric.EVENTS_SETTLED, count, pipeline, outcome));
        Long filtered = counts.outcomes.get(LaneTally.FILTERED);
        if (filtered != null) {
            meters.add(Metric.EVENTS_FILTERED, filtered, pipeline);
        }
        counts.routes.forEach(
                (route, count) -> meters.add(Metric.EVENTS_OUT, count, pipeline, route));
        counts.failures.forEach(
                (at, count) ->
                        meters.add(Metric.EVENTS_FAILED, count, pipeline, at.stage(), at.reason()));
        counts.retried.forEach(
                (where, count) ->
                        meters.add(
                                Metric.EVENTS_RETRIED,
                                count,
                                pipeline,
                                where.level(),
                                where.reason()));
        counts.deadLetters.forEach(
                (reason, count) -> meters.add(Metric.DLQ_EVENTS, count, pipeline, reason));
    }

    void foreign() {
        meters.add(Metric.RETRY_FOREIGN, 1, pipeline);
    }

    void trouble(String message) {
        synchronized (lock) {
            lastError = Optional.of(message);
        }
    }

    /** A copy of all figures so far. */
    Counts total() {
        Counts copy = new Counts();
        synchronized (lock) {
            copy.add(total);
        }
        return copy;
    }

    long eventsIn() {
        synchronized (lock) {
            return eventsIn;
        }
    }

    Optional<String> lastError() {
        synchronized (lock) {
            return lastError;
        }
    }

    private Optional<Instant> lastCommit() {
        synchronized (lock) {
            return lastCommit;
        }
    }
}
