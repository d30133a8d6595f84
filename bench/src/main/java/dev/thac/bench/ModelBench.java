package dev.thac.bench;

import dev.thac.testkit.simulator.Latency;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Every event judged over real HTTP by the simulator in its own process. */
final class ModelBench {

    /** The model asked for; only the price book minds. */
    static final String MODEL_ID = "claude-haiku-5-5";

    /** Room for the answers of a whole batch. */
    static final int MAX_OUTPUT_TOKENS = 8000;

    private static final String INPUT = "reviews";
    private static final String HTTP = "bare HTTP client loop, no Kafka";
    private static final String WAVES = "hand-written batch loop";
    private static final String PARALLEL = "parallel-consumer";
    private static final String AT_LEAST_ONCE = "Thác, at-least-once";
    private static final String EXACTLY_ONCE = "Thác, exactly-once";
    private static final int MOST_EVENTS = 400_000;
    private static final int IDEAL_SECONDS = 10;

    private final Options options;
    private final String latencyText;
    private final Latency latency;
    private final int batch;
    private final int inFlight;
    private final String wait;
    private final int records;

    ModelBench(Options options) {
        this.options = options;
        this.latencyText = options.text("latency").orElse("42ms");
        this.latency = latency(latencyText);
        this.batch = options.number("batch", 50);
        this.inFlight = options.number("in-flight", 128);
        this.wait = options.text("wait").orElse("10ms");
        int wanted = options.number("events", (int) Math.min(MOST_EVENTS, ideal() * IDEAL_SECONDS));
        this.records = Math.max(1, wanted / batch) * batch;
    }

    Report run() throws IOException, InterruptedException {
        ReviewEvents events = new ReviewEvents(options.number("seed", 1));
        try (ChildProcess simulator =
                        ChildProcess.start(SimulatorProcess.class, "512m", List.of(latencyText));
                Cluster cluster = Cluster.start(options.number("partitions", 8))) {
            System.err.printf("bench: writing %,d events%n", records);
            cluster.preload(INPUT, events, records);
            Rounds rounds = new Rounds(cluster, simulator::cpuSeconds, options, INPUT, records);
            Bills bills = new Bills(URI.create(simulator.address()));
            List<Row> rows = rows(URI.create(simulator.address()), events);
            List<Run> runs = rounds.run(rows.stream().map(bills::billed).toList());
            List<Bar> bars = bars(runs);
            List<String> notes = new ArrayList<>(bills.notes());
            if (options.delays()) {
                delays(cluster, URI.create(simulator.address()), runs, bars, notes);
            }
            return new Report(
                    name(),
                    LocalDate.now(ZoneId.systemDefault()),
                    Machine.describe(),
                    parameters(cluster),
                    HTTP,
                    runs,
                    bars,
                    notes,
                    rounds.profiles());
        }
    }

    private List<Row> rows(URI simulator, ReviewEvents events) throws IOException {
        ModelRows others = new ModelRows(simulator, events, batch, inFlight);
        List<Row> rows = new ArrayList<>();
        rows.add(new Row(HTTP, Row.Output.NONE, others::httpLoop));
        rows.add(new Row(WAVES, Row.Output.JUDGED, others::waves));
        rows.add(new Row(PARALLEL, Row.Output.JUDGED, others::parallelConsumer));
        rows.add(
                new Row(
                        AT_LEAST_ONCE,
                        Row.Output.JUDGED,
                        job -> ThacRow.run("model.yaml", job, names(simulator, "at-least-once"))));
        rows.add(
                new Row(
                        EXACTLY_ONCE,
                        Row.Output.JUDGED,
                        job -> ThacRow.run("model.yaml", job, names(simulator, "exactly-once"))));
        rows.removeIf(row -> !row.name().equals(HTTP) && !options.wants(row.name()));
        return rows;
    }

    private Map<String, String> names(URI simulator, String delivery) {
        return Map.of(
                "URL", simulator.toString(),
                "BATCH", Integer.toString(batch),
                "WAIT", wait,
                "IN-FLIGHT", Integer.toString(inFlight),
                "TIMEOUT", "60s",
                "OPEN", Integer.toString(2 * inFlight * batch),
                "DELIVERY", delivery);
    }

    private List<Bar> bars(List<Run> runs) {
        List<Bar> bars = new ArrayList<>();
        Report.ratio(runs, AT_LEAST_ONCE, HTTP)
                .ifPresent(r -> bars.add(Bar.atLeast("at-least-once / bare HTTP loop", 0.75, r)));
        Report.ratio(runs, EXACTLY_ONCE, HTTP)
                .ifPresent(r -> bars.add(Bar.atLeast("exactly-once / bare HTTP loop", 0.75, r)));
        return bars;
    }

    /** Delays at half of the speed each delivery mode reached; noted, and held to the bar. */
    private void delays(
            Cluster cluster, URI simulator, List<Run> runs, List<Bar> bars, List<String> notes)
            throws IOException, InterruptedException {
        double medianMillis = medianSeconds() * 1e3;
        for (Map.Entry<String, String> mode :
                List.of(
                        Map.entry(AT_LEAST_ONCE, "at-least-once"),
                        Map.entry(EXACTLY_ONCE, "exactly-once"))) {
            List<Double> rates =
                    runs.stream()
                            .filter(run -> run.row().equals(mode.getKey()))
                            .map(Run::perSecond)
                            .toList();
            if (rates.isEmpty()) {
                continue;
            }
            int perSecond = (int) Math.max(1, Spread.of(rates).median() / 2);
            Delays delays = delays(cluster, names(simulator, mode.getValue()), perSecond);
            notes.add(
                    "%s at half load (%,d events/s, batch wait %s): p50 %d ms, p99 %d ms, max %d ms over %,d events"
                            .formatted(
                                    mode.getKey(),
                                    delays.perSecond(),
                                    wait,
                                    delays.p50(),
                                    delays.p99(),
                                    delays.max(),
                                    delays.events()));
            bars.add(
                    new Bar(
                            mode.getKey() + ", p99 at half load",
                            true,
                            2 * medianMillis,
                            delays.p99(),
                            "ms"));
        }
    }

    private Delays delays(Cluster cluster, Map<String, String> names, int perSecond)
            throws IOException, InterruptedException {
        String topic = "delay-" + names.get("DELIVERY");
        Job job =
                new Job(
                        cluster.brokers(),
                        topic + "-in",
                        topic + "-out",
                        topic,
                        perSecond * options.number("delay-seconds", 20));
        cluster.create(job.input(), false);
        cluster.create(job.output(), false);
        ThacRow row = ThacRow.start("model.yaml", job, names);
        try {
            return Delays.measure(
                    job,
                    cluster.partitions(),
                    new ReviewEvents(options.number("seed", 1)),
                    perSecond);
        } finally {
            row.stop();
        }
    }

    private double medianSeconds() {
        return switch (latency) {
            case Latency.Fixed(Duration fixed) -> fixed.toNanos() / 1e9;
            case Latency.Lognormal(Duration median, double _) -> median.toNanos() / 1e9;
            case Latency.Uniform(Duration from, Duration to) -> from.plus(to).toNanos() / 2e9;
        };
    }

    /** Events a second if nothing but the model took time. */
    private double ideal() {
        return inFlight * batch / Math.max(meanSeconds(latency), 1e-3);
    }

    static double meanSeconds(Latency latency) {
        return switch (latency) {
            case Latency.Fixed(Duration fixed) -> fixed.toNanos() / 1e9;
            case Latency.Lognormal(Duration median, double sigma) ->
                    median.toNanos() / 1e9 * Math.exp(sigma * sigma / 2);
            case Latency.Uniform(Duration from, Duration to) -> from.plus(to).toNanos() / 2e9;
        };
    }

    static Latency latency(String text) {
        try {
            return Latency.parse(text);
        } catch (IllegalArgumentException e) {
            throw new Options.UsageException("--" + e.getMessage());
        }
    }

    private String name() {
        boolean usual = latencyText.equals("42ms") && batch == 50 && inFlight == 128;
        String suffix = latencyText + "-batch-" + batch + "-in-flight-" + inFlight;
        return usual ? "model" : "model-" + suffix.replaceAll("[^A-Za-z0-9.]+", "-");
    }

    private Map<String, String> parameters(Cluster cluster) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("events", Integer.toString(records));
        parameters.put("partitions", Integer.toString(cluster.partitions()));
        parameters.put("simulated latency", latencyText);
        parameters.put("batch", Integer.toString(batch));
        parameters.put("calls in flight", Integer.toString(inFlight));
        parameters.put("batch wait", wait);
        parameters.put("ideal", "%,.0f events/s".formatted(ideal()));
        parameters.put("rounds", Integer.toString(options.rounds()));
        return parameters;
    }
}
