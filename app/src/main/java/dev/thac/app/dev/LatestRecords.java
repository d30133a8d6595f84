package dev.thac.app.dev;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The last few records of the output topics, for the page: read back from Kafka as any reader would
 * see them. Has a thread of its own. Thread-safe.
 */
final class LatestRecords implements AutoCloseable {

    private static final int KEPT = 12;
    private static final int SHOWN_CHARACTERS = 400;
    private static final Duration POLL = Duration.ofMillis(500);

    private final Consumer<byte[], byte[]> consumer;
    private final Deque<Map<String, Object>> latest = new ArrayDeque<>();
    private final Thread thread;
    private volatile boolean stopping;

    private LatestRecords(String brokers, Collection<String> topics) {
        consumer =
                new KafkaConsumer<>(
                        Map.<String, Object>of(
                                "bootstrap.servers",
                                brokers,
                                "client.id",
                                "thac-dev-page",
                                "isolation.level",
                                "read_committed",
                                "enable.auto.commit",
                                false),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer());
        thread = Thread.ofPlatform().name("thac-dev-page").daemon().unstarted(() -> run(topics));
    }

    /** Begins at the end of the topics, which must exist. */
    static LatestRecords start(String brokers, Collection<String> topics) {
        LatestRecords records = new LatestRecords(brokers, topics);
        records.thread.start();
        return records;
    }

    /** The newest first. */
    List<Map<String, Object>> records() {
        synchronized (latest) {
            return List.copyOf(latest);
        }
    }

    private void run(Collection<String> topics) {
        try (consumer) {
            List<TopicPartition> partitions = new ArrayList<>();
            for (String topic : topics) {
                consumer.partitionsFor(topic)
                        .forEach(
                                each ->
                                        partitions.add(
                                                new TopicPartition(topic, each.partition())));
            }
            consumer.assign(partitions);
            consumer.seekToEnd(partitions);
            while (!stopping) {
                consumer.poll(POLL).forEach(this::keep);
            }
        } catch (WakeupException | InterruptException _) {
            stopping = true;
        }
    }

    private void keep(ConsumerRecord<byte[], byte[]> record) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("topic", record.topic());
        for (Header header : record.headers()) {
            if (header.key().endsWith(".tier")) {
                shown.merge("tier", text(header.value()), (one, other) -> one + ", " + other);
            }
        }
        shown.put("value", shortened(text(record.value())));
        synchronized (latest) {
            latest.addFirst(shown);
            if (latest.size() > KEPT) {
                latest.removeLast();
            }
        }
    }

    private static String shortened(String text) {
        return text.length() <= SHOWN_CHARACTERS
                ? text
                : text.substring(0, SHOWN_CHARACTERS) + " …";
    }

    private static String text(byte[] bytes) {
        return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        stopping = true;
        consumer.wakeup();
        try {
            thread.join(Duration.ofSeconds(3));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
