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
    private static final int MOST_EVENTS = 400_000;
    private static final int IDEAL_SECONDS = 10;

    private final Options options;
    private final String latencyText;
    private final Latency latency;
    private final int batch;
    private final int inFlight;
    private final int records;

    ModelBench(Options options) {
        this.options = options;
        this.latencyText = options.text("latency").orElse("42ms");
        this.latency = latency(latencyText);
        this.batch = options.number("batch", 50);
        this.inFlight = options.number("in-flight", 128);
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
            List<Bar> bars = new ArrayList<>();
            List<String> notes = new ArrayList<>(bills.notes());
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
        rows.removeIf(row -> !row.name().equals(HTTP) && !options.wants(row.name()));
        return rows;
    }

    /** Events a second if nothing but the model took time. */
    private double ideal() {
        double meanSeconds =
                switch (latency) {
                    case Latency.Fixed(Duration fixed) -> fixed.toNanos() / 1e9;
                    case Latency.Lognormal(Duration median, double sigma) ->
                            median.toNanos() / 1e9 * Math.exp(sigma * sigma / 2);
                    case Latency.Uniform(Duration from, Duration to) ->
                            from.plus(to).toNanos() / 2e9;
                };
        return inFlight * batch / Math.max(meanSeconds, 1e-3);
    }

    private static Latency latency(String text) {
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
        parameters.put("ideal", "%,.0f events/s".formatted(ideal()));
        parameters.put("rounds", Integer.toString(options.rounds()));
        return parameters;
    }
}
