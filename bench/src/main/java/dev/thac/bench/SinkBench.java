package dev.thac.bench;

import dev.thac.testkit.database.EmbeddedPostgres;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * How fast a topic gets into a table, beside a loop written by hand for the same table, and into
 * files and to an address. Every second row of the table is there before and is updated. A row's
 * clock ends when its last offset is committed; then the table, the files or the receiver must hold
 * every event.
 */
final class SinkBench {

    private static final String INPUT = "reviews";
    private static final String LOOP = "hand-written loop, batched upserts";
    private static final String TABLE = "Thác, table";
    private static final String FILES = "Thác, files";
    private static final String WEBHOOK = "Thác, webhook";

    private final Options options;
    private final int records;
    private final ReviewEvents events;
    private final Map<String, Check> checks = new LinkedHashMap<>();
    private long ended;

    SinkBench(Options options) {
        this.options = options;
        this.records = options.number("events", 200_000);
        this.events = new ReviewEvents(options.number("seed", 1));
    }

    Report run() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("bench-");
        Path password = folder.resolve("password");
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start();
                ChildProcess receiver =
                        ChildProcess.start(ReceiverProcess.class, "128m", List.of());
                Cluster cluster = Cluster.start(options.number("partitions", 8))) {
            Files.writeString(password, postgres.password());
            System.err.printf("bench: writing %,d events%n", records);
            cluster.preload(INPUT, events, records);
            Map<String, String> names =
                    Map.of(
                            "DATABASE", postgres.jdbcUrl(),
                            "PASSWORD", password.toString(),
                            "URL", receiver.address(),
                            "FOLDER", folder.resolve("lines").toString());
            List<Row> rows = rows(postgres, names);
            Rounds rounds =
                    new Rounds(cluster, () -> 0, options, INPUT, records).counted(this::checked);
            List<Run> runs = rounds.run(rows);
            List<Bar> bars = new ArrayList<>();
            Report.ratio(runs, TABLE, LOOP)
                    .ifPresent(r -> bars.add(Bar.atLeast("table / hand-written loop", 0.80, r)));
            return new Report(
                    "sinks",
                    LocalDate.now(ZoneId.systemDefault()),
                    Machine.describe(),
                    parameters(cluster),
                    LOOP,
                    runs,
                    bars,
                    List.of(
                            "PostgreSQL runs on the same machine and does not wait for the disk;"
                                    + " files do."),
                    rounds.profiles());
        } finally {
            delete(folder);
        }
    }

    private List<Row> rows(EmbeddedPostgres postgres, Map<String, String> names) {
        Path lines = Path.of(names.getOrDefault("FOLDER", ""));
        URI receiver = URI.create(names.getOrDefault("URL", ""));
        UpsertLoop loop = new UpsertLoop(postgres.jdbcUrl(), postgres.user(), postgres.password());
        List<Row> rows = new ArrayList<>();
        rows.add(
                row(
                        LOOP,
                        job -> {
                            fill(postgres);
                            loop.run(job);
                            ended = System.currentTimeMillis();
                        },
                        row -> requireRows(row, postgres)));
        rows.add(
                row(
                        TABLE,
                        job -> {
                            fill(postgres);
                            sink("sinks-table.yaml", job, names);
                        },
                        row -> requireRows(row, postgres)));
        rows.add(
                row(
                        FILES,
                        job -> sink("sinks-file.yaml", job, names),
                        row -> requireLines(row, lines)));
        rows.add(
                row(
                        WEBHOOK,
                        job -> sink("sinks-webhook.yaml", job, names),
                        row -> requireCalls(row, receiver)));
        rows.removeIf(row -> !row.name().equals(LOOP) && !options.wants(row.name()));
        return rows;
    }

    private Row row(String name, Row.Work work, Check check) {
        checks.put(name, check);
        return new Row(name, Row.Output.COUNTED, work);
    }

    /** Whether what a row wrote is all there. */
    private interface Check {
        void require(String row) throws IOException, SQLException, InterruptedException;
    }

    /** Every second row is there, and is another than it will be. */
    private void fill(EmbeddedPostgres postgres) {
        postgres.execute(
                "drop table if exists reviews;"
                        + " create table reviews (id text primary key, product text, rating"
                        + " integer, text text, verified boolean, at timestamptz);"
                        + " insert into reviews select lpad((2 * i)::text, "
                        + ReviewEvents.ID_DIGITS
                        + ", '0'), '', 0, '', false, now() from generate_series(0, "
                        + (records - 1) / 2
                        + ") i; analyze reviews");
    }

    private void sink(String resource, Job job, Map<String, String> names)
            throws IOException, InterruptedException {
        Map<String, String> all = new HashMap<>(names);
        all.put("PIPELINE", job.group().toLowerCase(Locale.ROOT));
        ThacRow row = ThacRow.start(resource, job, all);
        try {
            row.awaitCompanion("s", job.records());
            ended = System.currentTimeMillis();
        } finally {
            row.stop();
        }
    }

    private long checked(String row, Job job) {
        Check check = checks.get(row);
        if (check == null) {
            throw new IllegalArgumentException(row);
        }
        try {
            check.require(row);
            return ended;
        } catch (IOException | SQLException e) {
            throw new WrongOutputException(job.group() + " cannot be checked", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new WrongOutputException(job.group() + " cannot be checked", e);
        }
    }

    private void requireRows(String row, EmbeddedPostgres postgres) throws SQLException {
        try (Connection connection = postgres.connect("postgres");
                Statement statement = connection.createStatement();
                ResultSet found =
                        statement.executeQuery(
                                "select count(*) filter (where rating between 1 and 5 and text <>"
                                        + " '' and product like 'SP-%'), count(*) from reviews")) {
            boolean _ = found.next();
            require(row, found.getLong(1), "rows as the events say");
            require(row, found.getLong(2), "rows");
        }
    }

    private void requireLines(String row, Path folder) throws IOException {
        BitSet seen = new BitSet(records);
        long lines = 0;
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(each -> each.toString().endsWith(".jsonl")).toList()) {
                for (String line : Files.readAllLines(file)) {
                    seen.set(ReviewEvents.index(line.getBytes(StandardCharsets.UTF_8)));
                    lines++;
                }
            }
        }
        delete(folder);
        require(row, lines, "lines");
        require(row, seen.cardinality(), "events in its lines");
    }

    private void requireCalls(String row, URI receiver) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> count =
                    client.send(
                            HttpRequest.newBuilder(receiver).build(),
                            HttpResponse.BodyHandlers.ofString());
            require(row, Long.parseLong(count.body()), "events at the receiver");
        }
    }

    private void require(String row, long found, String what) {
        if (found != records) {
            throw new WrongOutputException(
                    "%s left %,d %s, and there were %,d events"
                            .formatted(row, found, what, records));
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private Map<String, String> parameters(Cluster cluster) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("events", Integer.toString(records));
        parameters.put("rows there before", Integer.toString((records + 1) / 2));
        parameters.put("partitions", Integer.toString(cluster.partitions()));
        parameters.put("webhook calls", "8 at a time, signed");
        parameters.put("rounds", Integer.toString(options.rounds()));
        parameters.put("seed", Integer.toString(options.number("seed", 1)));
        return parameters;
    }
}
