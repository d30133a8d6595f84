package dev.thac.bench;

import dev.thac.testkit.database.EmbeddedPostgres;

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
 * What a lookup costs once its answers are known: the pipeline of {@code bench rules} as it is, and
 * with one of 10,000 rows of a real PostgreSQL beside each event. Speeds are taken between the
 * first and the last tenth of the outputs: by then every key has been asked for.
 */
final class LookupBench {

    private static final String INPUT = "reviews";
    private static final int KEYS = 10_000;
    private static final String WITHOUT = "Thác, without lookup";
    private static final String WITH = "Thác, 10,000 hot keys";

    private final Options options;
    private final int records;

    LookupBench(Options options) {
        this.options = options;
        this.records = options.number("events", 1_000_000);
    }

    Report run() throws IOException, InterruptedException {
        int seed = options.number("seed", 1);
        Path password = Files.createTempFile("bench-", ".password");
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start();
                Cluster cluster = Cluster.start(options.number("partitions", 8))) {
            Files.writeString(password, postgres.password());
            postgres.execute(
                    "create table products (id text primary key, name text, price numeric);"
                            + " insert into products select 'SP-' || lpad(i::text, 4, '0'),"
                            + " 'Áo thun ' || i, i * 1000 from generate_series(0, "
                            + (KEYS - 1)
                            + ") i; analyze products");
            System.err.printf("bench: writing %,d events%n", records);
            cluster.preload(INPUT, new ReviewEvents(seed), records);
            Map<String, String> names =
                    Map.of(
                            "DELIVERY",
                            "exactly-once",
                            "DATABASE",
                            postgres.jdbcUrl(),
                            "PASSWORD",
                            password.toString());
            List<Row> rows =
                    List.of(
                            new Row(
                                    WITHOUT,
                                    Row.Output.JUDGED,
                                    job -> ThacRow.run("rules.yaml", job, names)),
                            new Row(
                                    WITH,
                                    Row.Output.JUDGED,
                                    job -> ThacRow.run("lookups.yaml", job, names)));
            Rounds rounds =
                    new Rounds(cluster, () -> 0, options, INPUT, records, Rounds.Timing.SUSTAINED);
            List<Run> runs = rounds.run(rows);
            List<Bar> bars = new ArrayList<>();
            Report.ratio(runs, WITH, WITHOUT)
                    .ifPresent(r -> bars.add(Bar.atLeast("with / without lookup", 0.80, r)));
            return new Report(
                    "lookups",
                    LocalDate.now(ZoneId.systemDefault()),
                    Machine.describe(),
                    parameters(cluster, seed),
                    WITHOUT,
                    runs,
                    bars,
                    List.of(),
                    rounds.profiles());
        } finally {
            Files.delete(password);
        }
    }

    private Map<String, String> parameters(Cluster cluster, int seed) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("events", Integer.toString(records));
        parameters.put("keys", Integer.toString(KEYS));
        parameters.put("partitions", Integer.toString(cluster.partitions()));
        parameters.put("compression", "lz4");
        parameters.put("delivery", "exactly-once");
        parameters.put("rounds", Integer.toString(options.rounds()));
        parameters.put("seed", Integer.toString(seed));
        return parameters;
    }
}
