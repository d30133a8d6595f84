package dev.thac.bench;

import dev.thac.window.WindowTopology;

import org.apache.kafka.streams.KafkaStreams;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What windows cost beside a program written by hand for the same task: events counted by one of
 * 10,000 keys and by the minute, exactly once, by Kafka Streams below both. Each row's last counts
 * must be the true ones.
 */
final class WindowBench {

    private static final String INPUT = "reviews";
    private static final String PLAIN = "Kafka Streams DSL";
    private static final String LEAN = "Kafka Streams DSL, only keys sent on";
    private static final String OURS = "Thác, windows";
    private static final int THREADS = 2;
    private static final Duration GLANCE = Duration.ofMillis(50);
    private static final Duration QUIET = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration GOODBYE = Duration.ofSeconds(20);

    private final Options options;
    private final int records;
    private final List<String> notes = new ArrayList<>();

    WindowBench(Options options) {
        this.options = options;
        this.records = options.number("events", 1_000_000);
    }

    Report run() throws IOException, InterruptedException {
        int seed = options.number("seed", 1);
        try (Cluster cluster = Cluster.start(options.number("partitions", 8))) {
            System.err.printf("bench: writing %,d events%n", records);
            ReviewEvents events = new ReviewEvents(seed);
            WindowCounts counts =
                    new WindowCounts(
                            events, records, cluster.partitions(), System.currentTimeMillis());
            cluster.preload(INPUT, events, records, counts::time);
            List<Row> rows = rows(cluster);
            Map<String, Long> results = new LinkedHashMap<>();
            Rounds rounds =
                    new Rounds(cluster, () -> 0, options, INPUT, records)
                            .counted(
                                    (row, job) -> {
                                        long last = counts.lastAppend(row, job);
                                        results.put(row, counts.results());
                                        return last;
                                    });
            List<Run> runs = rounds.run(rows);
            notes.add(
                    "Every row ended with the true counts of %,d windows."
                            .formatted(counts.windows()));
            results.forEach(
                    (row, count) ->
                            notes.add(
                                    "%s wrote %,d results in the last round."
                                            .formatted(row, count)));
            List<Bar> bars = new ArrayList<>();
            Report.ratio(runs, OURS, PLAIN)
                    .ifPresent(r -> bars.add(Bar.atLeast("windows / Kafka Streams DSL", 0.80, r)));
            return new Report(
                    "windows",
                    LocalDate.now(ZoneId.systemDefault()),
                    Machine.describe(),
                    parameters(cluster, seed),
                    PLAIN,
                    runs,
                    bars,
                    notes,
                    rounds.profiles());
        }
    }

    private List<Row> rows(Cluster cluster) {
        List<Row> rows = new ArrayList<>();
        rows.add(new Row(PLAIN, Row.Output.COUNTED, job -> plain(cluster, job, false)));
        rows.add(new Row(LEAN, Row.Output.COUNTED, job -> plain(cluster, job, true)));
        rows.add(new Row(OURS, Row.Output.COUNTED, job -> ours(cluster, job)));
        rows.removeIf(row -> !row.name().equals(PLAIN) && !options.wants(row.name()));
        return rows;
    }

    private static void plain(Cluster cluster, Job job, boolean lean)
            throws IOException, InterruptedException {
        Path state = Files.createTempDirectory("bench-");
        try (KafkaStreams streams = PlainWindows.start(job, job.group(), THREADS, state, lean)) {
            awaitCounted(cluster, job, job.group());
            streams.close(GOODBYE);
        } finally {
            delete(state);
        }
    }

    private static void ours(Cluster cluster, Job job) throws IOException, InterruptedException {
        String pipeline = job.group().toLowerCase(Locale.ROOT);
        ThacRow row = ThacRow.start("windows.yaml", job, Map.of("PIPELINE", pipeline));
        try {
            awaitCounted(cluster, job, WindowTopology.application(pipeline));
        } finally {
            row.stop();
        }
    }

    /** Until all events are committed and no more results come. */
    private static void awaitCounted(Cluster cluster, Job job, String group)
            throws InterruptedException {
        long read = 0;
        long written = 0;
        long since = System.nanoTime();
        while (read < job.records() || System.nanoTime() - since < QUIET.toNanos()) {
            Thread.sleep(GLANCE);
            long readNow = cluster.committed(group, job.input());
            long writtenNow = cluster.written(job.output());
            if (readNow > read || writtenNow > written) {
                read = readNow;
                written = writtenNow;
                since = System.nanoTime();
            } else if (System.nanoTime() - since > PATIENCE.toNanos()) {
                throw new WrongOutputException("nothing moves any more after " + read + " events");
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private Map<String, String> parameters(Cluster cluster, int seed) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("events", Integer.toString(records));
        parameters.put("keys", "10000");
        parameters.put("window", "1 minute, tumbling, over 5 minutes of events");
        parameters.put("partitions", Integer.toString(cluster.partitions()));
        parameters.put("stream threads", Integer.toString(THREADS));
        parameters.put("compression", "lz4");
        parameters.put("delivery", "exactly-once");
        parameters.put("rounds", Integer.toString(options.rounds()));
        parameters.put("seed", Integer.toString(seed));
        return parameters;
    }
}
