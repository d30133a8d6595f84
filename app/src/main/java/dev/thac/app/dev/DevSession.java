package dev.thac.app.dev;

import dev.thac.app.http.StatusServer;
import dev.thac.app.kafka.PipelineTopics;
import dev.thac.app.live.LiveLine;
import dev.thac.app.live.RunningPipelines;
import dev.thac.app.live.Summary;
import dev.thac.app.live.TierOrder;
import dev.thac.app.live.Totals;
import dev.thac.app.model.ModelSetup;
import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.Shutdown;
import dev.thac.app.terminal.Style;
import dev.thac.app.terminal.Terminal;
import dev.thac.app.terminal.Version;
import dev.thac.event.Delivery;
import dev.thac.event.Money;
import dev.thac.event.RecordId;
import dev.thac.event.ThacException;
import dev.thac.kafka.BrokerAbilities;
import dev.thac.meter.Meters;
import dev.thac.model.Models;
import dev.thac.pipeline.FlowSpec;
import dev.thac.resilience.Ticker;
import dev.thac.runtime.Loaded;
import dev.thac.runtime.PipelineFiles;
import dev.thac.runtime.PipelineRuntime;
import dev.thac.runtime.PipelineSpec;
import dev.thac.runtime.PipelineStatus;
import dev.thac.runtime.RuntimeSettings;
import dev.thac.testkit.broker.EmbeddedKafka;
import dev.thac.window.LocalContext;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * One {@code thac dev}: broker, models, events, the pipeline and its page, from start to summary.
 * Used by one thread.
 */
public final class DevSession {

    private static final Duration TICK = Duration.ofMillis(25);
    private static final Duration WATCH = Duration.ofMillis(400);
    private static final Duration RESTART_DRAIN = Duration.ofSeconds(3);
    private static final int PARTITIONS = 4;
    private static final int REAL_EVENTS = 20;
    private static final double WATCHABLE_RATE = 20;

    private final DevOptions options;
    private final Terminal terminal;
    private final Instant processStart;
    private final CompanionResults companions = new CompanionResults();
    private boolean noLanes;
    private Totals before = Totals.NONE;
    private @Nullable Duration firstVerdict;
    private volatile @Nullable RunningPipelines running;

    /**
     * A session.
     *
     * @param options what was asked for
     * @param terminal where to talk
     * @param processStart what the time to the first verdict is counted from
     */
    public DevSession(DevOptions options, Terminal terminal, Instant processStart) {
        this.options = options;
        this.terminal = terminal;
        this.processStart = processStart;
    }

    /**
     * Runs until Ctrl-C, the asked duration, or the last event.
     *
     * @param file the pipeline file, without problems
     * @param supply where events come from; closed at the end
     * @param shutdown says when to end
     * @return the exit code, and the summary
     * @throws InterruptedException when the calling thread is interrupted
     * @throws ThacException the error that ended the pipeline
     */
    public Result run(Loaded file, EventSupply supply, Shutdown shutdown)
            throws InterruptedException {
        try (Surroundings around = Surroundings.start(options, terminal)) {
            Loaded loaded = around.over(file);
            ModelSetup setup = models(loaded.flow(), around);
            EmbeddedKafka kafka = around.broker();
            RunningPipelines first = start(loaded, setup, around);
            try (LatestRecords latest = latest(loaded.orThrow(), kafka);
                    StatusServer page = page(latest)) {
                long limit = limit(setup);
                startScreen(loaded, setup, kafka, supply, page);
                DevDatabases databases = around.databases();
                databases.address().ifPresent(at -> row("Database", at, databases.note(loaded)));
                DevLookups lookups = around.lookups();
                lookups.address().ifPresent(at -> row("Lookups", at, lookups.note()));
                DevWebhooks webhooks = around.webhooks();
                webhooks.address().ifPresent(at -> row("Webhook", at, webhooks.note()));
                PipelineSpec spec = loaded.orThrow();
                String topic =
                        spec.source().topic().orElseGet(() -> spec.source().topics().getFirst());
                noLanes = spec.laneCount() == 0;
                Instant began = Instant.now();
                try (EventFeed feed =
                        EventFeed.start(
                                supply,
                                topic,
                                kafka.bootstrapServers(),
                                limit,
                                rate(),
                                historyKeys(loaded, topic))) {
                    LiveLine line =
                            new LiveLine(terminal, first.simulated(), TierOrder.of(loaded.flow()));
                    ExitCode code = watch(around, feed, line, shutdown);
                    line.end();
                    List<String> results =
                            CompanionResults.lines(
                                    spec, current().statuses(), kafka.bootstrapServers());
                    stop(code);
                    noteWindowed(spec, feed, kafka);
                    return new Result(code, summary(loaded, setup, began, results));
                }
            }
        }
    }

    /**
     * How it ended.
     *
     * @param code the exit code
     * @param summary what was done
     */
    public record Result(ExitCode code, Summary summary) {}

    /** As a producer would: events whose history belongs together go to one partition, in order. */
    private static Function<String, Optional<String>> historyKeys(Loaded loaded, String topic) {
        LocalContext context = LocalContext.of(loaded.flow(), loaded.orThrow().source().time());
        return value ->
                context.key(
                        new Delivery(
                                new RecordId(topic, 0, 0),
                                System.currentTimeMillis(),
                                null,
                                value.getBytes(StandardCharsets.UTF_8),
                                List.of()));
    }

    private ModelSetup models(FlowSpec flow, Surroundings around) {
        Map<String, String> environment = terminal.environment();
        return ModelSetup.simulating(
                ModelSetup.used(flow),
                environment,
                spec -> options.simulate() || !ModelSetup.reachable(spec, environment),
                around.simulator().baseUri());
    }

    private RunningPipelines start(Loaded loaded, ModelSetup setup, Surroundings around)
            throws InterruptedException {
        EmbeddedKafka kafka = around.broker();
        Meters meters = new Meters();
        Models models = setup.open(meters, loaded.prices());
        if (!setup.real().isEmpty() && running == null) {
            Optional<Long> events =
                    limit(setup) == Long.MAX_VALUE ? Optional.empty() : Optional.of(limit(setup));
            CostWarning.lines(loaded.flow(), setup, models, events)
                    .forEach(
                            each ->
                                    terminal.err()
                                            .println(Style.YELLOW.paint(each, terminal.colors())));
        }
        RuntimeSettings settings =
                RuntimeSettings.of(kafka.bootstrapServers())
                        .withKafka(loaded.project().kafka())
                        .withSecrets(around.webhooks().secrets())
                        .creatingTopics(PARTITIONS)
                        .knowing(BrokerAbilities.ofOwnVersion());
        PipelineRuntime runtime =
                PipelineRuntime.start(
                        DevPipeline.fromTheBeginning(loaded.orThrow()),
                        loaded.project(),
                        settings,
                        models,
                        meters,
                        Ticker.system());
        RunningPipelines started =
                new RunningPipelines(
                        List.of(runtime),
                        List.of(models),
                        meters,
                        kafka.bootstrapServers(),
                        !setup.simulated().isEmpty());
        running = started;
        return started;
    }

    private ExitCode watch(Surroundings around, EventFeed feed, LiveLine line, Shutdown shutdown)
            throws InterruptedException {
        FileWatch watch = new FileWatch(options.file());
        Instant end = options.duration().map(Instant.now()::plus).orElse(Instant.MAX);
        Instant nextLook = Instant.now().plus(WATCH);
        while (!shutdown.await(TICK)) {
            Instant now = Instant.now();
            RunningPipelines current = current();
            List<PipelineStatus> statuses = current.statuses();
            noteFirstVerdict(statuses, now);
            line.tick(now, statuses);
            boolean failed = current.pipelines().getFirst().awaitStopped(Duration.ZERO);
            if (failed || now.isAfter(end) || finished(feed)) {
                feed.trouble().ifPresent(trouble -> terminal.err().println(trouble));
                return feed.trouble().isPresent() ? ExitCode.FAILED : ExitCode.OK;
            }
            if (now.isAfter(nextLook)) {
                nextLook = now.plus(WATCH);
                if (watch.changed()) {
                    line.end();
                    reload(around);
                }
            }
        }
        return ExitCode.INTERRUPTED;
    }

    private boolean finished(EventFeed feed) {
        return options.headless()
                && companions.quiet(current().statuses(), feed.done())
                && feed.done()
                && (noLanes || totals().settled() >= feed.sent());
    }

    /** Where only windows read the events, no lane counts them. */
    private void noteWindowed(PipelineSpec spec, EventFeed feed, EmbeddedKafka kafka)
            throws InterruptedException {
        if (noLanes) {
            String topic = spec.failures().deadLetter().orElse(spec.pipeline() + ".dlq");
            long dead = CompanionResults.deadLetters(topic, kafka.bootstrapServers());
            before =
                    new Totals(
                            Map.of(Summary.WINDOWED, feed.sent() - dead, "dead-lettered", dead),
                            Map.of(),
                            Map.of(),
                            Map.of(),
                            Money.ZERO);
        }
    }

    private void noteFirstVerdict(List<PipelineStatus> statuses, Instant now) {
        if (firstVerdict == null
                && statuses.stream()
                        .anyMatch(
                                status ->
                                        !status.decisions().isEmpty()
                                                || !status.routes().isEmpty())) {
            firstVerdict = Duration.between(processStart, now);
        }
    }

    /** A saved file with problems leaves the running pipeline as it is. */
    private void reload(Surroundings around) throws InterruptedException {
        Loaded loaded = PipelineFiles.load(options.file());
        if (!loaded.problems().isEmpty()) {
            terminal.err().println(loaded.problems().render());
            terminal.err().println("the pipeline goes on as it was; save again to try again");
            return;
        }
        RunningPipelines old = current();
        old.stop(RESTART_DRAIN);
        for (PipelineStatus status : old.statuses()) {
            before = before.plus(status);
        }
        start(around.over(loaded), models(loaded.flow(), around), around);
        terminal.err().println(options.file() + " was saved: started again with it");
    }

    private void stop(ExitCode code) throws InterruptedException {
        if (code == ExitCode.INTERRUPTED) {
            terminal.err().println(Shutdown.FINISHING);
        }
        current().stop(RESTART_DRAIN);
    }

    private RunningPipelines current() {
        RunningPipelines now = running;
        if (now == null) {
            throw new IllegalStateException("not started");
        }
        return now;
    }

    private Totals totals() {
        Totals all = before;
        for (PipelineStatus status : current().statuses()) {
            all = all.plus(status);
        }
        return all;
    }

    private long limit(ModelSetup setup) {
        long open =
                setup.real().isEmpty() || options.input().isPresent()
                        ? Long.MAX_VALUE
                        : REAL_EVENTS;
        return options.events().orElse(open);
    }

    private double rate() {
        return options.rate()
                .orElse(options.headless() ? Double.POSITIVE_INFINITY : WATCHABLE_RATE);
    }

    private Summary summary(Loaded loaded, ModelSetup setup, Instant began, List<String> results) {
        return new Summary(
                totals(),
                TierOrder.of(loaded.flow()),
                !setup.simulated().isEmpty(),
                Optional.ofNullable(firstVerdict),
                Duration.between(began, Instant.now()),
                results);
    }

    private @Nullable LatestRecords latest(PipelineSpec spec, EmbeddedKafka kafka) {
        return options.headless()
                ? null
                : LatestRecords.start(kafka.bootstrapServers(), PipelineTopics.of(spec).routes());
    }

    private @Nullable StatusServer page(@Nullable LatestRecords latest) {
        if (latest == null) {
            return null;
        }
        StatusServer.Source source = new CurrentSource(this::current, latest);
        return options.pagePort().isPresent()
                ? StatusServer.start("127.0.0.1", options.pagePort().get(), source)
                : StatusServer.startNear("127.0.0.1", StatusServer.DEFAULT_PORT, source);
    }

    private void startScreen(
            Loaded loaded,
            ModelSetup setup,
            EmbeddedKafka kafka,
            EventSupply supply,
            @Nullable StatusServer page) {
        boolean colors = terminal.colors();
        PipelineSpec spec = loaded.orThrow();
        terminal.err()
                .println(
                        Style.BOLD.paint("Thác " + Version.current(), colors)
                                + "   pipeline "
                                + spec.pipeline()
                                + " ("
                                + options.file()
                                + ")");
        row(
                "Broker",
                kafka.bootstrapServers(),
                options.dataDir().isPresent()
                        ? "embedded Kafka, data in " + kafka.directory()
                        : "embedded Kafka, data is deleted at the end (--data-dir keeps it)");
        if (!setup.simulated().isEmpty()) {
            row("Model", "simulated", String.join(", ", setup.simulated()) + ": no key needed");
        }
        if (!setup.real().isEmpty()) {
            row("Model", "real", String.join(", ", setup.real()));
        }
        row(
                "Events",
                spec.source().topic().orElse(spec.source().topics().toString()),
                supply.description());
        if (page != null) {
            row("Page", page.uri().toString(), "");
            row("Metrics", page.uri() + "/metrics", "");
        }
        row(
                "Output",
                String.join(
                        ", ", spec.routes().stream().map(route -> route.to()).distinct().toList()),
                "dead letters: " + spec.failures().deadLetter().orElse(spec.pipeline() + ".dlq"));
    }

    private void row(String name, String value, String note) {
        terminal.err()
                .println(
                        ("  %-9s %-22s  ".formatted(name, value)
                                        + Style.DIM.paint(note, terminal.colors()))
                                .stripTrailing());
    }
}
