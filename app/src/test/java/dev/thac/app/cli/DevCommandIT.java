package dev.thac.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;

import dev.thac.app.CommandRun;
import dev.thac.app.terminal.Json;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

class DevCommandIT {

    @TempDir private Path folder;

    private static CommandRun.Result dev(String... more) {
        String[] all = new String[more.length + 8];
        System.arraycopy(
                new String[] {
                    "dev", "--headless", "--broker-port", "0", "--latency", "5ms", "-o", "json"
                },
                0,
                all,
                0,
                8);
        System.arraycopy(more, 0, all, 8, more.length);
        return CommandRun.here().run(all);
    }

    private static long sum(Object rows) {
        return ((Map<?, ?>) rows)
                .values().stream().mapToLong(count -> ((Number) count).longValue()).sum();
    }

    @Test
    void aThousandEventsEndByThemselvesAndTheRowsAddUp() throws JsonProcessingException {
        CommandRun.Result result = dev("--events", "1000");

        Map<?, ?> summary = (Map<?, ?>) Json.read(result.out());
        Map<?, ?> rows = (Map<?, ?>) summary.get("rows");
        assertThat(result.code()).isZero();
        assertThat(summary.get("events")).isEqualTo(1000);
        assertThat(sum(rows)).isEqualTo(1000);
        assertThat(rows.keySet().toString())
                .isEqualTo("[rules, cache, small, strong, filtered, dead letters]");
        assertThat(((Number) rows.get("rules")).intValue()).isBetween(200, 450);
        assertThat(summary.get("simulated")).isEqualTo(true);
        assertThat(summary.get("firstVerdictSeconds")).isNotNull();
        assertThat(result.err())
                .contains("Broker    127.0.0.1:")
                .contains("simulated")
                .contains("reviews.analyzed");
    }

    @Test
    void ownEventsAreReadOnceEach() throws IOException {
        Path events = folder.resolve("events.jsonl");
        Files.writeString(
                events,
                "{\"id\":\"o-1\",\"userId\":\"u\",\"total\":5}\n"
                        + "{\"id\":\"o-2\",\"userId\":\"u\",\"total\":20000000}\n");

        CommandRun.Result result =
                dev("examples/orders/pipeline.yaml", "--input", events.toString());

        Map<?, ?> summary = (Map<?, ?>) Json.read(result.out());
        assertThat(summary.get("events")).isEqualTo(2);
        assertThat(summary.get("routes"))
                .isEqualTo(Map.of("orders.categorised", 1, "orders.premium", 1));
        assertThat(sum(summary.get("rows"))).isEqualTo(2);
    }

    @Test
    void declaredDatabasesAndServicesAreReplacedByOnesOfOurOwnThatFilesFill() throws IOException {
        CommandRun.Result result = dev("examples/enrich-orders/pipeline.yaml", "--events", "6");

        Map<?, ?> summary = (Map<?, ?>) Json.read(result.out());
        assertThat(result.code()).isZero();
        assertThat(summary.get("events")).isEqualTo(6);
        assertThat(summary.get("routes"))
                .isEqualTo(Map.of("enriched-orders", 6, "vip-orders", 2, "discounted-orders", 1));
        assertThat(result.err())
                .contains("Database  127.0.0.1:")
                .contains("embedded PostgreSQL in place of shop, filled by database.sql")
                .contains("in place of the services of discount, answers from lookups/");
    }

    @Test
    void answersThatAreNoJsonStopTheStart() throws IOException {
        Files.createDirectory(folder.resolve("lookups"));
        Files.writeString(folder.resolve("lookups").resolve("stock.json"), "[1]");
        Path file = folder.resolve("p.yaml");
        Files.writeString(
                file,
                """
                pipeline: p
                source: { topic: t, group: g, start: earliest }
                enrich: { stock: { http: "http://stock.internal/{{ value.id }}?x=1" } }
                routes: [ { to: out } ]
                """);
        Files.writeString(folder.resolve("events.jsonl"), "{\"id\":\"o-1\"}\n");

        CommandRun.Result result = dev(file.toString());

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).contains("stock.json is no JSON object", "write {");
    }

    @Test
    void aPipelineThatStartsAtTheEndStillSeesItsSampleEvents() throws JsonProcessingException {
        CommandRun.Result result = dev("examples/moderation/pipeline.yaml", "--events", "16");

        assertThat(((Map<?, ?>) Json.read(result.out())).get("events")).isEqualTo(16);
    }

    @Test
    void twoAnalysesAreCountedEach() throws JsonProcessingException {
        CommandRun.Result result = dev("examples/sentiment-intent/pipeline.yaml", "--events", "18");

        Map<?, ?> summary = (Map<?, ?>) Json.read(result.out());
        assertThat(summary.get("decisions"))
                .isEqualTo(
                        Map.of(
                                "intent", Map.of("gemini", 18),
                                "sentiment", Map.of("deepseek", 18)));
        assertThat(sum(summary.get("rows"))).isEqualTo(18);
    }

    @Test
    void aPipelineWithProblemsIsNotStarted() throws IOException {
        Path file = folder.resolve("p.yaml");
        Files.writeString(file, "pipeline: p\nsuorce: {}\n");

        CommandRun.Result result = CommandRun.here().run("dev", file.toString(), "--headless");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err())
                .contains("did you mean \"source\"?")
                .contains("nothing was started");
    }

    @Test
    void aPipelineWithoutSampleEventsSaysWhereTheyGo() throws IOException {
        Path file = folder.resolve("p.yaml");
        Files.writeString(
                file,
                "pipeline: p\nsource: { topic: t, group: g, start: earliest }\n"
                        + "routes: [ { to: out } ]\n");

        CommandRun.Result result = CommandRun.here().run("dev", file.toString(), "--headless");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("events.jsonl").contains("--input FILE");
    }
}
