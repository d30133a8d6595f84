package dev.thac.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.thac.cost.PriceBook;
import dev.thac.event.ErrorCode;
import dev.thac.event.ThacException;
import dev.thac.meter.Meters;
import dev.thac.model.Models;
import dev.thac.resilience.Ticker;
import dev.thac.spec.Secrets;
import dev.thac.testkit.broker.EmbeddedKafka;
import dev.thac.testkit.broker.TopicWriter;
import dev.thac.testkit.database.EmbeddedPostgres;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Sinks beside the lanes of a pipeline, as its file declares them. */
class SinkingIT {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir private Path folder;

    private Path pipeline(String url) throws IOException {
        Files.writeString(
                folder.resolve("thac.yaml"),
                """
                databases:
                  shop: { url: "%s", user: "${env:SHOP_USER}", password: "${env:SHOP_PASSWORD}" }
                """
                        .formatted(url));
        return Files.writeString(
                folder.resolve("pipeline.yaml"),
                """
                pipeline: sold
                source: { topic: sold.raw, group: g, start: earliest }
                routes:
                  - to: sold.out
                    key: value.id
                sinks:
                  - from: sold.out
                    jdbc:
                      database: shop
                      table: sold
                      columns: { id: key, amount: value.amount }
                      id: [id]
                      create: true
                  - from: sold.out
                    file: { path: "%s" }
                """
                        .formatted(folder.resolve("lines")));
    }

    private long lines() throws IOException {
        long count = 0;
        if (Files.isDirectory(folder.resolve("lines"))) {
            try (Stream<Path> files = Files.list(folder.resolve("lines"))) {
                for (Path each :
                        files.filter(file -> file.toString().endsWith(".jsonl")).toList()) {
                    count += Files.readAllLines(each).size();
                }
            }
        }
        return count;
    }

    private static CompanionStatus sink(PipelineRuntime runtime, String name) {
        return runtime.status().companions().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aSinkWhoseDatabaseIsAwayDisturbsNeitherTheLanesNorOtherSinks() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start();
                EmbeddedPostgres postgres = EmbeddedPostgres.start();
                TopicWriter writer = new TopicWriter(kafka.bootstrapServers())) {
            postgres.stop();
            PipelineRuntime runtime = start(kafka, postgres);
            assertThat(runtime.warnings())
                    .singleElement()
                    .satisfies(
                            warning -> {
                                assertThat(warning.subject()).isEqualTo("sink sold.out-sold");
                                assertThat(warning.message()).contains("shop", "unavailable");
                            });
            List<String> values = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                values.add("{\"id\":\"o-%d\",\"amount\":%d}".formatted(i, i));
            }
            writer.writeAll("sold.raw", values);

            await().atMost(PATIENCE).until(() -> runtime.status().settled() == 300);
            await().atMost(PATIENCE).until(() -> lines() == 300);
            await().atMost(PATIENCE)
                    .until(() -> sink(runtime, "sold.out-sold").state().equals("held"));
            assertThat(sink(runtime, "sold.out-sold").note().orElseThrow())
                    .contains("shop")
                    .doesNotContain(postgres.password());
            assertThat(runtime.status().restarts()).isZero();
            postgres.restart();
            await().atMost(PATIENCE).until(() -> sink(runtime, "sold.out-sold").read() == 300);
            runtime.stop();

            try (Connection connection = postgres.connect("postgres");
                    Statement statement = connection.createStatement();
                    ResultSet row =
                            statement.executeQuery("select count(*), sum(amount) from sold")) {
                assertThat(row.next()).isTrue();
                assertThat(row.getInt(1)).isEqualTo(300);
                assertThat(row.getInt(2)).isEqualTo(299 * 150);
            }
            assertThat(sink(runtime, "sold.out-file").state()).isEqualTo("stopped");
        }
    }

    @Test
    void aTableThatDoesNotFitRefusesTheStartAndSaysWhatToDo() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start();
                EmbeddedPostgres postgres = EmbeddedPostgres.start()) {
            postgres.execute("create table sold (id text primary key, amounts numeric)");
            assertThatThrownBy(() -> start(kafka, postgres))
                    .isInstanceOfSatisfying(
                            ThacException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.SINK_UNFIT))
                    .hasMessageContaining("pipeline sold cannot run")
                    .hasMessageContaining("sink sold.out-sold: table sold has no column \"amount\"")
                    .hasMessageContaining("in database shop")
                    .hasMessageContaining("alter the table, its grants or the file");

            postgres.execute("alter table sold rename column amounts to amount");
            postgres.execute(
                    "create user clerk password 'c'; grant select, insert on sold to clerk");
            Secrets clerk =
                    new Secrets(Map.of("SHOP_USER", "clerk", "SHOP_PASSWORD", "c"), Path.of(""));
            assertThatThrownBy(() -> start(kafka, postgres, clerk))
                    .hasMessageContaining("the user lacks the right to update in table sold");

            postgres.execute("grant update (amount) on sold to clerk");
            PipelineRuntime runtime = start(kafka, postgres, clerk);

            assertThat(runtime.warnings()).isEmpty();
            runtime.stop();
        }
    }

    private PipelineRuntime start(EmbeddedKafka kafka, EmbeddedPostgres postgres)
            throws IOException, InterruptedException {
        return start(kafka, postgres, secrets(postgres));
    }

    private PipelineRuntime start(EmbeddedKafka kafka, EmbeddedPostgres postgres, Secrets secrets)
            throws IOException, InterruptedException {
        Loaded file = PipelineFiles.load(pipeline(postgres.jdbcUrl()));
        assertThat(file.problems().render()).isEmpty();
        Meters meters = new Meters();
        return PipelineRuntime.start(
                file.orThrow(),
                file.project(),
                RuntimeSettings.of(kafka.bootstrapServers()).creatingTopics(2).withSecrets(secrets),
                Models.of(Map.of(), Map.of(), PriceBook.bundled(), meters, Ticker.system()),
                meters,
                Ticker.system());
    }

    private static Secrets secrets(EmbeddedPostgres postgres) {
        return new Secrets(
                Map.of("SHOP_USER", postgres.user(), "SHOP_PASSWORD", postgres.password()),
                Path.of(""));
    }
}
