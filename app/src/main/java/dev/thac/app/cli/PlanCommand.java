package dev.thac.app.cli;

import dev.thac.app.model.ModelSetup;
import dev.thac.app.plan.PlanReport;
import dev.thac.app.plan.TrafficText;
import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.Json;
import dev.thac.app.terminal.OutputFormat;
import dev.thac.app.terminal.Terminal;
import dev.thac.app.terminal.UserError;
import dev.thac.app.terminal.Words;
import dev.thac.cost.Price;
import dev.thac.cost.PriceBook;
import dev.thac.event.Delivery;
import dev.thac.meter.Meters;
import dev.thac.model.ModelSpec;
import dev.thac.model.Models;
import dev.thac.pipeline.FlowSpec;
import dev.thac.plan.Assumption;
import dev.thac.plan.Basis;
import dev.thac.plan.Calibration;
import dev.thac.plan.Expectations;
import dev.thac.plan.Given;
import dev.thac.plan.Plan;
import dev.thac.plan.PlanRequest;
import dev.thac.plan.Planner;
import dev.thac.plan.Prices;
import dev.thac.plan.Survey;
import dev.thac.plan.Tokenizer;
import dev.thac.plan.Traffic;
import dev.thac.runtime.Loaded;
import dev.thac.runtime.PipelineFiles;
import dev.thac.testkit.simulator.Simulator;
import dev.thac.testkit.simulator.SimulatorSettings;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;

/** {@code thac plan}. */
@Command(
        name = "plan",
        header = "Money, limits and latency before running.",
        description =
                "Computes what a pipeline will take at a rate, compares other ways to do the same,"
                        + " and says what every figure rests on. Connects to nothing unless --from"
                        + " names a topic or --calibrate asks the models.",
        mixinStandardHelpOptions = true)
final class PlanCommand implements Callable<Integer> {

    private static final int SAMPLE = 2000;

    private final Terminal terminal;

    @Parameters(paramLabel = "FILE", description = "The pipeline file.")
    private String file = "";

    @Option(
            names = "--rate",
            paramLabel = "RATE",
            description =
                    "Events of the source, for example 10k/day, 120/s, 3M/month (default:"
                            + " 10k/day).")
    private @Nullable String rate;

    @Option(
            names = "--profile",
            paramLabel = "PROFILE",
            defaultValue = "flat",
            description =
                    "How the day's events spread over its hours: flat, 24 numbers with commas"
                            + " between, or a file with them (default: flat).")
    private String profile = "flat";

    @Option(
            names = "--zone",
            paramLabel = "ZONE",
            defaultValue = "UTC",
            description = "Whose hours these are, for example Asia/Ho_Chi_Minh (default: UTC).")
    private ZoneId zone = ZoneId.of("UTC");

    @Option(
            names = "--instances",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "Processes that share the events; each gathers its own batches (default: 1).")
    private int instances = 1;

    @Option(
            names = "--from",
            paramLabel = "TOPIC|FILE",
            description =
                    "Look at real events: the newest of a topic, or a file of one JSON value a"
                        + " line; - is standard input. They go through decoder, filter, rules and"
                        + " prompts as in production; no model is asked.")
    private @Nullable String from;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "Most events to look at (default: 2000).")
    private int limit = SAMPLE;

    @Option(
            names = "--calibrate",
            paramLabel = "N",
            description =
                    "Ask the models about so many of the events of --from, for tokens as they"
                            + " count them, how sure they are and how long they take. This costs"
                            + " money.")
    private int calibrate;

    @Option(names = "--simulate", description = "Ask the simulator instead of the models.")
    private boolean simulate;

    @Option(
            names = "--share",
            paramLabel = "TIER=SHARE",
            description =
                    "Of what reaches the tier: the share that rules or cache decide, or that a"
                            + " model passes on. For example rules=40%%, small=0.1 or"
                            + " review.small=10%%. May be given several times.")
    private Map<String, String> shares = new LinkedHashMap<>();

    @Option(
            names = "--event-tokens",
            paramLabel = "N",
            description = "Input tokens of one event, without its wrapper.")
    private @Nullable Double eventTokens;

    @Option(
            names = "--output-tokens",
            paramLabel = "N",
            description = "Output tokens of the answer for one event.")
    private @Nullable Double outputTokens;

    @Option(
            names = "--thinking",
            paramLabel = "MODEL=N",
            description = "Thinking tokens of one call to a model. May be given several times.")
    private Map<String, Double> thinking = new LinkedHashMap<>();

    @Option(
            names = "--month-days",
            paramLabel = "DAYS",
            description = "Days of a month (default: 30.4, the mean of a year).")
    private double monthDays = PlanRequest.MEAN_MONTH;

    @Option(
            names = "--at",
            paramLabel = "DATE",
            description = "Use the prices of the week from this day on (default: today).")
    private @Nullable LocalDate at;

    @Option(
            names = "--compare",
            paramLabel = "FILE",
            description = "Another pipeline file, planned for the same events.")
    private @Nullable String compare;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text or json.")
    private OutputFormat output = OutputFormat.text;

    @Mixin private final BrokerOptions brokers = new BrokerOptions();

    PlanCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (calibrate > 0 && from == null) {
            throw UserError.usage(
                    "--calibrate needs events to ask about", "add --from TOPIC or --from FILE");
        }
        Loaded loaded = PipelineFile.load(terminal, file);
        List<Delivery> sample = sample(loaded);
        Tokenizer tokenizer = new Tokenizer();
        Plan plan = plan(loaded, sample, tokenizer);
        if (compare == null) {
            print(plan);
            return refused(plan).map(this::refuse).orElse(ExitCode.OK.number());
        }
        Plan other = plan(PipelineFile.load(terminal, compare), sample, tokenizer);
        print(plan, other, compare);
        return refused(plan)
                .or(() -> refused(other))
                .map(this::refuse)
                .orElse(ExitCode.OK.number());
    }

    private Plan plan(Loaded loaded, List<Delivery> sample, Tokenizer tokenizer)
            throws InterruptedException {
        FlowSpec flow = loaded.flow();
        Prices prices = prices(loaded, flow);
        try {
            Optional<Survey> survey =
                    sample.isEmpty()
                            ? Optional.empty()
                            : Optional.of(Survey.of(flow, sample, tokenizer));
            Optional<Calibration> calibration =
                    calibrate == 0
                            ? Optional.empty()
                            : Optional.of(calibration(flow, sample, tokenizer));
            Expectations expected =
                    Expectations.of(
                            flow, new Expectations.Known(given(), survey, calibration), tokenizer);
            List<Assumption> assumptions = new ArrayList<>(expected.assumptions());
            assumptions.addFirst(rateAssumption());
            return Planner.plan(
                    new PlanRequest(
                            flow.pipeline(),
                            expected.workload(),
                            traffic(),
                            flow.models(),
                            prices,
                            start(),
                            monthDays,
                            loaded.orThrow().budget(),
                            assumptions));
        } catch (IllegalArgumentException | IOException e) {
            throw new UserError(ExitCode.USAGE, String.valueOf(e.getMessage()), "", e);
        }
    }

    private Assumption rateAssumption() {
        return rate == null
                ? new Assumption("rate", "10,000 events a day", Basis.ASSUMED, "--rate says it")
                : new Assumption("rate", rate, Basis.GIVEN, "--rate");
    }

    private Traffic traffic() throws IOException {
        return new Traffic(
                TrafficText.perDay(rate == null ? "10k/day" : rate, monthDays),
                TrafficText.profile(terminal, profile),
                zone,
                instances);
    }

    private Instant start() {
        LocalDate day = at == null ? LocalDate.now(zone) : at;
        return day.atStartOfDay(zone).toInstant();
    }

    private Given given() {
        Map<String, Double> numbers = new LinkedHashMap<>();
        shares.forEach((tier, share) -> numbers.put(tier, share(tier, share)));
        return new Given(numbers, optional(eventTokens), optional(outputTokens), thinking);
    }

    private static OptionalDouble optional(@Nullable Double value) {
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    private static double share(String tier, String text) {
        try {
            return text.endsWith("%")
                    ? Double.parseDouble(text.substring(0, text.length() - 1).strip()) / 100
                    : Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new UserError(
                    ExitCode.USAGE,
                    "\"" + text + "\" is no share of " + tier,
                    "write for example  --share " + tier + "=10%",
                    e);
        }
    }

    private static Prices prices(Loaded loaded, FlowSpec flow) {
        PriceBook book = book(loaded.file().toAbsolutePath().normalize());
        return (name, when) -> {
            ModelSpec spec = flow.models().get(name);
            if (spec == null) {
                return Optional.empty();
            }
            return spec.price().isPresent()
                    ? Price.of(spec.price().get())
                    : book.price(spec.model(), when);
        };
    }

    /** The project's own prices stand beside its thac.yaml, or beside the pipeline file. */
    private static PriceBook book(Path file) {
        Path folder = file.getParent();
        while (folder != null) {
            if (Files.isRegularFile(folder.resolve(PipelineFiles.PROJECT_FILE))) {
                return PriceBook.of(folder);
            }
            folder = Files.exists(folder.resolve(".git")) ? null : folder.getParent();
        }
        Path beside = file.getParent();
        return beside == null ? PriceBook.bundled() : PriceBook.of(beside);
    }

    private List<Delivery> sample(Loaded loaded) throws IOException {
        if (from == null) {
            return List.of();
        }
        String topic =
                loaded.orThrow()
                        .source()
                        .topic()
                        .orElseGet(() -> loaded.orThrow().source().topics().getFirst());
        List<Delivery> events = new ArrayList<>();
        try (EventInput input =
                from.equals("-") || Files.isRegularFile(terminal.resolve(from))
                        ? EventInput.ofLines(terminal, from, topic, false, limit)
                        : EventInput.ofTopic(
                                brokers.access(terminal, loaded.project()), from, limit)) {
            Delivery next = input.next();
            while (next != null) {
                events.add(next);
                next = input.next();
            }
        }
        if (events.isEmpty()) {
            throw new UserError(
                    ExitCode.FAILED, from + " has no events", "leave --from out to assume some");
        }
        return events;
    }

    private Calibration calibration(FlowSpec flow, List<Delivery> sample, Tokenizer tokenizer)
            throws InterruptedException {
        List<Delivery> some = sample.subList(0, Math.min(calibrate, sample.size()));
        terminal.err()
                .println(
                        "asking the "
                                + (simulate ? "simulator" : "models")
                                + " about "
                                + Words.count(some.size(), "event"));
        if (simulate) {
            try (Simulator simulator = Simulator.start(SimulatorSettings.DEFAULT)) {
                ModelSetup setup =
                        ModelSetup.simulating(
                                flow.models(),
                                terminal.environment(),
                                _ -> true,
                                simulator.baseUri());
                return calibration(flow, some, setup.open(new Meters()), tokenizer);
            }
        }
        ModelSetup setup = ModelSetup.real(flow.models(), terminal.environment());
        ModelSetup.used(flow)
                .forEach(
                        (name, spec) -> {
                            if (!ModelSetup.reachable(spec, terminal.environment())) {
                                throw UserError.unreachable(
                                        "there is no key for the model " + name,
                                        "set the variable that apiKey names, or add --simulate",
                                        null);
                            }
                        });
        return calibration(flow, some, setup.open(new Meters()), tokenizer);
    }

    private static Calibration calibration(
            FlowSpec flow, List<Delivery> some, Models models, Tokenizer tokenizer)
            throws InterruptedException {
        try {
            return Calibration.of(flow, some, models::get, tokenizer);
        } catch (ExecutionException e) {
            throw new UserError(
                    ExitCode.FAILED, "an event could not be judged: " + e.getCause(), "", e);
        }
    }

    private void print(Plan plan) {
        if (output == OutputFormat.json) {
            terminal.out().println(Json.pretty(plan.tree()));
        } else {
            PlanReport.of(plan).forEach(terminal.out()::println);
        }
    }

    private void print(Plan plan, Plan other, String otherFile) {
        if (output == OutputFormat.json) {
            Map<String, Object> both = new LinkedHashMap<>();
            both.put(file, plan.tree());
            both.put(otherFile, other.tree());
            terminal.out().println(Json.pretty(both));
        } else {
            PlanReport.compared(plan, file, other, otherFile).forEach(terminal.out()::println);
        }
    }

    /** Models without a price; empty where all have one. */
    private static Optional<List<String>> refused(Plan plan) {
        return plan.unpriced().isEmpty() ? Optional.empty() : Optional.of(plan.unpriced());
    }

    private int refuse(List<String> unpriced) {
        terminal.err()
                .println(
                        "no price is known for "
                                + String.join(", ", unpriced)
                                + ": no money can be planned");
        terminal.err()
                .println(
                        "  help: give the model  price: { input: 0.10, output: 0.50 }  in USD per"
                            + " million tokens, or  price: { free: true }  for one of your own");
        return ExitCode.BUDGET.number();
    }
}
