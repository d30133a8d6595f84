package dev.thac.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;

import dev.thac.app.CommandRun;
import dev.thac.app.terminal.Json;
import dev.thac.testkit.broker.EmbeddedKafka;
import dev.thac.testkit.broker.TopicReader;
import dev.thac.testkit.broker.TopicWriter;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

class DlqCommandIT {

    private static EmbeddedKafka kafka;
    private static TopicWriter writer;

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.start();
        writer = new TopicWriter(kafka.bootstrapServers());
    }

    @AfterAll
    static void stop() {
        writer.close();
        kafka.close();
    }

    private static CommandRun thac() {
        return CommandRun.here().with("THAC_BROKERS", kafka.bootstrapServers());
    }

    @Test
    void deadLettersAreListedByReasonAndStageWithAnExample() throws JsonProcessingException {
        topics("listed");
        dead("listed", 0, "not-json", "09:00:00Z", Map.of());
        dead("listed", 1, "not-json", "09:05:00Z", Map.of());
        dead("listed", 2, "too-large", "09:01:00Z", Map.of());
        dead("listed", 3, "not-json", "09:09:00Z", Map.of("thac.pipeline", "another"));

        CommandRun.Result text = thac().run("dlq", "ls", "listed");
        CommandRun.Result json =
                thac().run("dlq", "ls", "listed", "-o", "json", "--reason", "not-json");

        assertThat(text.code()).isZero();
        assertThat(text.out())
                .startsWith("listed.dlq  3 dead letters\n")
                .contains("        2  not-json at analyses.review")
                .contains("from 2026-11-01T09:00:00Z to 2026-11-01T09:05:00Z")
                .contains("listed.raw-1@1  the answer of event 1");
        assertThat(text.err()).contains("looked at 4 records (all there are)");
        assertThat(((Map<?, ?>) Json.read(json.out())).get("total")).isEqualTo(2);
    }

    @Test
    void oneIsShownWhole() {
        topics("shown");
        dead("shown", 0, "not-json", "09:00:00Z", Map.of("trace", "t-0"));
        dead("shown", 1, "not-json", "09:05:00Z", Map.of("trace", "t-1"));

        CommandRun.Result one = thac().run("dlq", "show", "shown", "shown.raw-1@1");
        CommandRun.Result none = thac().run("dlq", "show", "shown", "shown.raw-1@7");

        assertThat(one.out())
                .contains("shown.raw-1@1  not-json at analyses.review")
                .contains("the answer of event 1")
                .contains("trace: t-1")
                .contains("value  {\"id\":1}")
                .doesNotContain("t-0");
        assertThat(none.code()).isEqualTo(1);
        assertThat(none.err()).contains("no such dead letter of shown");
    }

    @Test
    void redriveShowsFirstThenSendsEachOnceToTheFirstRetryTopic() {
        topics("again");
        kafka.createTopic("again.retry.10m", 2);
        kafka.createTopic("again.retry.1m", 2);
        for (int i = 0; i < 6; i++) {
            dead("again", i, i % 2 == 0 ? "not-json" : "too-large", "09:00:00Z", Map.of());
        }

        CommandRun.Result shown = thac().run("dlq", "redrive", "again", "--reason", "not-json");
        List<ConsumerRecord<byte[], byte[]>> before = read("again.retry.1m");
        CommandRun.Result first =
                thac().run(
                                "dlq",
                                "redrive",
                                "again",
                                "--reason",
                                "not-json",
                                "--max",
                                "2",
                                "--execute");
        CommandRun.Result second =
                thac().run("dlq", "redrive", "again", "--reason", "not-json", "--execute");
        CommandRun.Result third =
                thac().run("dlq", "redrive", "again", "--execute", "--rate", "1000/s");

        assertThat(shown.out())
                .contains("would send  3 dead letters from again.dlq to again.retry.1m");
        assertThat(shown.err()).contains("nothing was sent; add --execute");
        assertThat(before).isEmpty();
        assertThat(first.out()).contains("sent        2 dead letters");
        assertThat(second.out()).contains("sent        1 dead letter ").contains("2  sent before");
        assertThat(third.out()).contains("sent        3 dead letters").contains("3  sent before");
        List<ConsumerRecord<byte[], byte[]>> sent = read("again.retry.1m");
        assertThat(sent)
                .extracting(record -> TopicReader.header(record, "thac.source"))
                .containsExactlyInAnyOrder(
                        "again.raw-0@0",
                        "again.raw-1@1",
                        "again.raw-0@2",
                        "again.raw-1@3",
                        "again.raw-0@4",
                        "again.raw-1@5");
        assertThat(sent)
                .allSatisfy(
                        record ->
                                assertThat(TopicReader.header(record, "thac.source"))
                                        .contains("-" + record.partition() + "@"));
        assertThat(read("again.retry.10m")).isEmpty();
    }

    @Test
    void aRedrivenRecordBeginsAnewButKeepsWhatWasSettled() {
        topics("kept");
        kafka.createTopic("kept.retry.1m", 2);
        dead(
                "kept",
                0,
                "not-json",
                "09:00:00Z",
                Map.of("trace", "t", "thac.settled.tone", "{}", "thac.retries", "2"));

        thac().run("dlq", "redrive", "kept", "--execute");

        ConsumerRecord<byte[], byte[]> sent = read("kept.retry.1m").getFirst();
        assertThat(sent.headers())
                .extracting(header -> header.key())
                .containsExactlyInAnyOrder(
                        "trace",
                        "thac.settled.tone",
                        "thac.source",
                        "thac.source.timestamp",
                        "thac.redrives");
        assertThat(TopicReader.header(sent, "thac.redrives")).isEqualTo("1");
        assertThat(TopicReader.header(sent, "thac.source.timestamp")).isEqualTo("1700000000000");
        assertThat(sent.value()).asString(StandardCharsets.UTF_8).isEqualTo("{\"id\":0}");
        assertThat(sent.key()).asString(StandardCharsets.UTF_8).isEqualTo("k0");
    }

    @Test
    void whatWouldGoRoundInCirclesOrLacksItsValueIsRefused() {
        topics("loop");
        kafka.createTopic("loop.retry.1m", 2);
        dead("loop", 0, "not-json", "09:00:00Z", Map.of("thac.redrives", "3"));
        dead("loop", 1, "too-large", "09:00:00Z", Map.of("thac.truncated", "true"));
        dead("loop", 2, "not-json", "09:00:00Z", Map.of("thac.redrives", "2"));

        CommandRun.Result done = thac().run("dlq", "redrive", "loop", "--execute");
        CommandRun.Result forced =
                thac().run("dlq", "redrive", "loop", "--execute", "--max-redrives", "4");

        assertThat(done.out())
                .contains("sent        1 dead letter ")
                .contains("1  refused: came back after 3 redrives")
                .contains("1  refused: the value was too large");
        assertThat(forced.out()).contains("sent        1 dead letter ");
        assertThat(read("loop.retry.1m"))
                .extracting(record -> TopicReader.header(record, "thac.redrives"))
                .containsExactlyInAnyOrder("3", "4");
    }

    @Test
    void withoutARetryTopicARedriveSaysWhatToDo() {
        topics("nowhere");
        dead("nowhere", 0, "not-json", "09:00:00Z", Map.of());

        CommandRun.Result result = thac().run("dlq", "redrive", "nowhere", "--execute");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).contains("no retry topic").contains("later: [1m]");
    }

    @Test
    void aFileSaysWhereARedriveGoesAndWhetherAnyoneReadsThere(@TempDir Path folder)
            throws IOException {
        topics("filed");
        kafka.createTopic("filed.retry.5s", 1);
        dead("filed", 0, "not-json", "09:00:00Z", Map.of());
        Path without = folder.resolve("without.yaml");
        Path with = folder.resolve("with.yaml");
        String text =
                """
                pipeline: filed
                source: { topic: filed.raw, group: filed, start: earliest }
                routes: [ { to: filed.out } ]
                """;
        Files.writeString(without, text);
        Files.writeString(with, text + "failures: { retry: { later: [90s] } }\n");

        CommandRun.Result unread = thac().run("dlq", "redrive", without.toString());
        CommandRun.Result missing = thac().run("dlq", "redrive", with.toString());
        thac().run("topics", "create", with.toString(), "--partitions", "1");
        CommandRun.Result done = thac().run("dlq", "redrive", with.toString(), "--execute");

        assertThat(unread.code()).isEqualTo(1);
        assertThat(unread.err()).contains("no retry topic").contains("later: [1m]");
        assertThat(missing.err()).contains("there is no topic filed.retry.90s");
        assertThat(done.out()).contains("from filed.dlq to filed.retry.90s");
        assertThat(read("filed.retry.90s")).hasSize(1);
    }

    @Test
    void whatASinkRefusedGoesToThatSinkAlone() {
        topics("sunk");
        kafka.createTopic("sunk.sink.table.retry", 1);
        Map<String, String> ofSink = Map.of("thac.stage", "sink", "thac.sink", "table");
        dead("sunk", 0, "sink-refused", "09:00:00Z", ofSink);
        dead(
                "sunk",
                1,
                "sink-refused",
                "09:00:00Z",
                Map.of("thac.stage", "sink", "thac.sink", "gone"));
        dead("sunk", 2, "not-json", "09:00:00Z", Map.of());

        CommandRun.Result sent = thac().run("dlq", "redrive", "sunk", "--execute");

        assertThat(sent.out())
                .contains("sent        1 dead letter from sunk.dlq to sunk.sink.table.retry")
                .contains("2  refused: neither the pipeline nor the sink has a retry topic for it");
        assertThat(read("sunk.sink.table.retry"))
                .singleElement()
                .satisfies(
                        record -> {
                            assertThat(TopicReader.header(record, "thac.source"))
                                    .isEqualTo("sunk.raw-0@0");
                            assertThat(TopicReader.header(record, "thac.sink")).isEqualTo("table");
                        });
    }

    @Test
    void purgeShowsFirstThenDeletesTheBeginningOfPartitions() {
        topics("purged");
        dead("purged", 0, "not-json", "09:00:00Z", Map.of());
        dead("purged", 2, "too-large", "10:00:00Z", Map.of());
        dead("purged", 4, "not-json", "11:00:00Z", Map.of());

        CommandRun.Result unclear = thac().run("dlq", "purge", "purged");
        CommandRun.Result shown =
                thac().run("dlq", "purge", "purged", "--until", "2026-11-01T10:30:00Z");
        CommandRun.Result still = thac().run("dlq", "ls", "purged");
        CommandRun.Result done =
                thac().run(
                                "dlq",
                                "purge",
                                "purged",
                                "--until",
                                "2026-11-01T10:30:00Z",
                                "--execute");
        CommandRun.Result left = thac().run("dlq", "ls", "purged");

        assertThat(unclear.code()).isEqualTo(2);
        assertThat(shown.err()).contains("nothing was deleted");
        assertThat(shown.out()).contains("would delete  2 dead letters of purged.dlq");
        assertThat(still.out()).contains("purged.dlq  3 dead letters");
        assertThat(done.out()).contains("deleted       2 dead letters of purged.dlq");
        assertThat(left.out()).contains("purged.dlq  1 dead letter\n");
    }

    private static void topics(String pipeline) {
        kafka.createTopic(pipeline + ".dlq", 1);
    }

    private static void dead(
            String pipeline, int event, String reason, String time, Map<String, String> more) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(
                        pipeline + ".dlq",
                        null,
                        1_700_000_000_000L,
                        bytes("k" + event),
                        bytes("{\"id\":" + event + "}"));
        String source = pipeline + ".raw-" + event % 2 + "@" + event;
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("thac.source", source);
        headers.put("thac.pipeline", pipeline);
        headers.put("thac.stage", "analyses.review");
        headers.put("thac.reason", reason);
        headers.put("thac.message", "the answer of event " + event + " is no JSON");
        headers.put("thac.attempts", "3");
        headers.put("thac.first-failure", "2026-11-01T" + time);
        headers.putAll(more);
        headers.forEach((name, value) -> record.headers().add(name, bytes(value)));
        writer.acknowledged(record);
    }

    private static List<ConsumerRecord<byte[], byte[]>> read(String topic) {
        return TopicReader.readCommitted(kafka.bootstrapServers()).drain(topic);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
