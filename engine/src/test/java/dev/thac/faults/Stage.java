package dev.thac.faults;

import static org.awaitility.Awaitility.await;

import dev.thac.cost.PriceBook;
import dev.thac.meter.Meters;
import dev.thac.model.Models;
import dev.thac.resilience.Ticker;
import dev.thac.runtime.Loaded;
import dev.thac.runtime.PipelineFiles;
import dev.thac.runtime.PipelineRuntime;
import dev.thac.runtime.PipelineState;
import dev.thac.runtime.PipelineStatus;
import dev.thac.runtime.RuntimeSettings;
import dev.thac.testkit.broker.EmbeddedKafka;
import dev.thac.testkit.broker.TopicReader;
import dev.thac.testkit.broker.TopicWriter;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A pipeline without models on a real broker, with topics of its own: it copies every event from
 * {@code NAME.raw} to {@code NAME.out}, and those that are no JSON to {@code NAME.dlq}.
 */
final class Stage implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final AtomicInteger NAMES = new AtomicInteger();

    final String name = "fault" + NAMES.incrementAndGet();
    final String in = name + ".raw";
    final String out = name + ".out";
    final String dlq = name + ".dlq";
    final EmbeddedKafka kafka;
    final TopicWriter writer;
    private final List<PipelineRuntime> running = new ArrayList<>();
    private String source = "start: earliest";
    private String more = "";
    private RuntimeSettings settings;
    private Ticker ticker = Ticker.system();

    Stage(EmbeddedKafka kafka) {
        this.kafka = kafka;
        this.writer = new TopicWriter(kafka.bootstrapServers());
        this.settings = RuntimeSettings.of(kafka.bootstrapServers());
    }

    /** Other keys of {@code source} than {@code start: earliest}. */
    Stage source(String keys) {
        source = keys;
        return this;
    }

    /** Further keys of the file. */
    Stage with(String keys) {
        more = keys;
        return this;
    }

    /** Other brokers or client settings. */
    Stage at(RuntimeSettings others) {
        settings = others;
        return this;
    }

    /** Another time. */
    Stage on(Ticker other) {
        ticker = other;
        return this;
    }

    /** Makes the topics. */
    Stage topics(int partitions) {
        kafka.createTopic(in, partitions);
        kafka.createTopic(out, partitions);
        kafka.createTopic(dlq, 1);
        return this;
    }

    /** Starts the pipeline, as an instance of that name. */
    PipelineRuntime start(String instance) throws InterruptedException {
        Loaded loaded = PipelineFiles.load(file());
        Meters meters = new Meters();
        PipelineRuntime runtime =
                PipelineRuntime.start(
                        loaded.orThrow(),
                        loaded.project(),
                        settings.named(instance),
                        Models.of(Map.of(), Map.of(), PriceBook.bundled(), meters, ticker),
                        meters,
                        ticker);
        running.add(runtime);
        return runtime;
    }

    /** Writes events that are copied, each its own value. */
    void write(String prefix, int events) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < events; i++) {
            values.add("{\"id\":\"" + prefix + i + "\"}");
        }
        writer.writeAll(in, values);
    }

    /** Waits until that many events are done. */
    static void awaitSettled(PipelineRuntime runtime, long events) {
        await().atMost(PATIENCE).until(() -> runtime.status().settled() == events);
    }

    /** Waits until the last trouble reads so. */
    static PipelineStatus awaitTrouble(PipelineRuntime runtime, String words) {
        await().atMost(PATIENCE)
                .until(
                        () ->
                                runtime.status()
                                        .lastError()
                                        .filter(e -> e.contains(words))
                                        .isPresent());
        return runtime.status();
    }

    /** What a reader sees of a topic. */
    List<String> read(String topic) {
        return TopicReader.readCommitted(kafka.bootstrapServers()).drainTexts(topic);
    }

    /** What a reader sees of a topic. */
    List<ConsumerRecord<byte[], byte[]>> records(String topic) {
        return TopicReader.readCommitted(kafka.bootstrapServers()).drain(topic);
    }

    /** The commits of the group. */
    Map<TopicPartition, OffsetAndMetadata> commits() throws Exception {
        try (Admin admin = kafka.admin()) {
            return admin.listConsumerGroupOffsets(name).partitionsToOffsetAndMetadata().get();
        }
    }

    /** The committed offset of a partition of the source; 0 when there is none. */
    long committed(int partition) throws Exception {
        OffsetAndMetadata commit = commits().get(new TopicPartition(in, partition));
        return commit == null ? 0 : commit.offset();
    }

    /** Commits as another program would. */
    void commit(int partition, long offset, String metadata) throws Exception {
        try (Admin admin = kafka.admin()) {
            admin.alterConsumerGroupOffsets(
                            name,
                            Map.of(
                                    new TopicPartition(in, partition),
                                    new OffsetAndMetadata(offset, metadata)))
                    .all()
                    .get();
        }
    }

    /** Deletes a topic and waits until it is gone. */
    void delete(String topic) throws Exception {
        try (Admin admin = kafka.admin()) {
            admin.deleteTopics(List.of(topic)).all().get();
            await().atMost(PATIENCE).until(() -> gone(admin, topic));
        }
    }

    private static boolean gone(Admin admin, String topic) throws InterruptedException {
        try {
            admin.describeTopics(List.of(topic)).allTopicNames().get();
            return false;
        } catch (ExecutionException e) {
            return e.getCause() instanceof UnknownTopicOrPartitionException;
        }
    }

    @Override
    public void close() {
        try {
            for (PipelineRuntime runtime : running) {
                if (runtime.status().state() != PipelineState.FAILED) {
                    runtime.stop(Duration.ofSeconds(5));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the pipelines stopped", e);
        } finally {
            writer.close();
        }
    }

    private Path file() {
        try {
            Path folder = Files.createTempDirectory("thac-faults-");
            folder.toFile().deleteOnExit();
            Path file = folder.resolve("pipeline.yaml");
            file.toFile().deleteOnExit();
            return Files.writeString(
                    file,
                    """
                    pipeline: %s
                    source: { topic: %s, group: %s, %s }
                    routes: [ { to: %s } ]
                    %s
                    """
                            .formatted(name, in, name, source, out, more));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
