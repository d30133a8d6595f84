package dev.thac.runtime;

import dev.thac.cascade.Answers;
import dev.thac.cost.SpendBook;
import dev.thac.event.ErrorCode;
import dev.thac.event.Finding;
import dev.thac.event.ThacException;
import dev.thac.kafka.DeliveryMode;
import dev.thac.kafka.Journal;
import dev.thac.kafka.Lane;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A pipeline that runs in this process: its lanes, each watched and started again after an error,
 * and the figures of all of them. Thread-safe.
 */
public final class PipelineRuntime {

    private static final Logger LOGGER = LoggerFactory.getLogger(PipelineRuntime.class);

    private final PipelineSpec spec;
    private final Tally tally;
    private final Instant since;
    private final List<Finding> warnings;
    private final List<LaneKeeper> keepers = new ArrayList<>();
    private final List<Companion> companions;
    private final LaneWork work;
    private final LaneFigures figures;

    /** Lanes and companions that have not ended. */
    private final CountDownLatch ended;

    private final AtomicInteger running;
    private final AtomicBoolean companionsStopping = new AtomicBoolean();
    private volatile @Nullable Claim claim;
    private volatile @Nullable SpendReports spend;
    private volatile @Nullable Throwable companionFailure;
    private volatile Optional<Alerts> alerts = Optional.empty();
    private volatile boolean stopping;
    private volatile boolean paused;

    /** A pipeline that {@link PipelineStart} gives its lanes. */
    PipelineRuntime(
            PipelineSpec spec,
            LaneWork work,
            List<Companion> companions,
            Meters meters,
            Ticker ticker,
            List<Finding> warnings) {
        this.spec = spec;
        this.work = work;
        this.companions = List.copyOf(companions);
        this.warnings = List.copyOf(warnings);
        this.since = ticker.now();
        this.tally = new Tally(spec.pipeline(), meters, since);
        this.figures = new LaneFigures(spec, tally, keepers, ticker);
        int parts = spec.laneCount() + companions.size();
        this.ended = new CountDownLatch(parts);
        this.running = new AtomicInteger(parts);
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
        Journal journal = PipelineStart.journal(spec, settings, meters, ticker);
        Answers answers = journal == null ? Answers.NONE : journal;
        FlowSpec flow = spec.flow(project);
        SpendBook book = new SpendBook(spec.pipeline(), project.days(), meters);
        Treasury treasury = Treasury.of(spec, project, settings, ticker);
        Models paid = treasury.pay(models);
        Enriching lookups = Enriching.of(spec, project, settings, meters);
        Pipeline pipeline =
                Pipeline.of(
                        flow,
                        Pipeline.around(flow, paid::get, answers, meters, ticker).withBook(book),
                        lookups.sources());
        PipelineFlow judging = new PipelineFlow(pipeline);
        LaneWork work = new LaneWork(judging, journal, models, book, treasury, lookups);
        Optional<Alerts> alerts = Alerts.of(spec, project, settings, meters, ticker);
        List<Companion> companions = Companions.of(spec, project, settings, meters, ticker);
        companions.addAll(lookups.companions());
        PipelineRuntime runtime =
                new PipelineStart(spec, settings, meters, ticker).start(work, companions);
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
        if (spec.context().isPresent()) {
            throw new ThacException(
                    ErrorCode.BAD_SPEC,
                    "a pipeline with context cannot be replayed: the history of that time is gone");
        }
        Meters meters = new Meters(); // those of the pipeline have its gauges already
        PipelineSpec again = spec.replayed(replay.group());
        RuntimeSettings named = settings.named(settings.instance() + "-replay-" + replay.id());
        FlowSpec flow = again.flow(project);
        SpendBook book = new SpendBook(again.pipeline(), project.days(), meters);
        Treasury treasury = Treasury.of(again, project, named, ticker);
        Models paid = treasury.pay(models);
        Enriching lookups = Enriching.of(again, project, named, meters);
        Pipeline pipeline =
                Pipeline.of(
                        flow,
                        Pipeline.around(flow, paid::get, Answers.NONE, meters, ticker)
                                .withBook(book),
                        lookups.sources());
        ReplayFlow replayed = new ReplayFlow(new PipelineFlow(pipeline), replay);
        LaneWork work = new LaneWork(replayed, null, models, book, treasury, lookups);
        return new PipelineStart(again, named, meters, ticker).start(work, lookups.companions());
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
        LaneWork work = new LaneWork(flow, null, null, null, Treasury.NONE, null);
        return new PipelineStart(spec, settings, meters, ticker).start(work, List.of());
    }

    /** Counts what its lanes do. */
    Tally tally() {
        return tally;
    }

    /** One lane more, not started yet. */
    void add(LaneKeeper keeper) {
        keepers.add(keeper);
    }

    /** Starts what stands around the lanes, then the lanes. */
    void begin(RuntimeSettings settings, @Nullable Claim held, Meters meters, Ticker ticker) {
        claim = held;
        figures.register(meters, this::state);
        work.treasury().start(meters, this::trouble);
        Journal journal = work.journal();
        if (journal != null) {
            journal.start(this::trouble);
        }
        SpendBook book = work.book();
        if (book != null && !spec.analyses().isEmpty()) {
            SpendReports reports = SpendReports.of(book, spec, settings, ticker, this::trouble);
            spend = reports;
            reports.start();
        }
        Companion.Host host = new CompanionHost();
        companions.forEach(companion -> companion.start(host));
        keepers.forEach(LaneKeeper::start);
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
        work.treasury().order(orders);
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
        stopCompanions(drain);
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
                work.treasury().statuses(),
                alerts.map(Alerts::statuses).orElse(List.of()),
                companions.stream().map(Companion::status).toList());
    }

    /** One lane will not start again; if an error is why, the others cannot go on alone. */
    void laneEnded(LaneKeeper keeper) {
        if (keeper.failure().isPresent()) {
            stopAll();
        }
        partEnded();
    }

    private void stopAll() {
        Duration drain = spec.limits().drain();
        keepers.forEach(each -> each.stop(drain));
        stopCompanions(drain);
    }

    /** Returns at once. */
    private void stopCompanions(Duration drain) {
        if (!companionsStopping.compareAndSet(false, true)) {
            return;
        }
        for (Companion companion : companions) {
            Thread.ofVirtual()
                    .name("thac-stop-" + companion.name())
                    .start(
                            () -> {
                                try {
                                    companion.stop(drain);
                                } catch (InterruptedException _) {
                                    Thread.currentThread().interrupt();
                                } finally {
                                    partEnded();
                                }
                            });
        }
    }

    /** The last one takes with it what all of them use. */
    private void partEnded() {
        if (running.decrementAndGet() == 0) {
            work.treasury().close();
            Enriching lookups = work.lookups();
            if (lookups != null) {
                lookups.close();
            }
            Journal kept = work.journal();
            if (kept != null) {
                kept.close();
            }
            Claim held = claim;
            if (held != null) {
                held.close();
            }
            SpendReports spent = spend;
            if (spent != null) {
                spent.close();
            }
        }
        ended.countDown();
    }

    /** What the companions say. */
    private final class CompanionHost implements Companion.Host {
        @Override
        public void trouble(String what, Exception cause) {
            PipelineRuntime.this.trouble(what, cause);
        }

        @Override
        public void failed(Companion companion, Throwable cause) {
            companionFailure = cause;
            tally.trouble(companion.kind() + " " + companion.name() + ": " + cause.getMessage());
            stopAll();
        }
    }

    private PipelineState state() {
        if (companionFailure != null
                || keepers.stream().anyMatch(keeper -> keeper.failure().isPresent())) {
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
        Stream.concat(
                        keepers.stream().map(LaneKeeper::failure).flatMap(Optional::stream),
                        Optional.ofNullable(companionFailure).stream())
                .findFirst()
                .ifPresent(
                        cause -> {
                            throw new ThacException(
                                    cause instanceof ThacException known
                                            ? known.code()
                                            : ErrorCode.INTERNAL,
                                    "pipeline " + spec.pipeline() + " ended: " + cause.getMessage(),
                                    cause);
                        });
    }
}
