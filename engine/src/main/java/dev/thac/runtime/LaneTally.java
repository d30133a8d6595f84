package dev.thac.runtime;

import dev.thac.event.Delivery;
import dev.thac.event.Failure;
import dev.thac.event.Outcome;
import dev.thac.event.RecordId;
import dev.thac.event.SinkRecord;
import dev.thac.event.Trail;
import dev.thac.event.Verdict;
import dev.thac.kafka.Lane;
import dev.thac.meter.Meters;
import dev.thac.meter.Metric;
import dev.thac.recover.RetryTopics;
import dev.thac.resilience.Ticker;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.util.TreeMap;
import java.util.function.DoubleConsumer;

/**
 * Counts what one lane commits and hands it to the pipeline's {@link Tally}, commit by commit. Used
 * by the lane thread only.
 */
final class LaneTally implements Lane.Listener {

    static final String ROUTED = "routed";
    static final String FILTERED = "filtered";
    static final String SAMPLED_OUT = "sampled-out";
    static final String DEAD_LETTERED = "dead-lettered";

    private static final Logger LOGGER = LoggerFactory.getLogger(LaneTally.class);

    private final String pipeline;
    private final Tally tally;
    private final Meters meters;
    private final Ticker ticker;
    private final Meters.Distribution eventSeconds;
    private final Meters.Distribution loopSeconds;
    private Tally.Counts counts = new Tally.Counts();
    private long routed;
    private long filtered;
    private long sampledOut;
    private @Nullable String route;
    private long routeCount;
    private long nowMillis;
    private boolean fresh = true;

    private DoubleConsumer share = _ -> {};

    LaneTally(String pipeline, Tally tally, Meters meters, Ticker ticker) {
        this.pipeline = pipeline;
        this.tally = tally;
        this.meters = meters;
        this.ticker = ticker;
        this.eventSeconds = meters.distribution(Metric.EVENT_SECONDS, pipeline);
        this.loopSeconds = meters.distribution(Metric.LANE_LOOP_SECONDS, pipeline);
    }

    @Override
    public void read(String topic, int records) {
        tally.read(topic, records);
    }

    @Override
    public void foreign(RecordId id) {
        tally.foreign();
        tally.trouble(id + " is in a retry topic and names no event of this pipeline");
        LOGGER.atWarn()
                .addKeyValue("pipeline", pipeline)
                .addKeyValue("record", id)
                .log("a record of a retry topic names no event: it is judged as one of its own");
    }

    @Override
    public void settled(Delivery delivery, Outcome outcome) {
        if (fresh) {
            fresh = false;
            nowMillis = ticker.now().toEpochMilli();
        }
        if (!(outcome instanceof Outcome.RetryLater)) {
            eventSeconds.record(Math.max(0, nowMillis - delivery.timestamp()) / 1e3);
        }
        switch (outcome) {
            case Outcome.Routed written -> {
                routed++;
                for (SinkRecord record : written.records()) {
                    wrote(record.topic());
                }
            }
            case Outcome.FilteredOut _ -> filtered++;
            case Outcome.SampledOut _ -> sampledOut++;
            case Outcome.DeadLettered dead -> {
                counts.outcomes.merge(DEAD_LETTERED, 1L, Long::sum);
                counts.deadLetters.merge(dead.failure().code().label(), 1L, Long::sum);
                failed(dead.failure());
            }
            case Outcome.RetryLater later ->
                    counts.retried.merge(
                            new Tally.Retried(
                                    later.record()
                                            .topic()
                                            .substring(RetryTopics.prefix(pipeline).length()),
                                    later.failure().code().label()),
                            1L,
                            Long::sum);
        }
        judged(outcome.trail());
    }

    @Override
    public void commit(boolean success) {
        meters.add(Metric.COMMITS, 1, pipeline, success ? "committed" : "given-up");
        if (success) {
            flushRoute();
            add(ROUTED, routed);
            add(FILTERED, filtered);
            add(SAMPLED_OUT, sampledOut);
            routed = 0;
            filtered = 0;
            sampledOut = 0;
            fresh = true;
            tally.committed(counts, ticker.now());
            counts = new Tally.Counts();
        }
    }

    @Override
    public void expired(String topic, long offsets) {
        meters.add(Metric.EVENTS_EXPIRED, (double) offsets, pipeline, topic);
        tally.trouble(
                offsets
                        + " offsets of "
                        + topic
                        + " that were not finished are gone: the topic's retention has passed"
                        + " them");
    }

    @Override
    public void turned(Duration busy) {
        loopSeconds.record(busy.toNanos() / 1e9);
    }

    /** Tells somebody which part of its source the lane holds. */
    LaneTally telling(DoubleConsumer whom) {
        share = whom;
        return this;
    }

    @Override
    public void holds(int partitions, int all) {
        share.accept(all == 0 ? 0 : (double) partitions / all);
    }

    @Override
    public void rebalanced() {
        meters.add(Metric.REBALANCES, 1, pipeline);
    }

    @Override
    public void trouble(String what, Exception cause) {
        String message = what + ": " + cause.getMessage();
        tally.trouble(message);
        LOGGER.atWarn()
                .addKeyValue("pipeline", pipeline)
                .addKeyValue("cause", cause.toString())
                .log(what);
    }

    @Override
    public void ended(@Nullable Throwable failure) {
        if (failure != null) {
            Instant now = ticker.now();
            tally.trouble("lane ended at " + now + ": " + failure.getMessage());
        }
    }

    private void failed(Failure failure) {
        counts.failures.merge(
                new Tally.FailedAt(failure.stage(), failure.code().label()), 1L, Long::sum);
    }

    private void wrote(String topic) {
        if (!topic.equals(route)) {
            flushRoute();
            route = topic;
        }
        routeCount++;
    }

    private void flushRoute() {
        if (route != null && routeCount > 0) {
            counts.routes.merge(route, routeCount, Long::sum);
            routeCount = 0;
        }
    }

    private void judged(Trail trail) {
        for (Verdict verdict : trail.reached()) {
            counts.tokens = counts.tokens.plus(verdict.usage());
            counts.cost = counts.cost.plus(verdict.cost());
            if (verdict.result() instanceof Verdict.Result.Answered) {
                counts.decisions
                        .computeIfAbsent(verdict.analysis(), name -> new TreeMap<>())
                        .merge(verdict.tier(), 1L, Long::sum);
            }
        }
    }

    private void add(String outcome, long events) {
        if (events > 0) {
            counts.outcomes.merge(outcome, events, Long::sum);
        }
    }
}
