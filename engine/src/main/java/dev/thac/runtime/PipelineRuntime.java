package dev.thac.runtime;

import dev.thac.cascade.Answers;
import dev.thac.cost.SpendBook;
import dev.thac.event.ErrorCode;
import dev.thac.event.Finding;
import dev.thac.event.ThacException;
import dev.thac.kafka.BrokerAbilities;
import dev.thac.kafka.DeliveryMode;
import dev.thac.kafka.Diagnosis;
import dev.thac.kafka.Journal;
import dev.thac.kafka.JournalSettings;
import dev.thac.kafka.Lane;
import dev.thac.kafka.LaneSettings;
import dev.thac.kafka.LaneSource;
import dev.thac.kafka.LaneTask;
import dev.thac.kafka.StartPosition;
import dev.thac.kafka.Topics;
import dev.thac.meter.Meters;
import dev.thac.model.Claim;
import dev.thac.model.Models;
import dev.thac.pipeline.FlowSpec;
import dev.thac.pipeline.Pipeline;
import dev.thac.resilience.Ticker;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A pipeline that runs in this process: its lanes, each watched and started again after an error,
 * and the figures of all of them. Thread-safe.
 */
public final class PipelineRuntime {

    /** What only the classic consumer group protocol knows; in the new one the brokers decide. */
    private static final Set<String> CLASSIC =
            Set.of("session.timeout.ms", "heartbeat.interval.ms", "partition.assignment.strategy");

    private static final Logger LOGGER = LoggerFactory.getLogger(PipelineRuntime.class);

    private final PipelineSpec spec;
    private final Tally tally;
    private final Instant since;
    private final List<Finding> warnings;
    private final List<LaneKeeper> keepers = new ArrayList<>();
    private final LaneFigures figures;
    private final CountDownLatch ended;
    private final AtomicInteger running;
    private volatile @Nullable Journal journal;
    private volatile @Nullable Claim claim;
    private volatile @Nullable SpendReports spend;
    private volatile Treasury treasury = Treasury.NONE;
    private volatile Optional<Alerts> alerts = Optional.empty();
    private volatile boolean stopping;
    private volatile boolean paused;

    private PipelineRuntime(
            PipelineSpec spec, Meters meters, Ticker ticker, List<Finding> warnings) {
        this.spec = spec;
        this.warnings = List.copyOf(warnings);
        this.since = ticker.now();
        this.tally = new Tally(spec.pipeline(), meters, since);
        this.figures = new LaneFigures(spec, tally, keepers, ticker);
        this.ended = new CountDownLatch(spec.lanes().min());
        this.running = new AtomicInteger(spec.lanes().min());
    }

    /**
     * Starts a pipeline. Returns when the topics are known to exist; lanes connect by themselves.
     *
     * @param spec the pipeline
     * @param project the project it belongs to
     * @param settings where and how
     * @param models its models
     * @param meters where figures go; fresh for every start of the same pipeline in a process,
     *     since a gauge is registered once
     * @param ticker the time
     * @return the running pipeline
     * @throws ThacException BAD_SPEC, TOPIC_MISSING, KAFKA_UNAVAILABLE, KAFKA_DENIED, KAFKA_UNFIT
     * @throws InterruptedException when the calling thread is interrupted
     */
    public static PipelineRuntime start(
            PipelineSpec spec,
            ProjectSpec project,
            RuntimeSettings settings,
            Models models,
            Meters meters,
            Ticker ticker)
            throws InterruptedException {
        Journal journal = journal(spec, settings, meters, ticker);
        Answers answers = journal == null ? Answers.NONE : journal;
        FlowSpec flow = spec.flow(project);
        SpendBook book = new SpendBook(spec.pipeline(), project.days(), meters);
        Treasury treasury = Treasury.of(spec, project, settings, ticker);
        Models paid = treasury.pay(models);
        Pipeline pipeline =
                Pipeline.of(
                        flow,
                        Pipeline.around(flow, paid::get, answers, meters, ticker).withBook(book));
        Work work = new Work(new PipelineFlow(pipeline), journal, models, book, treasury);
        Optional<Alerts> alerts = Alerts.of(spec, project, settings, meters, ticker);
        PipelineRuntime runtime = start(spec, settings, work, meters, ticker);
        runtime.alerts = alerts;
        alerts.ifPresent(Alerts::start);
        return runtime;
    }

    /**
     * Starts a replay of a pipeline: the same stages and routes, on a part of the source, with a
     * group of its own. Its records carry {@code thac.replay}; what cannot be settled becomes a
     * dead letter at once, since the retry topics are read by the pipeline itself.
     *
     * @param spec the pipeline
     * @param project the project it belongs to
     * @param settings where and how; as those of the pipeline in this process
     * @param models its models
     * @param ticker the time
     * @param replay what is judged again
     * @return the running replay; it does not end by itself
     * @throws ThacException BAD_SPEC, TOPIC_MISSING, KAFKA_UNAVAILABLE
     * @throws InterruptedException when the calling thread is interrupted
     */
    public static PipelineRuntime replay(
            PipelineSpec spec,
            ProjectSpec project,
            RuntimeSettings settings,
            Models models,
            Ticker ticker,
            Replay replay)
            throws InterruptedException {
        Meters meters = new Meters(); // those of the pipeline have its gauges already
        PipelineSpec again = spec.replayed(replay.group());
        RuntimeSettings named = settings.named(settings.instance() + "-replay-" + replay.id());
        FlowSpec flow = again.flow(project);
        SpendBook book = new SpendBook(again.pipeline(), project.days(), meters);
        Treasury treasury = Treasury.of(again, project, named, ticker);
        Models paid = treasury.pay(models);
        Pipeline pipeline =
                Pipeline.of(
                        flow,
                        Pipeline.around(flow, paid::get, Answers.NONE, meters, ticker)
                                .withBook(book));
        ReplayFlow replayed = new ReplayFlow(new PipelineFlow(pipeline), replay);
        Work work = new Work(replayed, null, models, book, treasury);
        return start(again, named, work, meters, ticker);
    }

    /**
     * Starts a pipeline with a flow of its own. Returns when the topics are known to exist; lanes
     * connect by themselves.
     *
     * @param spec the pipeline
     * @param settings where and how
     * @param flow what to do with each record
     * @param meters where figures go; of its own for every start, since gauges are registered once
     * @param ticker the time
     * @return the running pipeline
     * @throws ThacException TOPIC_MISSING, KAFKA_UNAVAILABLE, KAFKA_DENIED, KAFKA_UNFIT
     * @throws InterruptedException when the calling thread is interrupted
     */
    static PipelineRuntime start(
            PipelineSpec spec,
            RuntimeSettings settings,
            Lane.Flow flow,
            Meters meters,
            Ticker ticker)
            throws InterruptedException {
        Work work = new Work(flow, null, null, null, Treasury.NONE);
        return start(spec, settings, work, meters, ticker);
    }

    /** What lanes do, and what they ask before they begin. */
    private record Work(
            Lane.Flow flow,
            @Nullable Journal journal,
            @Nullable Models models,
            @Nullable SpendBook book,
            Treasury treasury) {
        LaneTask task(LaneSettings settings, LaneTally tally, Ticker ticker) {
            LaneTask task = LaneTask.of(settings, flow, tally, ticker);
            return journal == null ? task : task.withRecovery(journal.recovery());
        }

        /** What its lanes will hold of the source is its share of the accounts. */
        @Nullable Claim claim(String pipeline) {
            return models == null ? null : models.claim(pipeline);
        }
    }

    private static PipelineRuntime start(
            PipelineSpec spec, RuntimeSettings settings, Work work, Meters meters, Ticker ticker)
            throws InterruptedException {
        boolean started = false;
        try {
            PipelineRuntime runtime = begin(spec, settings, work, meters, ticker);
            started = true;
            return runtime;
        } finally {
            if (!started) {
                work.treasury().close();
            }
        }
    }

    private static void createTopics(
            PipelineSpec spec,
            PipelineTopics needed,
            RuntimeSettings settings,
            Map<String, String> kafka)
            throws InterruptedException {
        if (settings.newTopicPartitions().isPresent()) {
            try (Topics topics =
                    Topics.open(settings.brokers(), kafka, "thac-" + spec.pipeline() + "-start")) {
                needed.create(topics, settings.newTopicPartitions().getAsInt());
            }
        }
    }

    private static PipelineRuntime begin(
            PipelineSpec spec, RuntimeSettings settings, Work work, Meters meters, Ticker ticker)
            throws InterruptedException {
        PipelineTopics needed = new PipelineTopics(spec, work.treasury().budgets());
        Map<String, String> kafka = Preflight.kafka(spec, settings);
        createTopics(spec, needed, settings, kafka);
        BrokerAbilities abilities =
                settings.abilities().isPresent()
                        ? settings.abilities().get()
                        : Preflight.require(spec, needed, settings, ticker);
        // Settings of the classic protocol are honoured: the new one refuses them.
        if (Collections.disjoint(kafka.keySet(), CLASSIC) && abilities.newGroupProtocol()) {
            kafka.putIfAbsent("group.protocol", "consumer");
        }
        PipelineRuntime runtime = new PipelineRuntime(spec, meters, ticker, abilities.warnings());
        Claim claim = work.claim(spec.pipeline());
        runtime.claim = claim;
        runtime.treasury = work.treasury();
        for (int number = 0; number < spec.lanes().min(); number++) {
            int lane = number;
            LaneSettings laneSettings =
                    new LaneSettings(
                            spec.pipeline(),
                            settings.instance(),
                            lane,
                            spec.lanes().min(),
                            settings.brokers(),
                            source(spec, needed),
                            spec.delivery(),
                            spec.order(),
                            abilities.metadataChars(),
                            spec.limits(),
                            kafka);
            LaneTally laneTally = new LaneTally(spec.pipeline(), runtime.tally, meters, ticker);
            if (claim != null) {
                laneTally.telling(part -> claim.hold(lane, part));
            }
            runtime.keepers.add(
                    new LaneKeeper(
                            () -> Lane.start(work.task(laneSettings, laneTally, ticker)),
                            error -> Diagnosis.of(error, laneSettings),
                            runtime.tally,
                            ticker,
                            runtime::laneEnded));
        }
        runtime.figures.register(meters, runtime::state);
        work.treasury().start(meters, runtime::trouble);
        Journal journal = work.journal();
        if (journal != null) {
            runtime.journal = journal;
            journal.start(runtime::trouble);
        }
        SpendBook book = work.book();
        if (book != null && !spec.analyses().isEmpty()) {
            runtime.spend = SpendReports.of(book, spec, settings, ticker, runtime::trouble);
            runtime.spend.start();
        }
        runtime.keepers.forEach(LaneKeeper::start);
        return runtime;
    }

    private static LaneSource source(PipelineSpec spec, PipelineTopics needed) {
        return new LaneSource(
                needed.sources(),
                needed.retries(),
                spec.source().group(),
                StartPosition.parse(spec.source().start()),
                spec.source().isolation(),
                spec.source().foreignMetadata());
    }

    /** The journal as the file wants it, not connected yet. */
    private static @Nullable Journal journal(
            PipelineSpec spec, RuntimeSettings settings, Meters meters, Ticker ticker) {
        if (spec.journalTopic().isEmpty()) {
            return null;
        }
        return Journal.of(
                new JournalSettings(
                        spec.pipeline(),
                        settings.instance(),
                        settings.brokers(),
                        spec.journalTopic().get(),
                        List.copyOf(new PipelineTopics(spec).retries().keySet()),
                        spec.limits().openBytes(),
                        Preflight.kafka(spec, settings)),
                meters,
                ticker);
    }

    private void trouble(String what, Exception cause) {
        tally.trouble(what + ": " + cause.getMessage());
        LOGGER.atWarn()
                .addKeyValue("pipeline", spec.pipeline())
                .addKeyValue("cause", cause.toString())
                .log(what);
    }

    /**
     * Lets no more events in. Those that are open finish and are committed; the instance keeps its
     * partitions. Returns at once; the state becomes {@link PipelineState#PAUSED}.
     */
    public void pause() {
        paused = true;
        keepers.forEach(keeper -> keeper.pause(true));
    }

    /** Lets events in again. Returns at once. */
    public void resume() {
        paused = false;
        keepers.forEach(keeper -> keeper.pause(false));
    }

    /**
     * Does what operators want of the budgets that pay for this pipeline. Returns at once.
     *
     * @param orders by the budgets' names; for those left out the file holds
     */
    public void budgets(Map<String, BudgetOrder> orders) {
        treasury.order(orders);
    }

    /**
     * Stops reading, finishes what is open, commits and ends. Returns when that is done.
     *
     * @param drain the longest wait for open events; what is open then stays uncommitted and is
     *     read again at the next start
     * @throws InterruptedException when the calling thread is interrupted
     */
    public void stop(Duration drain) throws InterruptedException {
        stopping = true;
        keepers.forEach(keeper -> keeper.stop(drain));
        try {
            awaitStopped();
        } finally {
            alerts.ifPresent(Alerts::close);
        }
    }

    /**
     * As {@link #stop(Duration)}, waiting as long as {@code limits.drain} says.
     *
     * @throws InterruptedException when the calling thread is interrupted
     */
    public void stop() throws InterruptedException {
        stop(spec.limits().drain());
    }

    /**
     * Waits until the pipeline has ended.
     *
     * @throws InterruptedException when the calling thread is interrupted
     * @throws ThacException the error that restarting did not cure
     */
    public void awaitStopped() throws InterruptedException {
        ended.await();
        throwFailure();
    }

    /**
     * Waits until the pipeline has ended, not for ever.
     *
     * @param wait the longest wait
     * @return whether it has
     * @throws InterruptedException when the calling thread is interrupted
     * @throws ThacException the error that restarting did not cure
     */
    public boolean awaitStopped(Duration wait) throws InterruptedException {
        boolean done = ended.await(wait.toNanos(), TimeUnit.NANOSECONDS);
        if (done) {
            throwFailure();
        }
        return done;
    }

    /**
     * The pipeline's name.
     *
     * @return the name in the file
     */
    public String pipeline() {
        return spec.pipeline();
    }

    /**
     * What the start found that works, but not as it could.
     *
     * @return the warnings
     */
    public List<Finding> warnings() {
        return warnings;
    }

    /**
     * How outputs and offsets are made durable.
     *
     * @return the mode in use
     */
    public DeliveryMode delivery() {
        return spec.delivery();
    }

    /**
     * The pipeline at this moment.
     *
     * @return a consistent copy of the counts; what lanes are doing is at most about a quarter of a
     *     second old
     */
    public PipelineStatus status() {
        return figures.status(
                state(),
                since,
                treasury.statuses(),
                alerts.map(Alerts::statuses).orElse(List.of()));
    }

    /** One lane will not start again; if an error is why, the others cannot go on alone. */
    private void laneEnded(LaneKeeper keeper) {
        if (keeper.failure().isPresent()) {
            keepers.forEach(each -> each.stop(spec.limits().drain()));
        }
        Journal kept = journal;
        SpendReports spent = spend;
        if (running.decrementAndGet() == 0) {
            treasury.close();
            if (kept != null) {
                kept.close();
            }
            Claim held = claim;
            if (held != null) {
                held.close();
            }
            if (spent != null) {
                spent.close();
            }
        }
        ended.countDown();
    }

    private PipelineState state() {
        if (keepers.stream().anyMatch(keeper -> keeper.failure().isPresent())) {
            return PipelineState.FAILED;
        }
        if (ended.getCount() == 0) {
            return PipelineState.STOPPED;
        }
        if (stopping) {
            return PipelineState.DRAINING;
        }
        return paused ? PipelineState.PAUSED : PipelineState.RUNNING;
    }

    private void throwFailure() {
        for (LaneKeeper keeper : keepers) {
            Optional<Throwable> failure = keeper.failure();
            if (failure.isPresent()) {
                Throwable cause = failure.get();
                throw new ThacException(
                        cause instanceof ThacException known ? known.code() : ErrorCode.INTERNAL,
                        "pipeline " + spec.pipeline() + " ended: " + cause.getMessage(),
                        cause);
            }
        }
    }
}
