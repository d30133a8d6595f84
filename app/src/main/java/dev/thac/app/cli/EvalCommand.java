package dev.thac.app.cli;

import dev.thac.app.eval.Label;
import dev.thac.app.eval.Score;
import dev.thac.app.eval.Variants;
import dev.thac.app.model.ModelSetup;
import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.Json;
import dev.thac.app.terminal.OutputFormat;
import dev.thac.app.terminal.Terminal;
import dev.thac.app.terminal.UserError;
import dev.thac.app.trial.Judge;
import dev.thac.cost.PriceBook;
import dev.thac.event.Delivery;
import dev.thac.event.Outcome;
import dev.thac.meter.Meters;
import dev.thac.pipeline.FlowSpec;
import dev.thac.pipeline.Pipeline;
import dev.thac.resilience.Ticker;
import dev.thac.runtime.Loaded;
import dev.thac.testkit.simulator.Simulator;
import dev.thac.testkit.simulator.SimulatorSettings;
import dev.thac.testkit.simulator.Stats;
import dev.thac.window.LocalContext;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code thac eval}. */
@Command(
        name = "eval",
        header = "Judge labelled events: accuracy and cost per tier.",
        description =
                "Of the pipeline as written, and of each of its models alone. Asks the simulator,"
                        + " with recorded answers where given; nothing is written to Kafka.",
        mixinStandardHelpOptions = true)
final class EvalCommand implements Callable<Integer> {

    private static final int AT_ONCE = 500;

    private final Terminal terminal;

    @Parameters(paramLabel = "FILE", description = "The pipeline file.")
    private String file = "";

    @Option(
            names = "--data",
            required = true,
            paramLabel = "FILE",
            description = "Labelled events, one JSON value a line.")
    private String data = "";

    @Option(
            names = "--label",
            paramLabel = "ANALYSIS.FIELD=PATH",
            description =
                    "Member of the event that holds the right answer of a field. Without it: the"
                            + " member label, for the only closed field.")
    private Map<String, String> labels = new LinkedHashMap<>();

    @Option(
            names = "--answers",
            paramLabel = "FILE",
            description = "Recorded answers to replay, as for `thac simulate`.")
    private @Nullable String answers;

    @Option(names = "--limit", paramLabel = "N", description = "Most events (default: all).")
    private long limit = Long.MAX_VALUE;

    @Option(names = "-o", paramLabel = "text|json", description = "How to print the result.")
    private OutputFormat format = OutputFormat.text;

    /** What one variant made of the events. */
    private record Row(Map<String, Object> tree, Stats bill, Score score) {}

    private PriceBook prices = PriceBook.bundled();

    EvalCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException, IOException {
        Loaded loaded = PipelineFile.load(terminal, file);
        prices = loaded.prices();
        List<Label> scored = Label.of(loaded.flow(), labels);
        List<Delivery> events = read(loaded);
        List<Row> rows = new ArrayList<>();
        for (Map.Entry<String, FlowSpec> variant : Variants.of(loaded.flow()).entrySet()) {
            rows.add(judge(variant.getKey(), variant.getValue(), scored, events));
        }
        switch (format) {
            case json -> terminal.out().println(Json.pretty(rows.stream().map(Row::tree).toList()));
            case text -> print(rows, events.size());
        }
        return ExitCode.OK.number();
    }

    private List<Delivery> read(Loaded loaded) throws IOException {
        List<Delivery> events = new ArrayList<>();
        String topic = loaded.orThrow().source().topic().orElse("events");
        try (EventInput input = EventInput.ofLines(terminal, data, topic, false, limit)) {
            LocalContext context = LocalContext.of(loaded.flow(), loaded.orThrow().source().time());
            Delivery next = input.next();
            while (next != null) {
                events.add(context.place(next));
                next = input.next();
            }
        }
        if (events.isEmpty()) {
            throw new UserError(
                    ExitCode.FAILED, data + " has no events", "one JSON value a line is expected");
        }
        return events;
    }

    private Row judge(String name, FlowSpec flow, List<Label> scored, List<Delivery> events)
            throws InterruptedException, IOException {
        SimulatorSettings settings = SimulatorSettings.DEFAULT;
        if (answers != null) {
            settings = settings.withAnswers(terminal.resolve(answers));
        }
        Meters meters = new Meters();
        Score score = new Score();
        try (Simulator simulator = Simulator.start(settings)) {
            ModelSetup setup =
                    ModelSetup.simulating(
                            flow.models(), terminal.environment(), _ -> true, simulator.baseUri());
            try (Pipeline pipeline =
                            Pipeline.of(
                                    flow,
                                    setup.open(meters, prices)::get,
                                    meters,
                                    Ticker.system());
                    Judge judge = new Judge(pipeline)) {
                for (int from = 0; from < events.size(); from += AT_ONCE) {
                    List<Delivery> some =
                            events.subList(from, Math.min(events.size(), from + AT_ONCE));
                    score(score, scored, some, judge.judge(some));
                }
            }
            Stats bill = simulator.stats();
            return new Row(score.tree(name, events.size(), bill.calls()), bill, score);
        }
    }

    private static void score(
            Score score, List<Label> scored, List<Delivery> events, List<Outcome> outcomes)
            throws IOException {
        for (int i = 0; i < events.size(); i++) {
            byte[] value = events.get(i).value();
            Object tree =
                    value == null ? null : Json.read(new String(value, StandardCharsets.UTF_8));
            Outcome outcome = outcomes.get(i);
            score.pay(outcome);
            for (Label label : scored) {
                Object truth = label.in(tree);
                if (truth != null) {
                    score.add(label, truth, outcome);
                }
            }
        }
    }

    private void print(List<Row> rows, int events) {
        terminal.out()
                .println(
                        events
                                + " events, simulated models"
                                + (answers == null ? "" : " with recorded answers")
                                + "; accuracy against the labels with its 95% interval");
        terminal.out()
                .println(line("", "accuracy", "95% interval", "calls", "cost", "per 1M events"));
        for (Row row : rows) {
            Map<String, Object> tree = row.tree();
            terminal.out()
                    .println(
                            line(
                                    String.valueOf(tree.get("variant")),
                                    percent(tree.get("accuracy")),
                                    interval(tree.get("interval95")),
                                    String.valueOf(tree.get("calls")),
                                    row.score().cost(),
                                    "$" + tree.get("costPerMillionUsd")));
            printTiers(tree);
        }
    }

    private void printTiers(Map<String, Object> tree) {
        if (tree.get("tiers") instanceof List<?> tiers && tiers.size() > 1) {
            for (Object each : tiers) {
                if (each instanceof Map<?, ?> tier) {
                    terminal.out()
                            .println(
                                    line(
                                            "  "
                                                    + tier.get("tier")
                                                    + " "
                                                    + percent(tier.get("share")),
                                            percent(tier.get("accuracy")),
                                            interval(tier.get("interval95")),
                                            "",
                                            "",
                                            ""));
                }
            }
        }
    }

    private static String line(Object... cells) {
        return "%-22s %9s  %-15s %7s %12s %14s".formatted(cells).stripTrailing();
    }

    private static String percent(@Nullable Object share) {
        return share instanceof Number number
                ? String.format(Locale.ROOT, "%.1f%%", number.doubleValue() * 100)
                : "";
    }

    private static String interval(@Nullable Object bounds) {
        return bounds instanceof List<?> list
                ? percent(list.getFirst()) + "-" + percent(list.getLast())
                : "";
    }
}
