package dev.thac.kafka;

import static org.awaitility.Awaitility.await;

import dev.thac.resilience.Ticker;
import dev.thac.spec.DataSize;
import dev.thac.testkit.broker.EmbeddedKafka;
import dev.thac.testkit.broker.TopicReader;
import dev.thac.testkit.broker.TopicWriter;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** A lane's surroundings on a real broker: topics of its own, writers, readers. */
final class LaneRig implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final AtomicInteger TOPICS = new AtomicInteger();

    final String name = "t" + TOPICS.incrementAndGet();
    final String in = name + ".raw";
    final String out = name + ".out";
    final String dlq = name + ".dlq";
    final EmbeddedKafka kafka;
    final TopicWriter writer;
    final Map<String, String> settings = new HashMap<>();
    LimitsSpec limits = limits(10_000, 64 << 20);
    Order order = Order.NONE;
    int metadataChars = LaneSettings.METADATA_CHARS;
    ForeignMetadata foreignMetadata = ForeignMetadata.REFUSE;
    StartPosition start = new StartPosition.Earliest();
    private final List<Lane> lanes = new ArrayList<>();

    LaneRig(EmbeddedKafka kafka) {
        this.kafka = kafka;
        this.writer = new TopicWriter(kafka.bootstrapServers());
    }

    /** Stops all lanes at once and waits for their end. */
    @Override
    public void close() {
        for (Lane lane : lanes) {
            lane.stop(Duration.ZERO);
        }
        for (Lane lane : lanes) {
            await().atMost(PATIENCE).until(() -> lane.awaitEnd(Duration.ZERO));
        }
        writer.close();
    }

    /** A flow that judges at once. */
    ScriptedFlow quick() {
        return new ScriptedFlow(out, dlq, text -> {});
    }

    /** A flow that judges so. */
    ScriptedFlow flow(ScriptedFlow.Judge judge) {
        return new ScriptedFlow(out, dlq, judge);
    }

    static LimitsSpec limits(int openEvents, long openBytes) {
        return new LimitsSpec(
                openEvents, new DataSize(openBytes), new DataSize(1 << 20), Duration.ofSeconds(25));
    }

    Lane lane(String instance, DeliveryMode mode, Lane.Flow flow, RecordingListener listener) {
        LaneSettings laneSettings =
                new LaneSettings(
                        name,
                        instance,
                        0,
                        1,
                        kafka.bootstrapServers(),
                        new LaneSource(
                                List.of(in),
                                Map.of(),
                                name + "-group",
                                start,
                                Isolation.READ_COMMITTED,
                                foreignMetadata),
                        mode,
                        order,
                        metadataChars,
                        limits,
                        settings);
        Lane lane = Lane.start(LaneTask.of(laneSettings, flow, listener, Ticker.system()));
        lanes.add(lane);
        return lane;
    }

    void topics(int partitions) {
        kafka.createTopic(in, partitions);
        kafka.createTopic(out, partitions);
        kafka.createTopic(dlq, 1);
    }

    void write(String prefix, int events) {
        writer.writeAll(in, IntStream.range(0, events).mapToObj(i -> prefix + i).toList());
    }

    /** Where the committed records of a topic came from, and how often. */
    Map<String, Integer> sources(String topic) {
        Map<String, Integer> times = new TreeMap<>();
        for (ConsumerRecord<byte[], byte[]> record :
                TopicReader.readCommitted(kafka.bootstrapServers()).drain(topic)) {
            times.merge(String.valueOf(TopicReader.header(record, "thac.source")), 1, Integer::sum);
        }
        return times;
    }

    Map<TopicPartition, OffsetAndMetadata> committed()
            throws InterruptedException, ExecutionException {
        try (Admin admin = kafka.admin()) {
            return admin.listConsumerGroupOffsets(name + "-group")
                    .partitionsToOffsetAndMetadata()
                    .get();
        }
    }

    /** Writes a commit of the group as another program would. */
    void commit(int partition, OffsetAndMetadata commit)
            throws InterruptedException, ExecutionException {
        try (Admin admin = kafka.admin()) {
            admin.alterConsumerGroupOffsets(
                            name + "-group", Map.of(new TopicPartition(in, partition), commit))
                    .all()
                    .get();
        }
    }

    /** The only commit of the group. */
    OffsetAndMetadata onlyCommit() throws InterruptedException, ExecutionException {
        return committed().values().iterator().next();
    }

    long lag() throws InterruptedException {
        try (Admin admin = kafka.admin()) {
            Map<TopicPartition, OffsetAndMetadata> committed = committed();
            Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
            committed.keySet().forEach(partition -> asked.put(partition, OffsetSpec.latest()));
            long lag = committed.isEmpty() ? Long.MAX_VALUE : 0;
            for (Map.Entry<TopicPartition, OffsetAndMetadata> each : committed.entrySet()) {
                lag +=
                        admin.listOffsets(asked).partitionResult(each.getKey()).get().offset()
                                - each.getValue().offset();
            }
            return lag;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    void abortedTransaction(int records) {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        Map.of(
                                "bootstrap.servers",
                                kafka.bootstrapServers(),
                                "transactional.id",
                                name + "-aborter"),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            for (int i = 0; i < records; i++) {
                producer.send(new ProducerRecord<>(in, "free:x".getBytes(StandardCharsets.UTF_8)));
            }
            producer.flush();
            producer.abortTransaction();
        }
    }
}
