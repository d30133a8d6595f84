package dev.thac.kafka;

import dev.thac.resilience.Ticker;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Holds what was read from retry topics until it is due: the broker's time stamp and the topic's
 * delay. A topic has one delay, so the records of a partition become due in their order, and only
 * the first of each is looked at. While records of a partition wait here it is not read on; what
 * waits is uncommitted, and lost to nobody when the lane ends.
 *
 * <p>Early never, late tolerated: time is the {@link BrokerClock}'s. A record has also waited long
 * enough when its delay has passed since it was read, whatever its time stamp says; so a stamp from
 * the future, in a topic that keeps the producers' times, holds nothing up for longer than that.
 *
 * <p>What waits takes at most a part of the lane's memory: beyond that it is put back and read
 * again when it is due. Owned by the lane thread.
 */
final class DueTimes {

    /** One part in that many of the lane's bytes may wait here. */
    private static final int MEMORY_PART = 8;

    private static final int RECORD_OVERHEAD = 256;
    private static final long NANOS = 1_000_000;

    private final Map<String, Duration> delays;
    private final long maxBytes;
    private final Consumer<byte[], byte[]> consumer;
    private final BrokerClock clock;
    private final Ticker ticker;
    private final Map<TopicPartition, ArrayDeque<Held>> held = new HashMap<>();
    private long heldBytes;

    /** Takes records that are due. */
    interface Door {
        /**
         * Lets records in.
         *
         * @param tracker of their partition
         * @param records in their order, may be none
         * @param after the position behind them, where nothing of the partition is held back
         */
        void enter(
                PartitionTracker tracker,
                List<ConsumerRecord<byte[], byte[]>> records,
                @Nullable OffsetAndMetadata after);
    }

    /** Records of one poll, from {@code next} on. */
    private static final class Held {
        private final PartitionTracker tracker;
        private final List<ConsumerRecord<byte[], byte[]>> records;
        private final @Nullable OffsetAndMetadata after;
        private final long readAt;
        private int next;

        private Held(
                PartitionTracker tracker,
                List<ConsumerRecord<byte[], byte[]>> records,
                @Nullable OffsetAndMetadata after,
                long readAt) {
            this.tracker = tracker;
            this.records = records;
            this.after = after;
            this.readAt = readAt;
        }

        private List<ConsumerRecord<byte[], byte[]>> left() {
            return records.subList(next, records.size());
        }
    }

    DueTimes(
            LaneSettings settings,
            Consumer<byte[], byte[]> consumer,
            BrokerClock clock,
            Ticker ticker) {
        this.delays = settings.source().retryTopics();
        this.maxBytes = settings.maxBytes() / MEMORY_PART;
        this.consumer = consumer;
        this.clock = clock;
        this.ticker = ticker;
    }

    /** Whether a topic is a retry topic. */
    boolean concerns(String topic) {
        return delays.containsKey(topic);
    }

    /** Takes over what a poll brought of one partition of a retry topic. */
    void add(
            PartitionTracker tracker,
            List<ConsumerRecord<byte[], byte[]>> records,
            @Nullable OffsetAndMetadata after) {
        if (!records.isEmpty()
                && records.getLast().timestampType() == TimestampType.LOG_APPEND_TIME) {
            clock.read(records.getLast().timestamp());
        }
        int fitting = fitting(records);
        Held fresh =
                fitting == records.size()
                        ? new Held(tracker, records, after, ticker.nanos())
                        : new Held(tracker, records.subList(0, fitting), null, ticker.nanos());
        held.computeIfAbsent(tracker.partition(), _ -> new ArrayDeque<>()).add(fresh);
        if (fitting < records.size()) {
            ConsumerRecord<byte[], byte[]> next = records.get(fitting);
            consumer.seek(
                    tracker.partition(),
                    new OffsetAndMetadata(next.offset(), next.leaderEpoch(), ""));
        }
    }

    /** Lets in what is due. */
    void release(Door door) {
        if (held.isEmpty()) {
            return;
        }
        long brokerMillis = clock.millis();
        Iterator<ArrayDeque<Held>> partitions = held.values().iterator();
        while (partitions.hasNext()) {
            ArrayDeque<Held> queue = partitions.next();
            release(queue, brokerMillis, door);
            if (queue.isEmpty()) {
                partitions.remove();
            }
        }
    }

    /** Partitions that must not be read on. */
    Set<TopicPartition> held() {
        return held.isEmpty() ? Set.of() : new HashSet<>(held.keySet());
    }

    /** Records that wait here, of one partition. */
    long waiting(TopicPartition partition) {
        long waiting = 0;
        for (Held each : held.getOrDefault(partition, new ArrayDeque<>())) {
            waiting += each.left().size();
        }
        return waiting;
    }

    /** Nanoseconds until the next record is due; {@code Long.MAX_VALUE} where none waits. */
    long idleNanos() {
        long idle = Long.MAX_VALUE;
        if (!held.isEmpty()) {
            long brokerMillis = clock.millis();
            for (ArrayDeque<Held> queue : held.values()) {
                idle = Math.min(idle, wait(queue.getFirst(), brokerMillis));
            }
        }
        return idle;
    }

    /** Drops everything; it will be read again. */
    void clear() {
        held.clear();
        heldBytes = 0;
    }

    private void release(ArrayDeque<Held> queue, long brokerMillis, Door door) {
        while (!queue.isEmpty()) {
            Held first = queue.getFirst();
            if (!first.tracker.live()) {
                drop(queue.removeFirst());
                continue;
            }
            int begin = first.next;
            while (first.next < first.records.size() && wait(first, brokerMillis) == 0) {
                heldBytes -= bytes(first.records.get(first.next++));
            }
            boolean all = first.next == first.records.size();
            if (all || first.next > begin) {
                door.enter(
                        first.tracker,
                        first.records.subList(begin, first.next),
                        all ? first.after : null);
            }
            if (!all) {
                return;
            }
            queue.removeFirst();
        }
    }

    private void drop(Held gone) {
        for (ConsumerRecord<byte[], byte[]> record : gone.left()) {
            heldBytes -= bytes(record);
        }
    }

    /** How many of these records there is room for: one, at least. */
    private int fitting(List<ConsumerRecord<byte[], byte[]>> records) {
        int fitting = 0;
        for (ConsumerRecord<byte[], byte[]> record : records) {
            if (fitting > 0 && heldBytes + bytes(record) > maxBytes) {
                break;
            }
            heldBytes += bytes(record);
            fitting++;
        }
        return fitting;
    }

    private long wait(Held first, long brokerMillis) {
        if (first.next == first.records.size()) {
            return 0;
        }
        ConsumerRecord<byte[], byte[]> head = first.records.get(first.next);
        long delay = delays.getOrDefault(head.topic(), Duration.ZERO).toMillis();
        long byStamp = (head.timestamp() + delay - brokerMillis) * NANOS;
        long byReading = first.readAt + delay * NANOS - ticker.nanos();
        return Math.max(0, Math.min(byStamp, byReading));
    }

    private static long bytes(ConsumerRecord<byte[], byte[]> record) {
        return (long) RECORD_OVERHEAD
                + Math.max(0, record.serializedKeySize())
                + Math.max(0, record.serializedValueSize());
    }
}
