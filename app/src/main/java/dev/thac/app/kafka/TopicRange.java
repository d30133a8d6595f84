package dev.thac.app.kafka;

import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.UserError;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A bounded part of topics: from one offset up to another, per partition. The end is that of the
 * moment the range was made, so that reading it comes to an end however fast the topic grows.
 *
 * @param from the first offset to read
 * @param to the offset after the last one
 * @param available offsets there are between the beginnings and the ends of the topics
 */
public record TopicRange(
        Map<TopicPartition, Long> from, Map<TopicPartition, Long> to, long available) {

    /** Copies the maps. */
    public TopicRange {
        from = Map.copyOf(from);
        to = Map.copyOf(to);
    }

    /**
     * All that is in some topics.
     *
     * @param consumer asks the brokers
     * @param topics topics that exist
     * @return from the beginnings to the ends
     * @throws UserError when a topic is missing
     */
    public static TopicRange all(Consumer<byte[], byte[]> consumer, Collection<String> topics) {
        List<TopicPartition> places = new ArrayList<>();
        for (String topic : topics) {
            List<PartitionInfo> known = consumer.partitionsFor(topic);
            if (known == null || known.isEmpty()) {
                throw missing(topic);
            }
            known.forEach(each -> places.add(new TopicPartition(topic, each.partition())));
        }
        Map<TopicPartition, Long> from = consumer.beginningOffsets(places);
        Map<TopicPartition, Long> to = consumer.endOffsets(places);
        return new TopicRange(from, to, offsets(from, to));
    }

    /**
     * The part of it that was written at some time or later, by the timestamps of the records.
     *
     * @param consumer asks the brokers
     * @param time the earliest timestamp
     * @return from the first record of that time or later in each partition
     */
    public TopicRange since(Consumer<byte[], byte[]> consumer, Instant time) {
        return new TopicRange(later(consumer, time), to, available);
    }

    /**
     * The part of it before the first record of some time or later.
     *
     * @param consumer asks the brokers
     * @param time the timestamp to stop at
     * @return up to the first record of that time or later in each partition
     */
    public TopicRange before(Consumer<byte[], byte[]> consumer, Instant time) {
        return new TopicRange(from, later(consumer, time), available);
    }

    /**
     * The newest of it.
     *
     * @param limit most offsets in all partitions together
     * @return the same or less
     */
    public TopicRange newest(long limit) {
        long most = most(limit);
        Map<TopicPartition, Long> cut = new HashMap<>();
        to.forEach((place, end) -> cut.put(place, Math.max(start(place), end - most)));
        return new TopicRange(cut, to, available);
    }

    /**
     * The beginning of it.
     *
     * @param limit most offsets in all partitions together
     * @return the same or less
     */
    public TopicRange oldest(long limit) {
        long most = most(limit);
        Map<TopicPartition, Long> cut = new HashMap<>();
        to.forEach((place, end) -> cut.put(place, Math.min(end, start(place) + most)));
        return new TopicRange(from, cut, available);
    }

    /**
     * How many offsets it has.
     *
     * @return at least as many as records: offsets of transaction markers and of compacted records
     *     count too
     */
    public long offsets() {
        return sizes().stream().mapToLong(Long::longValue).sum();
    }

    /**
     * Where it starts in one partition.
     *
     * @param place the partition
     * @return the first offset; 0 where the partition is none of its
     */
    public long start(TopicPartition place) {
        return from.getOrDefault(place, 0L);
    }

    /**
     * Where it ends in one partition.
     *
     * @param place the partition
     * @return the offset after the last; 0 where the partition is none of its
     */
    public long end(TopicPartition place) {
        return to.getOrDefault(place, 0L);
    }

    private Map<TopicPartition, Long> later(Consumer<byte[], byte[]> consumer, Instant time) {
        Map<TopicPartition, Long> wanted = new HashMap<>();
        to.keySet().forEach(place -> wanted.put(place, time.toEpochMilli()));
        Map<TopicPartition, Long> later = new HashMap<>(to);
        for (Map.Entry<TopicPartition, OffsetAndTimestamp> found :
                consumer.offsetsForTimes(wanted).entrySet()) {
            if (found.getValue() != null) {
                TopicPartition place = found.getKey();
                long offset = Math.max(start(place), found.getValue().offset());
                later.put(place, Math.min(end(place), offset));
            }
        }
        return later;
    }

    /** Most offsets of each partition, so that they are not more than that in all. */
    private long most(long limit) {
        long low = 0;
        long high = limit;
        while (low < high) {
            long each = (low + high + 1) / 2;
            if (sizes().stream().mapToLong(size -> Math.min(size, each)).sum() <= limit) {
                low = each;
            } else {
                high = each - 1;
            }
        }
        return low;
    }

    private List<Long> sizes() {
        return to.keySet().stream().map(place -> Math.max(0, end(place) - start(place))).toList();
    }

    private static long offsets(Map<TopicPartition, Long> from, Map<TopicPartition, Long> to) {
        return to.entrySet().stream()
                .mapToLong(each -> each.getValue() - from.getOrDefault(each.getKey(), 0L))
                .sum();
    }

    private static UserError missing(String topic) {
        return new UserError(
                ExitCode.FAILED, "there is no topic " + topic, "`thac topics list` shows them");
    }
}
