package dev.thac.app.cli;

import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.Json;
import dev.thac.app.terminal.Shutdown;
import dev.thac.app.terminal.Terminal;
import dev.thac.app.terminal.UserError;
import dev.thac.app.terminal.Words;
import dev.thac.testkit.broker.PortTakenException;
import dev.thac.testkit.simulator.ErrorMix;
import dev.thac.testkit.simulator.Latency;
import dev.thac.testkit.simulator.OnMiss;
import dev.thac.testkit.simulator.RateLimits;
import dev.thac.testkit.simulator.Simulator;
import dev.thac.testkit.simulator.SimulatorSettings;
import dev.thac.testkit.simulator.SpendCap;
import dev.thac.testkit.simulator.Stats;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code thac simulate}. */
@Command(
        name = "simulate",
        header = "Run the model simulator.",
        description =
                "The Anthropic Messages API and chat/completions over real HTTP, with "
                        + "the latency, errors and limits you ask for; its bill is at /stats. Its "
                        + "base URL is printed on standard output; Ctrl-C stops it.",
        mixinStandardHelpOptions = true)
final class SimulateCommand implements Callable<Integer> {

    private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

    private final Terminal terminal;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Where it listens (default: ${DEFAULT-VALUE}; 0: any free one).")
    private int port = 8087;

    @Option(
            names = "--latency",
            paramLabel = "TIME",
            description =
                    "42ms, uniform:10ms,80ms or lognormal:3s,0.6 (default: ${DEFAULT-VALUE}).")
    private String latency = "42ms";

    @Option(
            names = "--errors",
            paramLabel = "MIX",
            description =
                    "Shares of calls that go wrong, for example 429:0.01,500:0.005,hang:0.001.")
    private String errors = "none";

    @Option(
            names = "--retry-after",
            paramLabel = "TIME",
            description = "What a simulated 429 asks for (default: ${DEFAULT-VALUE}).")
    private String retryAfter = "1s";

    @Option(
            names = "--answers",
            paramLabel = "FILE",
            description =
                    "Recorded answers as JSON lines"
                        + " {\"input\",\"model\",\"answer\",\"confidence\"}. Default: a heuristic"
                        + " answers in Vietnamese and English.")
    private @Nullable String answers;

    @Option(
            names = "--model-id",
            paramLabel = "NAME=ID",
            description = "A name that recorded answers use for a model id, for example small=...")
    private Map<String, String> modelIds = new LinkedHashMap<>();

    @Option(
            names = "--strict",
            description = "Refuse inputs that are not recorded instead of answering by heuristic.")
    private boolean strict;

    @Option(names = "--requests", paramLabel = "N", description = "Most requests a minute.")
    private long requests;

    @Option(names = "--input-tokens", paramLabel = "N", description = "Most input tokens a minute.")
    private long inputTokens;

    @Option(
            names = "--output-tokens",
            paramLabel = "N",
            description = "Most output tokens a minute.")
    private long outputTokens;

    @Option(names = "--concurrency", paramLabel = "N", description = "Most calls at the same time.")
    private int concurrency;

    @Option(
            names = "--spend-cap",
            paramLabel = "USD",
            description = "Refuse calls beyond this bill.")
    private @Nullable BigDecimal spendCap;

    @Option(names = "--key", paramLabel = "KEY", description = "Accept this key only.")
    private @Nullable String key;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Where random choices come from (default: ${DEFAULT-VALUE}).")
    private long seed = 1;

    SimulateCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        try (Shutdown shutdown = Shutdown.within(STOP_LIMIT);
                Simulator simulator = start()) {
            terminal.out().println(simulator.baseUri());
            terminal.err()
                    .println(
                            "Simulated models at "
                                    + simulator.baseUri()
                                    + ", their bill at "
                                    + simulator.baseUri()
                                    + "/stats; Ctrl-C stops it");
            terminal.err()
                    .println(
                            "  ANTHROPIC_BASE_URL="
                                    + simulator.baseUri()
                                    + "  OPENAI_BASE_URL="
                                    + simulator.baseUri()
                                    + "/v1  and any key");
            shutdown.await();
            Stats stats = simulator.stats();
            terminal.err()
                    .println(
                            Words.count(stats.calls(), "call")
                                    + ", "
                                    + Words.count(stats.items(), "item")
                                    + ", "
                                    + Words.count(stats.refused(), "refusal")
                                    + ", "
                                    + Json.line(stats.errors()));
        }
        return ExitCode.INTERRUPTED.number();
    }

    private Simulator start() {
        try {
            SimulatorSettings settings =
                    SimulatorSettings.DEFAULT
                            .withPort(port)
                            .withSeed(seed)
                            .withLatency(Latency.parse(latency))
                            .withErrors(ErrorMix.parse(errors))
                            .withRetryAfter(Latency.duration(retryAfter))
                            .withLimits(
                                    new RateLimits(
                                            requests, inputTokens, outputTokens, concurrency))
                            .withKey(Optional.ofNullable(key))
                            .withModelIds(modelIds)
                            .withOnMiss(strict ? OnMiss.ERROR : OnMiss.HEURISTIC);
            if (spendCap != null) {
                settings = settings.withSpendCap(Optional.of(SpendCap.of(spendCap.toString())));
            }
            if (answers != null) {
                settings = settings.withAnswers(terminal.resolve(answers));
            }
            return Simulator.start(settings);
        } catch (PortTakenException e) {
            throw new UserError(
                    ExitCode.FAILED,
                    "port " + port + " is in use by another process",
                    "choose another with --port, or --port 0 for any free one",
                    e);
        } catch (IllegalArgumentException e) {
            throw UserError.usage(String.valueOf(e.getMessage()), "`thac simulate --help`");
        }
    }
}
