package dev.thac.runtime;

import dev.thac.kafka.LaneStatus;
import dev.thac.meter.Meters;
import dev.thac.meter.Metric;
import dev.thac.observe.AlertStatus;
import dev.thac.recover.RetryTopic;
import dev.thac.resilience.Ticker;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/** The figures of all lanes of a pipeline together. Thread-safe. */
final class LaneFigures {

    private final PipelineSpec spec;
    private final Tally tally;
    private final List<LaneKeeper> keepers;
    private final Ticker ticker;

    LaneFigures(PipelineSpec spec, Tally tally, List<LaneKeeper> keepers, Ticker ticker) {
        this.spec = spec;
        this.tally = tally;
        this.keepers = keepers;
        this.ticker = ticker;
    }

    /** The pipeline at this moment, save what the lanes cannot know. */
    PipelineStatus status(
            PipelineState state,
            Instant since,
            List<BudgetStatus> budgets,
            List<AlertStatus> alerts,
            List<CompanionStatus> companions) {
        Tally.Counts counts = tally.total();
        List<LaneStatus> lanes = lanes();
        long lag = 0;
        for (LaneStatus lane : lanes) {
            lag += lane.lag().values().stream().mapToLong(Long::longValue).sum();
        }
        return new PipelineStatus(
                spec.pipeline(),
                state,
                since,
                tally.eventsIn(),
                counts.outcomes,
                counts.routes,
                counts.decisions,
                counts.deadLetters,
                retried(counts),
                counts.tokens,
                counts.cost,
                sum(LaneStatus::open),
                sum(LaneStatus::staged),
                (int) sum(LaneStatus::partitions),
                (int) sum(LaneStatus::paused),
                lag,
                lag(lanes),
                waiting(lanes),
                budgets,
                alerts,
                companions,
                keepers.stream().mapToInt(LaneKeeper::restarts).sum(),
                tally.lastError());
    }

    /**
     * Registers the gauges.
     *
     * @param meters where
     * @param state the pipeline's state
     */
    void register(Meters meters, Supplier<PipelineState> state) {
        String name = spec.pipeline();
        meters.gauge(Metric.PIPELINE_STATE, () -> state.get().figure(), name);
        meters.gauge(Metric.EVENTS_IN_FLIGHT, () -> sum(LaneStatus::open), name);
        meters.gauge(Metric.EVENTS_STAGED, () -> sum(LaneStatus::staged), name);
        meters.gauge(Metric.PAUSED_PARTITIONS, () -> sum(LaneStatus::paused), name);
        meters.gauge(Metric.CONSUMER_LAG_SECONDS, () -> lag(lanes()).toMillis() / 1e3, name);
        for (RetryTopic topic : spec.retryTopics().levels()) {
            meters.gauge(
                    Metric.RETRY_WAITING,
                    () -> sum(lane -> lane.waiting().getOrDefault(topic.name(), 0L)),
                    name,
                    topic.level());
        }
        for (String topic : new PipelineTopics(spec).sources()) {
            meters.gauge(
                    Metric.CONSUMER_LAG_RECORDS,
                    () -> sum(lane -> lane.lag().getOrDefault(topic, 0L)),
                    name,
                    topic);
        }
    }

    private Map<String, Long> retried(Tally.Counts counts) {
        Map<String, Long> retried = new LinkedHashMap<>();
        spec.retryTopics().levels().forEach(topic -> retried.put(topic.level(), 0L));
        counts.retried.forEach((where, events) -> retried.merge(where.level(), events, Long::sum));
        return retried;
    }

    private Map<String, Long> waiting(List<LaneStatus> lanes) {
        Map<String, Long> waiting = new LinkedHashMap<>();
        for (RetryTopic topic : spec.retryTopics().levels()) {
            long records = 0;
            for (LaneStatus lane : lanes) {
                records += lane.waiting().getOrDefault(topic.name(), 0L);
            }
            waiting.put(topic.level(), records);
        }
        return waiting;
    }

    private List<LaneStatus> lanes() {
        return keepers.stream().map(LaneKeeper::status).toList();
    }

    private long sum(ToLongFunction<LaneStatus> figure) {
        return lanes().stream().mapToLong(figure).sum();
    }

    private Duration lag(List<LaneStatus> lanes) {
        long oldest =
                lanes.stream()
                        .flatMapToLong(lane -> lane.oldest().stream())
                        .min()
                        .orElse(Long.MAX_VALUE);
        return oldest == Long.MAX_VALUE
                ? Duration.ZERO
                : Duration.ofMillis(Math.max(0, ticker.now().toEpochMilli() - oldest));
    }
}
