package dev.thac.app.cli;

import dev.thac.app.dev.DevOptions;
import dev.thac.app.dev.DevSession;
import dev.thac.app.dev.EventSupply;
import dev.thac.app.sample.SampleEvents;
import dev.thac.app.sample.SampleKind;
import dev.thac.app.terminal.Durations;
import dev.thac.app.terminal.Json;
import dev.thac.app.terminal.OutputFormat;
import dev.thac.app.terminal.Shutdown;
import dev.thac.app.terminal.Terminal;
import dev.thac.app.terminal.UserError;
import dev.thac.kafka.SourceSpec;
import dev.thac.runtime.Loaded;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/** {@code thac dev}. */
@Command(
        name = "dev",
        header = "Run a pipeline with everything it needs, here and now.",
        description =
                "A real Kafka broker, sample events, simulated models (or real ones "
                        + "where a key is set) and a page, all in one process. Saving the file "
                        + "starts the pipeline anew. The summary goes to standard output.",
        mixinStandardHelpOptions = true)
final class DevCommand implements Callable<Integer> {

    private static final String EXAMPLE = "examples/reviews/pipeline.yaml";
    private static final double WATCHABLE_RATE = 20;

    /** Of made-up times, so that a thousand events span three minutes however fast they go. */
    private static final double HEADLESS_RATE = 5;

    private static final String EVENTS_FILE = "events.jsonl";
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

    private final Terminal terminal;

    @Parameters(
            arity = "0..1",
            paramLabel = "FILE",
            description = "The pipeline file (default: ${DEFAULT-VALUE}).")
    private String file = EXAMPLE;

    @Option(names = "--headless", description = "No page; ends by itself when all events are done.")
    private boolean headless;

    @Option(names = "--for", paramLabel = "TIME", description = "End after this time: 60s, 5m.")
    private @Nullable String duration;

    @Option(
            names = "--events",
            paramLabel = "N",
            description = "Most events. Default: no end; 20 with real models.")
    private @Nullable Long events;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "Events a second. Default: 20, or as fast as it goes with --headless.")
    private @Nullable Double rate;

    @Option(
            names = {"-i", "--input"},
            paramLabel = "FILE",
            description =
                    "Own events, one JSON value a line. Default: events.jsonl beside the"
                            + " pipeline, or made-up ones as of thac generate-events.")
    private @Nullable String input;

    @Option(names = "--data-dir", paramLabel = "DIR", description = "Keep the broker's data here.")
    private @Nullable String dataDir;

    @Option(
            names = "--broker-port",
            paramLabel = "PORT",
            description = "Where the broker listens. Default: 19092, or the next free one.")
    private @Nullable Integer brokerPort;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Where the page is. Default: 8086, or the next free one.")
    private @Nullable Integer port;

    @Option(names = "--simulate", description = "Simulate all models even where a key is set.")
    private boolean simulate;

    @Option(
            names = "--latency",
            paramLabel = "TIME",
            description =
                    "Of simulated models: 42ms, lognormal:3s,0.6 (default: ${DEFAULT-VALUE}).")
    private String latency = "lognormal:300ms,0.4";

    @Option(
            names = "--errors",
            paramLabel = "MIX",
            description = "Of simulated models: 429:0.01,500:0.005 (default: ${DEFAULT-VALUE}).")
    private String errors = "none";

    @Option(
            names = "--answers",
            paramLabel = "FILE",
            description = "Recorded answers of simulated models, as of thac simulate.")
    private @Nullable String answers;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Where sample events come from (default: ${DEFAULT-VALUE}).")
    private long seed = 1;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "Of the summary: text or json (default: ${DEFAULT-VALUE}).")
    private OutputFormat output = OutputFormat.text;

    DevCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        Loaded loaded = PipelineFile.load(terminal, file);
        DevOptions options = options(loaded);
        EventSupply supply = supply(loaded);
        try (Shutdown shutdown = Shutdown.within(STOP_LIMIT)) {
            DevSession.Result result =
                    new DevSession(options, terminal, processStart()).run(loaded, supply, shutdown);
            switch (output) {
                case text -> result.summary().text().forEach(terminal.out()::println);
                case json -> terminal.out().println(Json.pretty(result.summary().tree()));
            }
            terminal.out().flush();
            return result.code().number();
        }
    }

    private DevOptions options(Loaded loaded) {
        if (rate != null && !(rate > 0)) {
            throw UserError.usage("--rate must be more than 0, not " + rate, "");
        }
        if (events != null && events < 0) {
            throw UserError.usage("--events cannot be negative: " + events, "");
        }
        return new DevOptions(
                loaded.file(),
                headless,
                Optional.ofNullable(duration).map(text -> Durations.parse("--for", text)),
                events == null ? OptionalLong.empty() : OptionalLong.of(events),
                rate == null ? OptionalDouble.empty() : OptionalDouble.of(rate),
                Optional.ofNullable(input).map(terminal::resolve),
                Optional.ofNullable(dataDir).map(terminal::resolve),
                Optional.ofNullable(brokerPort),
                Optional.ofNullable(port),
                simulate,
                new DevOptions.SimulatorOptions(
                        latency, errors, Optional.ofNullable(answers).map(terminal::resolve)),
                seed);
    }

    private EventSupply supply(Loaded loaded) {
        if (input != null) {
            return EventSupply.once(terminal.resolve(input));
        }
        Path beside = loaded.file().resolveSibling(EVENTS_FILE);
        if (Files.isRegularFile(beside)) {
            return EventSupply.again(beside);
        }
        Optional<SampleKind> kind = madeUp(loaded);
        if (kind.isPresent()) {
            return EventSupply.madeUp(kind.get(), events(kind.get()));
        }
        throw UserError.usage(
                "there are no sample events for " + loaded.file(),
                "put some into " + beside + ", one JSON value a line, or give --input FILE");
    }

    private SampleEvents events(SampleKind kind) {
        Instant start = headless ? SampleEvents.START : Instant.now();
        double usual = headless ? HEADLESS_RATE : WATCHABLE_RATE;
        return new SampleEvents(kind, seed, start, rate == null ? usual : rate, SampleEvents.USERS);
    }

    /** What the name of a source topic says; for any question about a text, reviews. */
    private static Optional<SampleKind> madeUp(Loaded loaded) {
        SourceSpec source = loaded.orThrow().source();
        Optional<SampleKind> named =
                Stream.concat(source.topic().stream(), source.topics().stream())
                        .findFirst()
                        .flatMap(SampleKind::ofTopic);
        boolean text =
                loaded.flow().analyses().values().stream()
                        .anyMatch(analysis -> analysis.input().text().contains("value.text"));
        return named.or(() -> text ? Optional.of(SampleKind.REVIEWS) : Optional.empty());
    }

    /** Of this virtual machine: the launcher, which may have built before, has the same process. */
    private static Instant processStart() {
        return Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime());
    }
}
