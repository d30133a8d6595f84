package dev.thac.bench;

import dev.thac.testkit.simulator.Latency;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Answers that take seconds, and some that never come: how much of what the calls in flight could
 * do is left. Speeds are sustained ones, between the first and the last tenth of the outputs: a run
 * that a person can wait for ends with a tail that a stream never sees.
 */
final class SlowBench {

    private static final String INPUT = "reviews";

    /** The hand-written loop waits for the slowest call of each wave: fewer events suffice it. */
    private static final String FEWER = "reviews-fewer";

    private static final int FEWER_WAVES = 4;
    private static final String IDEAL = "ideal: calls in flight / mean latency";
    private static final String WAVES = "hand-written batch loop";
    private static final String PARALLEL = "parallel-consumer";
    private static final String EXACTLY_ONCE = "Thác, exactly-once";

    private final Options options;
    private final String latencyText;
    private final double meanSeconds;
    private final int batch;
    private final int inFlight;
    private final String timeout;
    private final double stuckShare;
    private final int records;
    private final int fewer;

    SlowBench(Options given) {
        this.options = given.orElse("rounds", "1").orElse("warmup", "0");
        this.latencyText = options.text("latency").orElse("lognormal:3s,0.6");
        this.meanSeconds = ModelBench.meanSeconds(ModelBench.latency(latencyText));
        this.batch = options.number("batch", 10);
        this.inFlight = options.number("in-flight", 128);
        this.timeout = options.text("timeout").orElse("60s");
        this.stuckShare = options.number("stuck-percent", 1) / 100.0;
        int wave = inFlight * batch;
        this.records = Math.max(1, options.number("events", 16 * wave) / batch) * batch;
        this.fewer = Math.min(records, FEWER_WAVES * wave);
    }

    Report run() throws IOException, InterruptedException {
        ReviewEvents events = new ReviewEvents(options.number("seed", 1));
        try (ChildProcess simulator =
                        ChildProcess.start(SimulatorProcess.class, "512m", List.of(latencyText));
                Cluster cluster = Cluster.start(options.number("partitions", 8))) {
            URI uri = URI.create(simulator.address());
            cluster.preload(INPUT, events, records);
            cluster.preload(FEWER, events, fewer);
            Bills bills = new Bills(uri);
            ModelRows others = new ModelRows(uri, events, batch, inFlight);
            List<Run> runs = new ArrayList<>(ideals());
            if (options.wants(WAVES)) {
                Row waves = new Row(WAVES, Row.Output.JUDGED, others::waves);
                runs.addAll(
                        rounds(cluster, simulator, FEWER, fewer).run(List.of(bills.billed(waves))));
            }
            List<Row> rows = rows(uri, others).stream().map(bills::billed).toList();
            Rounds rounds = rounds(cluster, simulator, INPUT, records);
            runs.addAll(rounds.run(rows));
            return new Report(
                    "slow",
                    LocalDate.now(ZoneId.systemDefault()),
                    Machine.describe(),
                    parameters(cluster),
                    IDEAL,
                    runs,
                    bars(runs),
                    bills.notes(),
                    rounds.profiles());
        }
    }

    private Rounds rounds(Cluster cluster, ChildProcess simulator, String input, int count) {
        return new Rounds(
                cluster, simulator::cpuSeconds, options, input, count, Rounds.Timing.SUSTAINED);
    }

    /** What the bound would have measured, so that ratios are to it. */
    private List<Run> ideals() {
        List<Run> ideals = new ArrayList<>();
        for (int round = 1; round <= options.rounds(); round++) {
            ideals.add(new Run(IDEAL, round, records, records / ideal(0), 0, 0, 0));
        }
        return ideals;
    }

    private List<Row> rows(URI simulator, ModelRows others) {
        List<Row> rows = new ArrayList<>();
        rows.add(new Row(PARALLEL, Row.Output.JUDGED, others::parallelConsumer));
        rows.add(new Row(EXACTLY_ONCE, Row.Output.JUDGED, job -> judge(simulator, job)));
        if (stuckShare > 0) {
            rows.add(
                    new Row(
                            stuckRow(),
                            Row.Output.JUDGED,
                            job -> {
                                control(simulator, "{\"errors\":\"hang:" + stuckShare + "\"}");
                                judge(simulator, job);
                                control(simulator, "{\"errors\":\"none\"}");
                            }));
        }
        rows.removeIf(row -> !options.wants(row.name()));
        return rows;
    }

    private String stuckRow() {
        return EXACTLY_ONCE + ", %.0f %% of calls stuck".formatted(100 * stuckShare);
    }

    private void judge(URI simulator, Job job) throws IOException, InterruptedException {
        ThacRow.run(
                "model.yaml",
                job,
                Map.of(
                        "URL", simulator.toString(),
                        "BATCH", Integer.toString(batch),
                        "WAIT", options.text("wait").orElse("10ms"),
                        "IN-FLIGHT", Integer.toString(inFlight),
                        "TIMEOUT", timeout,
                        "OPEN", Integer.toString(4 * inFlight * batch),
                        "DELIVERY", "exactly-once"));
    }

    private static void control(URI simulator, String change)
            throws IOException, InterruptedException {
        try (HttpClient client = Wire.client()) {
            HttpRequest request =
                    HttpRequest.newBuilder(simulator.resolve("/control"))
                            .POST(HttpRequest.BodyPublishers.ofString(change))
                            .build();
            int status = client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            if (status != 200) {
                throw new IOException("the simulator refused " + change + ": " + status);
            }
        }
    }

    private List<Bar> bars(List<Run> runs) {
        List<Bar> bars = new ArrayList<>();
        Report.ratio(runs, EXACTLY_ONCE, IDEAL)
                .ifPresent(r -> bars.add(Bar.atLeast("exactly-once / ideal", 0.9, r)));
        Report.ratio(runs, stuckRow(), IDEAL)
                .map(r -> r * ideal(0) / ideal(stuckShare))
                .ifPresent(
                        r ->
                                bars.add(
                                        Bar.atLeast(
                                                "with stuck calls / ideal with the places they"
                                                        + " take",
                                                0.85,
                                                r)));
        return bars;
    }

    /**
     * Events a second if nothing but the model took time.
     *
     * @param stuck share of the calls that keep their place until the deadline and are then asked
     *     again in two halves
     */
    private double ideal(double stuck) {
        double deadline = Latency.duration(timeout).toNanos() / 1e9;
        return inFlight * batch / (meanSeconds * (1 + stuck) + deadline * stuck);
    }

    private Map<String, String> parameters(Cluster cluster) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("events", Integer.toString(records));
        parameters.put("events of the hand-written loop", Integer.toString(fewer));
        parameters.put("partitions", Integer.toString(cluster.partitions()));
        parameters.put("simulated latency", latencyText);
        parameters.put("batch", Integer.toString(batch));
        parameters.put("calls in flight", Integer.toString(inFlight));
        parameters.put("deadline", timeout);
        parameters.put("ideal", "%,.0f events/s".formatted(ideal(0)));
        parameters.put("ideal with stuck calls", "%,.0f events/s".formatted(ideal(stuckShare)));
        parameters.put("rounds", Integer.toString(options.rounds()));
        return parameters;
    }
}
