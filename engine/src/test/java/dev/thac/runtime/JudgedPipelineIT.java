package dev.thac.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.thac.cost.PriceBook;
import dev.thac.meter.Meters;
import dev.thac.model.Models;
import dev.thac.resilience.Ticker;
import dev.thac.testkit.broker.EmbeddedKafka;
import dev.thac.testkit.guarantee.AllAccounted;
import dev.thac.testkit.guarantee.Evidence;
import dev.thac.testkit.guarantee.ExactlyOnceEffect;
import dev.thac.testkit.simulator.Latency;
import dev.thac.testkit.simulator.Simulator;
import dev.thac.testkit.simulator.SimulatorSettings;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;

/** A whole pipeline: file, lanes, cascade, simulated model over HTTP, real broker. */
class JudgedPipelineIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int EVENTS = 3_000;

    private static EmbeddedKafka kafka;
    private static Simulator simulator;

    @TempDir private Path folder;

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.start();
        kafka.createTopic("judged.raw", 4);
        simulator = Simulator.start(SimulatorSettings.DEFAULT.withLatency(Latency.parse("100ms")));
    }

    @AfterAll
    static void stop() {
        simulator.close();
        kafka.close();
    }

    @Test
    void everyEventHasOneOutcomeThroughStopsStartsAndRebalances() throws Exception {
        Loaded file = PipelineFiles.load(pipeline());
        List<PipelineStatus> ended = new ArrayList<>();

        PipelineRuntime first = run(file);
        writeReviews(0);
        await().atMost(PATIENCE).until(() -> first.status().settled() > 300);
        PipelineRuntime second = run(file);
        await().atMost(PATIENCE).until(() -> second.status().partitions() == 2);
        writeReviews(1);
        await().atMost(PATIENCE).until(() -> second.status().settled() > 100);
        first.stop(Duration.ZERO);
        ended.add(first.status());
        PipelineRuntime third = run(file);
        writeReviews(2);
        await().atMost(PATIENCE)
                .until(
                        () ->
                                settled(ended)
                                                + second.status().settled()
                                                + third.status().settled()
                                        == EVENTS);
        second.stop();
        third.stop();
        ended.add(second.status());
        ended.add(third.status());

        Evidence evidence =
                Evidence.read(
                        kafka.bootstrapServers(),
                        List.of("judged.raw"),
                        List.of("judged.out", "judged.dlq"));
        new AllAccounted("judged.dlq").verify(evidence);
        new ExactlyOnceEffect().verify(evidence);
        assertThat(settled(ended)).isEqualTo(EVENTS);
        assertThat(decided(ended, "rules") + decided(ended, "small")).isEqualTo(EVENTS - 30);
        assertThat(decided(ended, "rules")).isEqualTo(3 * 495);
        assertThat(ended.stream().mapToLong(status -> status.tokens().total()).sum()).isPositive();
        assertThat(ended)
                .allSatisfy(
                        status -> {
                            assertThat(status.state()).isEqualTo(PipelineState.STOPPED);
                            assertThat(status.restarts()).isZero();
                        });
    }

    private static long settled(List<PipelineStatus> statuses) {
        return statuses.stream().mapToLong(PipelineStatus::settled).sum();
    }

    private static long decided(List<PipelineStatus> statuses, String tier) {
        return statuses.stream()
                .mapToLong(
                        status ->
                                status.decisions()
                                        .getOrDefault("mood", Map.of())
                                        .getOrDefault(tier, 0L))
                .sum();
    }

    private static PipelineRuntime run(Loaded file) throws InterruptedException {
        Meters meters = new Meters();
        Models models =
                Models.of(
                        file.orThrow().allModels(file.project()),
                        Map.of(
                                "ANTHROPIC_BASE_URL",
                                simulator.baseUri().toString(),
                                "ANTHROPIC_API_KEY",
                                "simulated"),
                        PriceBook.bundled(),
                        meters,
                        Ticker.system());
        return PipelineRuntime.start(
                file.orThrow(),
                file.project(),
                RuntimeSettings.of(kafka.bootstrapServers()).creatingTopics(4),
                models,
                meters,
                Ticker.system());
    }

    /** A third of all: ten are no JSON, half of the others are settled by the rule. */
    private static void writeReviews(int third) {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", kafka.bootstrapServers()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            for (int i = 0; i < EVENTS / 3; i++) {
                int number = third * EVENTS / 3 + i;
                String review = "{\"id\":%d,\"text\":\"Hàng tốt %d\"}".formatted(number, number);
                if (i < 10) {
                    review = "no json";
                } else if (i < 505) {
                    review = "{\"id\":%d,\"text\":\"rule\"}".formatted(number);
                }
                Future<RecordMetadata> _ =
                        producer.send(
                                new ProducerRecord<>("judged.raw", bytes("k" + i), bytes(review)));
            }
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private Path pipeline() throws IOException {
        Path file = folder.resolve("pipeline.yaml");
        Files.writeString(
                file,
                """
                pipeline: judged
                source: { topic: judged.raw, group: judges, start: earliest }
                analyses:
                  mood:
                    task: Say the mood.
                    input: "{{ value.text }}"
                    output:
                      sentiment: { enum: [positive, negative, neutral] }
                    cache: { mode: off }
                    tiers:
                      - rules:
                          - when: value.text == 'rule'
                            then: { sentiment: neutral }
                      - model: small
                        batch: { size: 10, wait: 50ms }
                routes: [ { to: judged.out } ]
                limits: { openEvents: 40 }
                models:
                  small: { provider: anthropic, model: claude-haiku-5-5, maxOutputTokens: 2000 }
                """);
        return file;
    }
}
