package dev.thac.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A large backlog, answers that take a minute, and a small heap: runs at its cap without growing.
 * The pipeline has a process of its own and is watched for a while; what it does in that time is
 * bound by the model, not by the backlog.
 */
final class BacklogBench {

    private static final String INPUT = "reviews";
    private static final String OUTPUT = "judged";
    private static final String IDEAL = "ideal: whole rounds of calls";
    private static final int SECONDS_BETWEEN_LINES = 10;
    private static final double MIB = 1 << 20;

    private final Options options;
    private final String latencyText;
    private final double meanSeconds;
    private final int batch;
    private final int inFlight;
    private final int open;
    private final int heapMib;
    private final int seconds;
    private final int records;

    BacklogBench(Options options) {
        this.options = options;
        this.latencyText = options.text("latency").orElse("60s");
        this.meanSeconds = ModelBench.meanSeconds(ModelBench.latency(latencyText));
        this.batch = options.number("batch", 10);
        this.inFlight = options.number("in-flight", 128);
        this.open = options.number("open", 20_000);
        this.heapMib = options.number("heap", 256);
        this.seconds = options.number("seconds", 180);
        this.records = options.number("events", 5_000_000);
    }

    Report run() throws IOException, InterruptedException {
        Path file = Files.createTempFile("bench-backlog-", ".txt");
        try (ChildProcess simulator =
                        ChildProcess.start(SimulatorProcess.class, "256m", List.of(latencyText));
                Cluster cluster = Cluster.start(options.number("partitions", 8))) {
            System.err.printf("bench: writing %,d events%n", records);
            cluster.preload(INPUT, new ReviewEvents(options.number("seed", 1)), records);
            cluster.create(OUTPUT, true);
            List<String> arguments =
                    List.of(
                            cluster.brokers(),
                            INPUT,
                            OUTPUT,
                            simulator.address(),
                            Integer.toString(batch),
                            Integer.toString(inFlight),
                            Integer.toString(open),
                            file.toString());
            try (ChildProcess pipeline =
                    ChildProcess.start(BacklogProcess.class, heapMib + "m", arguments)) {
                List<BacklogProcess.Progress> progress = watch(pipeline, file);
                return report(cluster, progress, pipeline.cpuSeconds());
            }
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private List<BacklogProcess.Progress> watch(ChildProcess pipeline, Path file)
            throws IOException, InterruptedException {
        for (int second = 1; second <= seconds; second++) {
            Thread.sleep(1000);
            List<String> lines = Files.readAllLines(file);
            if (!pipeline.alive()) {
                throw new WrongOutputException(
                        "the pipeline ended after " + second + " s; last seen: " + lines);
            }
            if (second % SECONDS_BETWEEN_LINES == 0 && !lines.isEmpty()) {
                BacklogProcess.Progress now = BacklogProcess.Progress.parse(lines.getLast());
                System.err.printf(
                        "bench: %4d s  %,8d settled  %,7d open  %4.0f MiB live  %4.0f MiB peak of"
                                + " %d%n",
                        second,
                        now.settled(),
                        now.open(),
                        now.liveBytes() / MIB,
                        now.peakBytes() / MIB,
                        heapMib);
            }
        }
        return Files.readAllLines(file).stream().map(BacklogProcess.Progress::parse).toList();
    }

    private Report report(
            Cluster cluster, List<BacklogProcess.Progress> progress, double cpuSeconds)
            throws IOException {
        BacklogProcess.Progress last = progress.getLast();
        long ideal = ((long) ((seconds - 1) / meanSeconds)) * inFlight * batch;
        double live = max(progress, BacklogProcess.Progress::liveBytes) / MIB;
        double mostOpen = max(progress, BacklogProcess.Progress::open);
        String row = "Thác, exactly-once, heap " + heapMib + " MiB";
        List<Bar> bars = new ArrayList<>();
        bars.add(
                Bar.atLeast(
                        "settled / whole rounds of calls", 0.9, last.settled() / (double) ideal));
        bars.add(new Bar("heap after collections", true, heapMib, live, "MiB"));
        bars.add(new Bar("open events", true, open, mostOpen, "events"));
        return new Report(
                "backlog",
                LocalDate.now(ZoneId.systemDefault()),
                Machine.describe(),
                parameters(cluster),
                IDEAL,
                List.of(
                        new Run(IDEAL, 1, ideal, seconds, 0, 0, 0),
                        new Run(
                                row,
                                1,
                                last.settled(),
                                seconds,
                                cpuSeconds,
                                cluster.cpuSeconds(),
                                0)),
                bars,
                List.of(
                        "heap: at most %.0f MiB left by a collection, %.0f MiB at the peak with garbage, of %d MiB"
                                .formatted(live, last.peakBytes() / MIB, heapMib)),
                Map.of());
    }

    private interface Figure {
        long of(BacklogProcess.Progress progress);
    }

    private static double max(List<BacklogProcess.Progress> progress, Figure figure) {
        long max = 0;
        for (BacklogProcess.Progress one : progress) {
            max = Math.max(max, figure.of(one));
        }
        return max;
    }

    private Map<String, String> parameters(Cluster cluster) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("events", Integer.toString(records));
        parameters.put("partitions", Integer.toString(cluster.partitions()));
        parameters.put("simulated latency", latencyText);
        parameters.put("batch", Integer.toString(batch));
        parameters.put("calls in flight", Integer.toString(inFlight));
        parameters.put("open events", Integer.toString(open));
        parameters.put("seconds", Integer.toString(seconds));
        return parameters;
    }
}
