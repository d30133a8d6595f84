package dev.thac.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;

import dev.thac.cost.PriceBook;
import dev.thac.event.JsonTree;
import dev.thac.meter.Meters;
import dev.thac.meter.Metric;
import dev.thac.model.Models;
import dev.thac.observe.AlertPhase;
import dev.thac.observe.AlertStatus;
import dev.thac.resilience.Ticker;
import dev.thac.spec.Secrets;
import dev.thac.testkit.broker.EmbeddedKafka;
import dev.thac.testkit.simulator.ErrorMix;
import dev.thac.testkit.simulator.Simulator;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;

/** A pipeline whose provider fails for a while: somebody is told once, and once that it is over. */
class AlertsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private static EmbeddedKafka kafka;
    private static Simulator simulator;
    private static HttpServer hook;

    /** Ids of the messages in the order in which they arrived. */
    private static final List<String> POSTED = new CopyOnWriteArrayList<>();

    @TempDir private Path folder;

    @BeforeAll
    static void start() throws IOException {
        kafka = EmbeddedKafka.start();
        kafka.createTopic("watched.raw", 2);
        simulator = Simulator.start();
        hook = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        hook.createContext(
                "/alerts",
                exchange -> {
                    byte[] body = exchange.getRequestBody().readAllBytes();
                    boolean signed =
                            Objects.requireNonNullElse(
                                            exchange.getRequestHeaders().getFirst("Thac-Signature"),
                                            "")
                                    .startsWith("t=");
                    POSTED.add(signed ? text(tree(body), "id") : "not signed");
                    // the first answer is lost on the way: the same message comes again
                    exchange.sendResponseHeaders(POSTED.size() == 1 ? 503 : 204, -1);
                    exchange.close();
                });
        hook.start();
    }

    @AfterAll
    static void stop() {
        hook.stop(0);
        simulator.close();
        kafka.close();
    }

    @Test
    void anOutageIsSaidOnceToTopicAndWebhookAndItsEndToo() throws Exception {
        Loaded file = PipelineFiles.load(pipeline());
        assertThat(file.problems().render()).isEmpty();
        Meters meters = new Meters();
        PipelineRuntime runtime = run(file, meters);
        write(0, 20);
        await().atMost(PATIENCE).until(() -> runtime.status().settled() == 20);
        assertThat(phases(runtime)).containsOnly(AlertPhase.INACTIVE);

        simulator.update(settings -> settings.withErrors(ErrorMix.parse("529:1.0")));
        write(20, 40);
        await().atMost(PATIENCE).until(() -> phases(runtime).contains(AlertPhase.FIRING));
        assertThat(meters.scrape())
                .contains("thac_alert_state{alert=\"behind\",pipeline=\"watched\"} 2.0");
        await().atMost(PATIENCE)
                .until(
                        () ->
                                meters.value(Metric.ALERT_MESSAGES, "watched", "webhook", "sent")
                                        == 1);
        simulator.update(settings -> settings.withErrors(ErrorMix.NONE));
        await().atMost(PATIENCE).until(() -> runtime.status().settled() == 40);
        await().atMost(PATIENCE).until(() -> !phases(runtime).contains(AlertPhase.FIRING));
        await().atMost(PATIENCE)
                .until(
                        () ->
                                meters.value(Metric.ALERT_MESSAGES, "watched", "webhook", "sent")
                                        == 2);
        runtime.stop();

        List<ConsumerRecord<byte[], byte[]>> said = read("ops.alerts");
        assertThat(said)
                .extracting(record -> new String(record.key(), StandardCharsets.UTF_8))
                .containsExactly("watched|behind", "watched|behind");
        assertThat(said)
                .extracting(record -> text(tree(record.value()), "state"))
                .containsExactly("firing", "resolved");
        assertThat(text(tree(said.getFirst().value()), "figures")).startsWith("lag is ");
        List<String> ids = said.stream().map(record -> text(tree(record.value()), "id")).toList();
        assertThat(POSTED).containsExactly(ids.getFirst(), ids.getFirst(), ids.getLast());
    }

    private static List<AlertPhase> phases(PipelineRuntime runtime) {
        return runtime.status().alerts().stream().map(AlertStatus::phase).toList();
    }

    private static PipelineRuntime run(Loaded file, Meters meters) throws InterruptedException {
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
                RuntimeSettings.of(kafka.bootstrapServers())
                        .creatingTopics(2)
                        .withSecrets(
                                new Secrets(
                                        Map.of(
                                                "HOOK",
                                                "http://localhost:" + hook.getAddress().getPort(),
                                                "HOOK_SECRET",
                                                "shared"),
                                        Path.of(""))),
                models,
                meters,
                Ticker.system());
    }

    private static void write(int first, int end) {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", kafka.bootstrapServers()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            for (int i = first; i < end; i++) {
                byte[] review =
                        "{\"text\":\"tốt %d\"}".formatted(i).getBytes(StandardCharsets.UTF_8);
                Future<RecordMetadata> _ =
                        producer.send(new ProducerRecord<>("watched.raw", review));
            }
        }
    }

    /** Everything that is in a topic. */
    private static List<ConsumerRecord<byte[], byte[]>> read(String topic) {
        List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        Map.of("bootstrap.servers", kafka.bootstrapServers()),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            List<PartitionInfo> partitions = consumer.partitionsFor(topic);
            List<TopicPartition> assigned =
                    partitions.stream()
                            .map(each -> new TopicPartition(topic, each.partition()))
                            .toList();
            consumer.assign(assigned);
            consumer.seekToBeginning(assigned);
            Map<TopicPartition, Long> ends = consumer.endOffsets(assigned);
            while (assigned.stream()
                    .anyMatch(each -> consumer.position(each) < ends.getOrDefault(each, 0L))) {
                consumer.poll(Duration.ofMillis(200)).forEach(all::add);
            }
        }
        return all;
    }

    private static Map<?, ?> tree(byte[] json) {
        return JsonTree.read(json) instanceof Map<?, ?> map ? map : Map.of();
    }

    private static String text(Map<?, ?> tree, String name) {
        return String.valueOf(tree.get(name));
    }

    private Path pipeline() throws IOException {
        Path file = folder.resolve("pipeline.yaml");
        Files.writeString(
                file,
                """
                pipeline: watched
                source: { topic: watched.raw, group: watchers, start: earliest }
                analyses:
                  mood:
                    task: Say the mood.
                    input: "{{ value.text }}"
                    output:
                      sentiment: { enum: [positive, negative, neutral] }
                    tiers: [ { model: small, batch: { size: 5, wait: 50ms } } ]
                routes: [ { to: watched.out } ]
                alerts:
                  behind:
                    when: lag > 20s
                    hold: 0s
                    clear: 0s
                    to: ops.alerts
                    webhook: { url: "${env:HOOK}/alerts", secret: "${env:HOOK_SECRET}" }
                models:
                  small: { provider: anthropic, model: claude-haiku-5-5, maxOutputTokens: 2000 }
                """);
        return file;
    }
}
