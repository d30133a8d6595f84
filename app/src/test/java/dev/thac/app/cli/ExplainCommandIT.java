package dev.thac.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;

import dev.thac.app.CommandRun;
import dev.thac.app.terminal.Json;
import dev.thac.testkit.broker.EmbeddedKafka;
import dev.thac.testkit.broker.TopicWriter;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ExecutionException;

class ExplainCommandIT {

    private static final long TIME = Instant.parse("2026-11-01T08:00:00Z").toEpochMilli();

    private static EmbeddedKafka kafka;
    private static TopicWriter writer;

    @TempDir private static Path folder;
    private static String file;

    @BeforeAll
    static void start() throws IOException, ExecutionException, InterruptedException {
        kafka = EmbeddedKafka.start();
        writer = new TopicWriter(kafka.bootstrapServers());
        for (String topic : new String[] {"tone.in", "tone.out", "tone.dlq", "tone.retry.10m"}) {
            kafka.createTopic(topic, 1);
        }
        file = pipeline();
        events();
        outputs();
        try (Admin admin = kafka.admin()) {
            admin.alterConsumerGroupOffsets(
                            "tone-group",
                            Map.of(new TopicPartition("tone.in", 0), new OffsetAndMetadata(4)))
                    .all()
                    .get();
        }
    }

    private static String pipeline() throws IOException {
        Path path = folder.resolve("tone.yaml");
        Files.writeString(
                path,
                """
                pipeline: tone
                source: { topic: tone.in, group: tone-group, format: json, start: earliest, id: value.id }
                filter: [ { value: { text: [ { exists: true } ] } } ]
                analyses:
                  mood:
                    task: Judge the mood.
                    input: "{{ value.text }}"
                    output: { good: { type: boolean } }
                    tiers:
                      - rules: [ { when: "value.text == 'tuyệt'", then: { good: true } } ]
                      - model: small
                routes: [ { to: tone.out } ]
                models: { small: { provider: openai, model: any } }
                """);
        return path.toString();
    }

    private static void events() {
        for (String event : new String[] {"a", "b", "c", "d"}) {
            String text = event.equals("a") ? "tuyệt" : "tạm";
            write(
                    "tone.in",
                    event,
                    "{\"id\":\"" + event + "\",\"text\":\"" + text + "\"}",
                    Map.of());
        }
        write("tone.in", "e", "{\"id\":\"e\"}", Map.of());
    }

    private static void outputs() {
        write(
                "tone.out",
                "b",
                "{}",
                Map.of(
                        "thac.source", "tone.in-0@1",
                        "thac.mood.tier", "small",
                        "thac.mood.model", "any",
                        "thac.mood.confidence", "0.91",
                        "thac.mood.reason", "confidence 0.91 >= 0.70",
                        "thac.cost.nanos", "1200000",
                        "thac.tokens", "812",
                        "thac.attempts", "1"));
        write("tone.out", "x", "{}", Map.of("thac.source", "tone.in-0@17"));
        write(
                "tone.retry.10m",
                "c",
                "{}",
                Map.of(
                        "thac.source", "tone.in-0@2",
                        "thac.reason", "model-timeout",
                        "thac.stage", "analyses.mood",
                        "thac.retries", "1"),
                System.currentTimeMillis());
        write(
                "tone.dlq",
                "d",
                "{}",
                Map.of(
                        "thac.source", "tone.in-0@3",
                        "thac.reason", "not-json",
                        "thac.stage", "analyses.mood",
                        "thac.message", "no JSON",
                        "thac.attempts", "3"));
    }

    @AfterAll
    static void stop() {
        writer.close();
        kafka.close();
    }

    private static CommandRun.Result explain(String... arguments) {
        String[] all = new String[arguments.length + 2];
        all[0] = "explain";
        all[1] = file;
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        return CommandRun.here().with("THAC_BROKERS", kafka.bootstrapServers()).run(all);
    }

    @Test
    void anEventIsFoundByItsOwnNameAndItsOutputSaysWhoDecided() {
        CommandRun.Result result = explain("b");

        assertThat(result.out())
                .startsWith("tone.in-0@1  2026-11-01T08:00:00Z  key b")
                .contains("finished by group tone-group")
                .contains("output       tone.out-0@0")
                .contains(
                        "mood: tier small, model any, confidence 0.91, because confidence 0.91"
                                + " >= 0.70")
                .contains("tokens 812, attempts 1")
                .contains("left to a model")
                .doesNotContain("tone.out-0@1");
        assertThat(result.err())
                .contains("tone.out from 2026-11-01T08:00:00Z: looked at 2 records");
    }

    @Test
    void aRetryWaitsAndADeadLetterSaysWhy() {
        CommandRun.Result waiting = explain("tone.in-0@2");
        CommandRun.Result dead = explain("tone.in-0@3");

        assertThat(waiting.out())
                .contains("retry        tone.retry.10m-0@0")
                .contains("model-timeout at analyses.mood")
                .contains("waits here until");
        assertThat(dead.out())
                .contains("dead letter  tone.dlq-0@0")
                .contains("not-json at analyses.mood")
                .contains("no JSON");
    }

    @Test
    void theFreeStagesAreRecomputed() throws JsonProcessingException {
        Map<?, ?> rule = (Map<?, ?>) Json.read(explain("a", "-o", "json").out());
        Map<?, ?> filtered = (Map<?, ?>) Json.read(explain("e", "-o", "json").out());

        assertThat(rule.get("finished")).isEqualTo(true);
        assertThat(String.valueOf(rule.get("freeStages"))).contains("why=rule 1");
        assertThat(filtered.get("finished")).isEqualTo(false);
        assertThat(String.valueOf(filtered.get("freeStages"))).contains("outcome=filtered");
    }

    @Test
    void anUnknownEventIsSaidToBeUnknownWithWhatWasLookedAt() {
        CommandRun.Result result = explain("nobody");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err())
                .contains("no event nobody of tone was found")
                .contains("tone.in: looked at 5 records (all there are)");
    }

    private static void write(String topic, String key, String value, Map<String, String> headers) {
        write(topic, key, value, headers, TIME);
    }

    private static void write(
            String topic, String key, String value, Map<String, String> headers, long time) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topic, null, time, bytes(key), bytes(value));
        headers.forEach((name, text) -> record.headers().add(name, bytes(text)));
        writer.acknowledged(record);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
