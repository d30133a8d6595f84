package dev.thac.acceptance;

import static org.awaitility.Awaitility.await;

import dev.thac.cost.PriceBook;
import dev.thac.meter.Meters;
import dev.thac.model.Models;
import dev.thac.resilience.Ticker;
import dev.thac.runtime.Loaded;
import dev.thac.runtime.PipelineFiles;
import dev.thac.runtime.PipelineRuntime;
import dev.thac.runtime.PipelineSpec;
import dev.thac.runtime.RuntimeSettings;
import dev.thac.testkit.broker.EmbeddedKafka;
import dev.thac.testkit.broker.EmbeddedKafkaSettings;
import dev.thac.testkit.broker.TopicReader;
import dev.thac.testkit.broker.TopicWriter;
import dev.thac.testkit.simulator.Simulator;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A real broker, and pipelines on it that talk to simulated providers over real HTTP. */
final class Scene implements AutoCloseable {

    static final int PARTITIONS = 4;

    private static final int LARGEST = 8_000_000;

    private final EmbeddedKafka kafka;
    private final TopicWriter writer;

    private Scene(EmbeddedKafka kafka) {
        this.kafka = kafka;
        writer = new TopicWriter(kafka.bootstrapServers(), Map.of("max.request.size", LARGEST));
    }

    /** A broker with records of any size a test sends. */
    static Scene start() {
        return new Scene(
                EmbeddedKafka.start(
                        EmbeddedKafkaSettings.DEFAULT.withServerProperties(
                                Map.of("message.max.bytes", Integer.toString(LARGEST)))));
    }

    EmbeddedKafka kafka() {
        return kafka;
    }

    TopicWriter writer() {
        return writer;
    }

    /** What a {@code read_committed} reader sees of a topic. */
    List<Written> written(String topic) {
        awaitMarkers(List.of(topic));
        return TopicReader.readCommitted(kafka.bootstrapServers()).drain(topic).stream()
                .map(Written::new)
                .toList();
    }

    /**
     * Waits until the broker has marked all transactions in these topics: it confirms a commit when
     * that is certain to happen, which is a moment before readers see it.
     */
    void awaitMarkers(List<String> topics) {
        try (Admin admin = kafka.admin()) {
            await("markers")
                    .until(
                            () ->
                                    ends(admin, topics, IsolationLevel.READ_COMMITTED)
                                            .equals(
                                                    ends(
                                                            admin,
                                                            topics,
                                                            IsolationLevel.READ_UNCOMMITTED)));
        }
    }

    private static Map<TopicPartition, Long> ends(
            Admin admin, List<String> topics, IsolationLevel isolation) throws Exception {
        Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
        admin.describeTopics(topics)
                .allTopicNames()
                .get()
                .values()
                .forEach(
                        topic ->
                                topic.partitions()
                                        .forEach(
                                                partition ->
                                                        wanted.put(
                                                                new TopicPartition(
                                                                        topic.name(),
                                                                        partition.partition()),
                                                                OffsetSpec.latest())));
        Map<TopicPartition, Long> ends = new HashMap<>();
        admin.listOffsets(wanted, new ListOffsetsOptions(isolation))
                .all()
                .get()
                .forEach((partition, end) -> ends.put(partition, end.offset()));
        return ends;
    }

    /** A pipeline without models. */
    Run run(Example example) {
        return run(example, Map.of());
    }

    /** A pipeline whose models are all at one provider. */
    Run run(Example example, Simulator simulator) {
        return run(example, environment(simulator));
    }

    /** Starts a pipeline; returns when its topics exist. */
    Run run(Example example, Map<String, String> environment) {
        return run(example, environment, Ticker.system());
    }

    /** Starts a pipeline by another clock. */
    Run run(Example example, Map<String, String> environment, Ticker ticker) {
        Loaded loaded = PipelineFiles.load(file(example));
        PipelineSpec spec = loaded.orThrow();
        Meters meters = new Meters();
        Models models =
                Models.of(
                        spec.allModels(loaded.project()),
                        environment,
                        PriceBook.bundled(),
                        meters,
                        ticker);
        try {
            PipelineRuntime runtime =
                    PipelineRuntime.start(
                            spec,
                            loaded.project(),
                            RuntimeSettings.of(kafka.bootstrapServers()).creatingTopics(PARTITIONS),
                            models,
                            meters,
                            ticker);
            return new Run(this, example, runtime, meters);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while starting", e);
        }
    }

    /** Where all models of a pipeline find a provider. */
    static Map<String, String> environment(Simulator simulator) {
        return Map.of(
                "ANTHROPIC_BASE_URL", simulator.baseUri().toString(), "ANTHROPIC_API_KEY", "any");
    }

    @Override
    public void close() {
        writer.close();
        kafka.close();
    }

    private static Path file(Example example) {
        try {
            Path folder = Files.createTempDirectory("thac-acceptance-");
            folder.toFile().deleteOnExit();
            Path file = folder.resolve("pipeline.yaml");
            file.toFile().deleteOnExit();
            return Files.writeString(file, example.text());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
