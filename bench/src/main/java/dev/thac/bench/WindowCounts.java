package dev.thac.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The true counts of every key and minute, which the last record of each window must show. Events
 * are spread evenly over five minutes.
 */
final class WindowCounts implements Rounds.Counts {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration QUIET = Duration.ofSeconds(30);
    private static final long MINUTE = Duration.ofMinutes(1).toMillis();
    private static final int MINUTES = 5;
    private static final String KEY_PREFIX = "\"product\":\"";
    private static final int KEY_LENGTH = 7;

    private final Map<String, Long> truth = new HashMap<>();
    private final int partitions;
    private final int records;
    private final long begin;
    private long results;

    /**
     * Counts the events that will be written.
     *
     * @param events the events
     * @param records how many
     * @param partitions of the topics
     * @param now milliseconds since the epoch; the events are an hour older
     */
    WindowCounts(ReviewEvents events, int records, int partitions, long now) {
        this.partitions = partitions;
        this.records = records;
        this.begin = (now / MINUTE - MINUTES * 12L) * MINUTE;
        for (int i = 0; i < records; i++) {
            String event = new String(events.event(i), StandardCharsets.UTF_8);
            int at = event.indexOf(KEY_PREFIX) + KEY_PREFIX.length();
            String key = event.substring(at, at + KEY_LENGTH);
            truth.merge(name(key, time(i) / MINUTE * MINUTE), 1L, Long::sum);
        }
    }

    /** When an event happened, milliseconds since the epoch. */
    long time(int index) {
        return begin + MINUTE * MINUTES * index / records;
    }

    /** How many windows there are. */
    int windows() {
        return truth.size();
    }

    /** How many records the last output had that was read. */
    long results() {
        return results;
    }

    @Override
    public long lastAppend(String row, Job job) {
        Map<String, Long> counts = new HashMap<>();
        long lastAppend = 0;
        results = 0;
        List<TopicPartition> all =
                IntStream.range(0, partitions)
                        .mapToObj(partition -> new TopicPartition(job.output(), partition))
                        .toList();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        Map.of(
                                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                                job.brokers(),
                                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                                "read_committed",
                                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                                "earliest"),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            consumer.assign(all);
            Map<TopicPartition, Long> ends = consumer.endOffsets(all);
            long quietSince = System.nanoTime();
            while (all.stream()
                    .anyMatch(each -> consumer.position(each) < ends.getOrDefault(each, 0L))) {
                ConsumerRecords<byte[], byte[]> read = consumer.poll(Duration.ofMillis(200));
                for (ConsumerRecord<byte[], byte[]> record : read) {
                    take(record.value(), counts);
                    lastAppend = Math.max(lastAppend, record.timestamp());
                    results++;
                }
                if (!read.isEmpty()) {
                    quietSince = System.nanoTime();
                } else if (System.nanoTime() - quietSince > QUIET.toNanos()) {
                    throw new WrongOutputException("the end of " + job.output() + " never came");
                }
            }
        }
        if (!counts.equals(truth)) {
            throw new WrongOutputException(
                    "%s counted %d windows and %d events, and there are %d and %d"
                            .formatted(row, counts.size(), sum(counts), truth.size(), sum(truth)));
        }
        return lastAppend;
    }

    private static void take(byte[] value, Map<String, Long> counts) {
        try {
            JsonNode window = JSON.readTree(value);
            counts.put(
                    name(
                            window.path("key").elements().next().asText(),
                            Instant.parse(window.at("/window/start").asText()).toEpochMilli()),
                    window.path("count").asLong());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    private static String name(String key, long start) {
        return key + '@' + start;
    }
}
