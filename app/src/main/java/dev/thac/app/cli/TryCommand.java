package dev.thac.app.cli;

import dev.thac.app.model.ModelSetup;
import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.Json;
import dev.thac.app.terminal.Terminal;
import dev.thac.app.terminal.UserError;
import dev.thac.app.terminal.Words;
import dev.thac.app.trial.Judge;
import dev.thac.app.trial.OutcomeTree;
import dev.thac.cascade.Answers;
import dev.thac.enrich.LiveLookups;
import dev.thac.event.Delivery;
import dev.thac.event.Money;
import dev.thac.event.Outcome;
import dev.thac.meter.Meters;
import dev.thac.meter.Metric;
import dev.thac.model.ModelSpec;
import dev.thac.pipeline.FlowSpec;
import dev.thac.pipeline.Pipeline;
import dev.thac.resilience.Ticker;
import dev.thac.runtime.Loaded;
import dev.thac.testkit.simulator.Simulator;
import dev.thac.testkit.simulator.SimulatorSettings;
import dev.thac.window.LocalContext;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/** {@code thac try}. */
@Command(
        name = "try",
        header = "Run events through a pipeline without writing.",
        description =
                "One line of JSON for each event, in order. Calls the real models, "
                        + "unless --simulate is given.",
        mixinStandardHelpOptions = true)
final class TryCommand implements Callable<Integer> {

    private static final int AT_ONCE = 500;

    private final Terminal terminal;

    @Parameters(paramLabel = "FILE", description = "The pipeline file.")
    private String file = "";

    @Option(
            names = {"-i", "--input"},
            paramLabel = "FILE",
            description = "Events, one JSON value a line; - is standard input.")
    private @Nullable String input;

    @Option(
            names = "--topic",
            paramLabel = "TOPIC",
            description =
                    "Take the newest events of this topic. Without --input and --topic: of"
                            + " the pipeline's source.")
    private @Nullable String topic;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "Most events (default: 20 of a topic, all of --input).")
    private @Nullable Integer limit;

    @Option(
            names = "--trace",
            description =
                    "Show every step, its reason, tokens and money, and the text that models are"
                            + " given.")
    private boolean trace;

    @Option(names = "--simulate", description = "Ask the simulator instead of the models.")
    private boolean simulate;

    @Option(names = "-J", description = "Lines of --input are envelopes as of kcat -J.")
    private boolean envelopes;

    @Mixin private final BrokerOptions brokers = new BrokerOptions();

    private record Open(Delivery delivery, Future<Outcome> outcome) {}

    TryCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException, IOException {
        Loaded loaded = PipelineFile.load(terminal, file);
        FlowSpec flow = loaded.flow();
        if (simulate) {
            try (Simulator simulator = Simulator.start(SimulatorSettings.DEFAULT)) {
                return run(
                        loaded,
                        ModelSetup.simulating(
                                flow.models(),
                                terminal.environment(),
                                _ -> true,
                                simulator.baseUri()));
            }
        }
        requireKeys(flow);
        return run(loaded, ModelSetup.real(flow.models(), terminal.environment()));
    }

    private void requireKeys(FlowSpec flow) {
        List<String> without =
                ModelSetup.used(flow).entrySet().stream()
                        .filter(model -> !reachable(model.getValue()))
                        .map(Map.Entry::getKey)
                        .toList();
        if (!without.isEmpty()) {
            throw UserError.unreachable(
                    "there is no key for "
                            + (without.size() == 1 ? "the model " : "the models ")
                            + String.join(", ", without),
                    "set ANTHROPIC_API_KEY or OPENAI_API_KEY (or what apiKey in the file names),"
                            + " or add --simulate",
                    null);
        }
    }

    private boolean reachable(ModelSpec model) {
        return ModelSetup.reachable(model, terminal.environment());
    }

    private int run(Loaded loaded, ModelSetup setup) throws InterruptedException, IOException {
        Meters meters = new Meters();
        FlowSpec flow = loaded.flow();
        try (LiveLookups lookups = Lookups.of(loaded, terminal);
                Pipeline pipeline =
                        Pipeline.of(
                                flow,
                                Pipeline.around(
                                        flow,
                                        setup.open(meters, loaded.prices())::get,
                                        Answers.NONE,
                                        meters,
                                        Ticker.system()),
                                lookups);
                Judge judge = new Judge(pipeline);
                EventInput events = open(loaded)) {
            Deque<Open> waiting = new ArrayDeque<>();
            Summary summary = new Summary();
            LocalContext context = LocalContext.of(flow, loaded.orThrow().source().time());
            Delivery read = events.next();
            while (read != null) {
                Delivery next = context.place(read);
                waiting.add(new Open(next, judge.submit(next)));
                if (waiting.size() >= AT_ONCE) {
                    print(waiting.removeFirst(), pipeline, judge, summary);
                }
                read = events.next();
            }
            while (!waiting.isEmpty()) {
                print(waiting.removeFirst(), pipeline, judge, summary);
            }
            terminal.err().println(summary.line(!setup.simulated().isEmpty(), meters));
        }
        return ExitCode.OK.number();
    }

    private EventInput open(Loaded loaded) throws IOException {
        if (input != null && topic != null) {
            throw UserError.usage("--input and --topic exclude each other", "");
        }
        String source =
                loaded.orThrow()
                        .source()
                        .topic()
                        .orElseGet(() -> loaded.orThrow().source().topics().getFirst());
        if (input != null) {
            return EventInput.ofLines(
                    terminal, input, source, envelopes, limit == null ? Long.MAX_VALUE : limit);
        }
        return EventInput.ofTopic(
                brokers.access(terminal, loaded.project()),
                topic == null ? source : topic,
                limit == null ? 20 : limit);
    }

    private void print(Open open, Pipeline pipeline, Judge judge, Summary summary)
            throws InterruptedException {
        Outcome outcome = judge.await(open.outcome());
        summary.add(outcome);
        Delivery event = open.delivery();
        terminal.out()
                .println(
                        Json.line(
                                trace
                                        ? OutcomeTree.traced(event, outcome, pipeline.inputs(event))
                                        : OutcomeTree.of(event, outcome, false)));
    }

    /** Counts for the last line. */
    private static final class Summary {
        private final Map<String, Integer> outcomes = new TreeMap<>();
        private Money cost = Money.ZERO;

        void add(Outcome outcome) {
            String name =
                    switch (outcome) {
                        case Outcome.Routed _ -> "routed";
                        case Outcome.FilteredOut _ -> "filtered";
                        case Outcome.SampledOut _ -> "sampled out";
                        case Outcome.DeadLettered _ -> "dead letters";
                        case Outcome.RetryLater _ -> "to be retried";
                    };
            outcomes.merge(name, 1, Integer::sum);
            cost = cost.plus(outcome.trail().cost());
        }

        String line(boolean simulated, Meters meters) {
            int events = outcomes.values().stream().mapToInt(Integer::intValue).sum();
            double unpriced = meters.total(Metric.UNPRICED_CALLS);
            return Words.count(events, "event")
                    + outcomes.entrySet().stream()
                            .map(entry -> ", " + entry.getValue() + " " + entry.getKey())
                            .collect(Collectors.joining())
                    + ", "
                    + cost
                    + (simulated ? " (simulated)" : "")
                    + (unpriced > 0
                            ? ", " + Words.count((long) unpriced, "call") + " without a price"
                            : "");
        }
    }
}
