package dev.thac.app.cli;

import dev.thac.app.control.BudgetOrders;
import dev.thac.app.control.ControlLoop;
import dev.thac.app.control.Controlled;
import dev.thac.app.control.DesiredState;
import dev.thac.app.http.StatusServer;
import dev.thac.app.kafka.KafkaAccess;
import dev.thac.app.live.BudgetWait;
import dev.thac.app.live.EndOfTopics;
import dev.thac.app.live.LiveLine;
import dev.thac.app.live.RunningPipelines;
import dev.thac.app.live.Summary;
import dev.thac.app.live.TierOrder;
import dev.thac.app.live.Totals;
import dev.thac.app.model.ModelSetup;
import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.Json;
import dev.thac.app.terminal.OutputFormat;
import dev.thac.app.terminal.Shutdown;
import dev.thac.app.terminal.Style;
import dev.thac.app.terminal.Terminal;
import dev.thac.app.terminal.UserError;
import dev.thac.app.terminal.Version;
import dev.thac.event.Finding;
import dev.thac.meter.Meters;
import dev.thac.meter.Metric;
import dev.thac.model.Accounts;
import dev.thac.model.Models;
import dev.thac.resilience.Ticker;
import dev.thac.runtime.BudgetStatus;
import dev.thac.runtime.Loaded;
import dev.thac.runtime.PipelineRuntime;
import dev.thac.runtime.PipelineSpec;
import dev.thac.runtime.PipelineState;
import dev.thac.runtime.PipelineStatus;
import dev.thac.runtime.RuntimeSettings;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code thac run}. */
@Command(
        name = "run",
        header = "Run pipelines against your brokers.",
        description =
                "Until SIGTERM or Ctrl-C: then what is open is finished and committed. "
                        + "Start it again elsewhere with the same files to share the work.",
        mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {

    private static final Duration TICK = Duration.ofMillis(250);

    /** With the default drain (25 s) the process ends before platforms kill it (30 s). */
    private static final Duration CLOSING = Duration.ofSeconds(4);

    private final Terminal terminal;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Pipeline files.")
    private List<String> files = new ArrayList<>();

    @Option(
            names = "--create-topics",
            description = "Create missing topics instead of refusing to start.")
    private boolean createTopics;

    @Option(
            names = "--partitions",
            paramLabel = "N",
            description = "Partitions of topics created (default: ${DEFAULT-VALUE}).")
    private int partitions = 6;

    @Option(
            names = "--exit-at-end",
            description =
                    "End when everything is done that was in the topics at the start; with exit"
                            + " code 4 when a budget is used up before.")
    private boolean exitAtEnd;

    @Option(
            names = "--instance",
            paramLabel = "NAME",
            description =
                    "A name that stays the same over restarts of this instance and that no"
                            + " other has. Default: random.")
    private @Nullable String instance;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            description = "Where metrics and status are served (default: ${DEFAULT-VALUE}).")
    private String host = "127.0.0.1";

    @Option(
            names = {"--metrics-port", "--port"},
            paramLabel = "PORT",
            description = "Of metrics, status and page. Default: 8086, or the next free one.")
    private @Nullable Integer port;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "Of the summary at the end: text or json (default: ${DEFAULT-VALUE}).")
    private OutputFormat output = OutputFormat.text;

    @Mixin private final BrokerOptions brokers = new BrokerOptions();

    private final Meters meters = new Meters();

    RunCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        List<Loaded> loaded =
                files.stream().map(each -> PipelineFile.load(terminal, each)).toList();
        KafkaAccess access = brokers.access(terminal, loaded.getFirst().project());
        loaded.forEach(this::requireKeys);
        Duration drain =
                loaded.stream()
                        .map(each -> each.orThrow().limits().drain())
                        .max(Duration::compareTo)
                        .orElseThrow();
        try (Shutdown shutdown = Shutdown.within(drain.plus(CLOSING))) {
            Optional<EndOfTopics> end =
                    exitAtEnd ? Optional.of(end(access, loaded)) : Optional.empty();
            List<Controlled> controlled = start(loaded, access);
            RunningPipelines running = running(controlled, access);
            ControlLoop control =
                    ControlLoop.start(
                            access,
                            controlled.getFirst().settings().instance(),
                            () -> controlled,
                            terminal.err()::println);
            Instant began = Instant.now();
            try (StatusServer server = serve(running)) {
                sayStarted(running, server);
                ExitCode code = ExitCode.FAILED;
                try {
                    code = watch(running, end, shutdown, loaded);
                    return code.number();
                } finally {
                    // one that failed does not take the others down with it
                    terminal.err().println(Shutdown.FINISHING);
                    control.requestStop();
                    // what is open waits for money that does not come
                    running.stop(code == ExitCode.BUDGET ? Duration.ZERO : drain);
                    control.awaitStop();
                    print(running, loaded, began);
                }
            }
        }
    }

    private void requireKeys(Loaded file) {
        List<String> without =
                ModelSetup.used(file.flow()).entrySet().stream()
                        .filter(
                                model ->
                                        !ModelSetup.reachable(
                                                model.getValue(), terminal.environment()))
                        .map(Map.Entry::getKey)
                        .toList();
        if (!without.isEmpty()) {
            throw UserError.unreachable(
                    "there is no key for "
                            + (without.size() == 1 ? "the model " : "the models ")
                            + String.join(", ", without)
                            + " of "
                            + file.file(),
                    "set ANTHROPIC_API_KEY or OPENAI_API_KEY, or what apiKey in the file names;"
                            + " with `thac simulate` running, set ANTHROPIC_BASE_URL and"
                            + " OPENAI_BASE_URL as it says",
                    null);
        }
    }

    private List<Controlled> start(List<Loaded> files, KafkaAccess access)
            throws InterruptedException {
        meters.gauge(Metric.BUILD_INFO, () -> 1, Version.current());
        RuntimeSettings settings =
                RuntimeSettings.of(access.brokers()).withKafka(access.settings());
        if (instance != null) {
            settings = settings.named(instance);
        }
        if (createTopics) {
            settings = settings.creatingTopics(partitions);
        }
        Map<String, Map<?, ?>> desired = ControlLoop.desired(access);
        settings = settings.ordered(BudgetOrders.of(desired));
        List<Controlled> started = new ArrayList<>();
        Accounts accounts = new Accounts();
        for (Loaded file : files) {
            Models own =
                    ModelSetup.real(ModelSetup.used(file.flow()), terminal.environment())
                            .open(meters, file.prices(), accounts);
            PipelineRuntime runtime =
                    PipelineRuntime.start(
                            file.orThrow(), file.project(), settings, own, meters, Ticker.system());
            if (DesiredState.paused(desired, runtime.pipeline())) {
                runtime.pause();
            }
            started.add(new Controlled(runtime, file, settings, own));
        }
        return List.copyOf(started);
    }

    private RunningPipelines running(List<Controlled> started, KafkaAccess access) {
        return new RunningPipelines(
                started.stream().map(Controlled::runtime).toList(),
                started.stream().map(Controlled::models).toList(),
                meters,
                access.brokers(),
                false);
    }

    private EndOfTopics end(KafkaAccess access, List<Loaded> files) throws InterruptedException {
        return EndOfTopics.now(
                access.brokers(), access.settings(), files.stream().map(Loaded::orThrow).toList());
    }

    private StatusServer serve(RunningPipelines running) {
        return port == null
                ? StatusServer.startNear(host, StatusServer.DEFAULT_PORT, running)
                : StatusServer.start(host, port, running);
    }

    private void sayStarted(RunningPipelines running, StatusServer server) {
        for (PipelineRuntime pipeline : running.pipelines()) {
            terminal.err()
                    .println(
                            "pipeline "
                                    + pipeline.pipeline()
                                    + (pipeline.status().state() == PipelineState.PAUSED
                                            ? " is paused (`thac resume "
                                                    + pipeline.pipeline()
                                                    + "` lets it go on), "
                                            : " runs, ")
                                    + pipeline.delivery()
                                            .name()
                                            .toLowerCase(Locale.ROOT)
                                            .replace('_', '-')
                                    + ", Kafka at "
                                    + running.brokers());
            pipeline.warnings().forEach(this::warn);
        }
        terminal.err().println("page and metrics at " + server.uri());
    }

    private void warn(Finding warning) {
        terminal.err()
                .println(
                        Style.YELLOW.paint("warning", terminal.colors())
                                + ": "
                                + warning.subject()
                                + ": "
                                + warning.message()
                                + "\n  "
                                + warning.fix());
    }

    private ExitCode watch(
            RunningPipelines running,
            Optional<EndOfTopics> end,
            Shutdown shutdown,
            List<Loaded> files)
            throws InterruptedException {
        LiveLine line =
                new LiveLine(
                        terminal,
                        false,
                        files.stream()
                                .flatMap(file -> TierOrder.of(file.flow()).stream())
                                .distinct()
                                .toList());
        BudgetWait wait = new BudgetWait();
        try {
            while (!shutdown.await(TICK)) {
                List<PipelineStatus> statuses = running.statuses();
                line.tick(Instant.now(), statuses);
                for (PipelineRuntime pipeline : running.pipelines()) {
                    if (pipeline.awaitStopped(Duration.ZERO)) {
                        return ExitCode.FAILED;
                    }
                }
                if (end.isPresent() && end.get().reached(statuses)) {
                    return ExitCode.OK;
                }
                Optional<BudgetStatus> empty =
                        end.isPresent() ? wait.over(statuses) : Optional.empty();
                if (empty.isPresent()) {
                    line.end();
                    terminal.err()
                            .println(
                                    "budget "
                                            + empty.get().name()
                                            + ": "
                                            + empty.get().reason()
                                            + "; the end cannot be reached now");
                    return ExitCode.BUDGET;
                }
            }
        } finally {
            line.end();
        }
        return ExitCode.INTERRUPTED;
    }

    private void print(RunningPipelines running, List<Loaded> files, Instant began) {
        List<Map<String, Object>> trees = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            PipelineSpec spec = files.get(i).orThrow();
            Summary summary =
                    new Summary(
                            Totals.NONE.plus(running.statuses().get(i)),
                            TierOrder.of(files.get(i).flow()),
                            false,
                            Optional.empty(),
                            Duration.between(began, Instant.now()),
                            List.of());
            if (output == OutputFormat.json) {
                Map<String, Object> tree = new LinkedHashMap<>();
                tree.put("pipeline", spec.pipeline());
                tree.putAll(summary.tree());
                trees.add(tree);
            } else {
                terminal.out().println("pipeline " + spec.pipeline());
                summary.text().forEach(terminal.out()::println);
            }
        }
        if (output == OutputFormat.json) {
            terminal.out().println(Json.pretty(trees));
        }
    }
}
