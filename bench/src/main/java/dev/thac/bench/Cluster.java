package dev.thac.bench;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.IntFunction;

/** The broker's process and what a benchmark does with it besides the rows. */
final class Cluster implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ChildProcess process;
    private final Admin admin;
    private final int partitions;

    private Cluster(ChildProcess process, int partitions) {
        this.process = process;
        this.partitions = partitions;
        this.admin =
                Admin.create(
                        Map.<String, Object>of(
                                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, process.address()));
    }

    static Cluster start(int partitions) throws IOException {
        return new Cluster(ChildProcess.start(BrokerProcess.class, "1g", List.of()), partitions);
    }

    String brokers() {
        return process.address();
    }

    int partitions() {
        return partitions;
    }

    double cpuSeconds() {
        return process.cpuSeconds();
    }

    /**
     * Creates a topic and waits until it takes records.
     *
     * @param appendTime whether the broker stamps records as they arrive, which is how a row's end
     *     is timed, or keeps the producer's times
     */
    void create(String topic, boolean appendTime) throws InterruptedException {
        NewTopic created =
                new NewTopic(topic, partitions, (short) 1)
                        .configs(
                                Map.of(
                                        "message.timestamp.type",
                                        appendTime ? "LogAppendTime" : "CreateTime"));
        await(admin.createTopics(List.of(created)).all());
        // The broker may still be opening the logs. An idempotent producer that is refused its
        // first
        // batch for that reason while the second is accepted can never repeat the first.
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        for (int partition = 0; partition < partitions; partition++) {
            latest.put(new TopicPartition(topic, partition), OffsetSpec.latest());
        }
        long start = System.nanoTime();
        while (!served(latest)) {
            if (System.nanoTime() - start > PATIENCE.toNanos()) {
                throw new KafkaException("the broker does not serve " + topic);
            }
            Thread.sleep(20);
        }
    }

    private boolean served(Map<TopicPartition, OffsetSpec> partitions) throws InterruptedException {
        try {
            admin.listOffsets(partitions).all().get();
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return false;
            }
            throw new KafkaException("the broker refused", e.getCause());
        }
    }

    void delete(String topic) throws InterruptedException {
        await(admin.deleteTopics(List.of(topic)).all());
    }

    /** Records that a group has committed, over all partitions. */
    long committed(String group) throws InterruptedException {
        Map<?, OffsetAndMetadata> offsets =
                await(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata(group));
        long sum = 0;
        for (OffsetAndMetadata offset : offsets.values()) {
            sum += offset == null ? 0 : offset.offset();
        }
        return sum;
    }

    /** Records of a group's source topic that it has committed, over all partitions. */
    long committed(String group, String topic) throws InterruptedException {
        Map<TopicPartition, OffsetAndMetadata> offsets =
                await(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata(group));
        long sum = 0;
        for (Map.Entry<TopicPartition, OffsetAndMetadata> offset : offsets.entrySet()) {
            if (offset.getKey().topic().equals(topic) && offset.getValue() != null) {
                sum += offset.getValue().offset();
            }
        }
        return sum;
    }

    /** The sum of the end offsets of a topic. */
    long written(String topic) throws InterruptedException {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        for (int partition = 0; partition < partitions; partition++) {
            latest.put(new TopicPartition(topic, partition), OffsetSpec.latest());
        }
        long sum = 0;
        for (ListOffsetsResultInfo end : await(admin.listOffsets(latest).all()).values()) {
            sum += end.offset();
        }
        return sum;
    }

    /** Writes the first {@code count} events to a new topic, evenly over its partitions. */
    void preload(String topic, ReviewEvents events, int count) throws InterruptedException {
        preload(topic, events, count, _ -> null);
    }

    /**
     * The same with times.
     *
     * @param times an event's number to its record's timestamp; null: when it is written
     */
    @SuppressWarnings("FutureReturnValueIgnored") // the callback sees what the future would
    void preload(String topic, ReviewEvents events, int count, IntFunction<@Nullable Long> times)
            throws InterruptedException {
        create(topic, false);
        List<String> failures = new ArrayList<>();
        try (KafkaProducer<byte[], byte[]> producer = Clients.producer(brokers())) {
            for (int i = 0; i < count; i++) {
                producer.send(
                        new ProducerRecord<>(
                                topic,
                                i % partitions,
                                times.apply(i),
                                events.key(i),
                                events.event(i)),
                        (_, failure) -> {
                            if (failure != null) {
                                failures.add(failure.toString());
                            }
                        });
            }
            producer.flush();
        }
        if (!failures.isEmpty()) {
            throw new KafkaException("could not preload: " + failures.getFirst());
        }
    }

    private static <T> T await(org.apache.kafka.common.KafkaFuture<T> future)
            throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new KafkaException("the broker refused", e.getCause());
        }
    }

    @Override
    public void close() throws IOException {
        admin.close();
        process.close();
    }
}
