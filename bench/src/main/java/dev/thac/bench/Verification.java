package dev.thac.bench;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import java.time.Duration;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What a {@code read_committed} reader finds in a row's output.
 *
 * @param records how many records
 * @param missing how many events have none
 * @param repeated records beyond the first of their event
 * @param foreign records that belong to no event
 * @param judged records with an analysis
 * @param lastAppend when the broker appended the last one, milliseconds since the epoch
 * @param sustained records a second between the first and the last tenth of them
 */
record Verification(
        long records,
        int missing,
        int repeated,
        int foreign,
        int judged,
        long lastAppend,
        double sustained) {

    private static final Duration QUIET = Duration.ofSeconds(30);

    /** Reads a whole topic. */
    static Verification of(Job job, int partitions) {
        Map<String, Object> settings = new HashMap<>();
        settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, job.brokers());
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5000);
        List<TopicPartition> all =
                IntStream.range(0, partitions)
                        .mapToObj(partition -> new TopicPartition(job.output(), partition))
                        .toList();
        Tally tally = new Tally(job.records());
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(all);
            Map<TopicPartition, Long> ends = consumer.endOffsets(all);
            long quietSince = System.nanoTime();
            while (!atEnd(consumer, ends)) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(200));
                records.forEach(tally::add);
                if (!records.isEmpty()) {
                    quietSince = System.nanoTime();
                } else if (System.nanoTime() - quietSince > QUIET.toNanos()) {
                    throw new WrongOutputException("the end of " + job.output() + " never came");
                }
            }
        }
        return tally.result();
    }

    /**
     * Refuses anything but one record per event.
     *
     * @param row the row's name, for the message
     * @param withAnalysis whether each must carry an analysis
     */
    void requireComplete(String row, boolean withAnalysis) {
        if (missing + repeated + foreign > 0 || (withAnalysis && judged != records)) {
            throw new WrongOutputException(row + " is wrong: " + this);
        }
    }

    private static boolean atEnd(
            KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
        for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
            if (consumer.position(end.getKey()) < end.getValue()) {
                return false;
            }
        }
        return true;
    }

    /** Counts while reading. */
    private static final class Tally {

        private static final byte[] ANALYSIS = {
            '"', 'a', 'n', 'a', 'l', 'y', 's', 'i', 's', '"', ':', '{'
        };

        private final BitSet seen;
        private final int expected;
        private long records;
        private int repeated;
        private int foreign;
        private int judged;
        private final long[] appends;
        private long lastAppend;

        Tally(int expected) {
            this.expected = expected;
            this.appends = new long[expected];
            this.seen = new BitSet(expected);
        }

        void add(ConsumerRecord<byte[], byte[]> record) {
            byte[] value = record.value();
            int index = value == null ? -1 : ReviewEvents.index(value);
            records++;
            lastAppend = Math.max(lastAppend, record.timestamp());
            if (index < 0 || index >= expected) {
                foreign++;
            } else if (seen.get(index)) {
                repeated++;
            } else {
                seen.set(index);
                appends[index] = record.timestamp();
                judged += contains(value, ANALYSIS) ? 1 : 0;
            }
        }

        Verification result() {
            return new Verification(
                    records,
                    expected - seen.cardinality(),
                    repeated,
                    foreign,
                    judged,
                    lastAppend,
                    sustained());
        }

        private double sustained() {
            long[] sorted = appends.clone();
            Arrays.sort(sorted);
            int tenth = sorted.length / 10;
            long millis = sorted[sorted.length - 1 - tenth] - sorted[tenth];
            return (sorted.length - 1 - 2 * tenth) * 1e3 / Math.max(1, millis);
        }

        private static boolean contains(byte[] text, byte[] part) {
            for (int i = 0; i <= text.length - part.length; i++) {
                int matched = 0;
                while (matched < part.length && text[i + matched] == part[matched]) {
                    matched++;
                }
                if (matched == part.length) {
                    return true;
                }
            }
            return false;
        }
    }
}
