package dev.thac.kafka;

import dev.thac.event.ErrorCode;
import dev.thac.event.ThacException;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Where a group begins that has no commit. */
public sealed interface StartPosition {

    /** At the oldest record. */
    record Earliest() implements StartPosition {}

    /** After the newest record. */
    record Latest() implements StartPosition {}

    /**
     * At the first record of that time or later.
     *
     * @param time the record timestamp
     */
    record At(Instant time) implements StartPosition {}

    /**
     * Reads the {@code start} key.
     *
     * @param text {@code earliest}, {@code latest} or an instant such as {@code
     *     2026-11-01T00:00:00Z}
     * @return the position
     * @throws ThacException BAD_SPEC for anything else
     */
    static StartPosition parse(String text) {
        return switch (text) {
            case "earliest" -> new Earliest();
            case "latest" -> new Latest();
            default -> {
                try {
                    yield new At(Instant.parse(text));
                } catch (DateTimeParseException e) {
                    throw new ThacException(
                            ErrorCode.BAD_SPEC,
                            "start: "
                                    + text
                                    + " is neither earliest, latest nor an instant such as"
                                    + " 2026-11-01T00:00:00Z",
                            e);
                }
            }
        };
    }

    /**
     * Places the consumer on partitions that were just assigned. Those with a commit are left
     * alone; {@code earliest} needs nothing, for it is what the consumer does by itself. A
     * partition that was added to a topic the group already reads is read from its beginning
     * whatever the file says: {@code latest} would skip what was written before the group noticed
     * it.
     *
     * @param consumer the lane's consumer
     * @param assigned the new partitions
     * @return partition to the offset it was placed on
     */
    default Map<TopicPartition, Long> place(
            Consumer<byte[], byte[]> consumer, Collection<TopicPartition> assigned) {
        if (this instanceof Earliest || assigned.isEmpty()) {
            return Map.of();
        }
        Map<TopicPartition, OffsetAndMetadata> committed = committedOfTopics(consumer, assigned);
        Set<String> knownTopics = new HashSet<>();
        committed.forEach(
                (partition, offset) -> {
                    if (offset != null) {
                        knownTopics.add(partition.topic());
                    }
                });
        Set<TopicPartition> fresh = new HashSet<>();
        Set<TopicPartition> grown = new HashSet<>();
        for (TopicPartition partition : assigned) {
            if (committed.get(partition) == null) {
                (knownTopics.contains(partition.topic()) ? grown : fresh).add(partition);
            }
        }
        Map<TopicPartition, Long> offsets = new HashMap<>(offsets(consumer, fresh));
        if (!grown.isEmpty()) {
            offsets.putAll(consumer.beginningOffsets(grown));
        }
        offsets.forEach(consumer::seek);
        return offsets;
    }

    private Map<TopicPartition, Long> offsets(
            Consumer<byte[], byte[]> consumer, Set<TopicPartition> fresh) {
        if (fresh.isEmpty()) {
            return Map.of();
        }
        return switch (this) {
            case Earliest _ -> consumer.beginningOffsets(fresh);
            case Latest _ -> consumer.endOffsets(fresh);
            case At(Instant time) -> {
                Map<TopicPartition, Long> wanted = new HashMap<>();
                fresh.forEach(partition -> wanted.put(partition, time.toEpochMilli()));
                Map<TopicPartition, Long> found = new HashMap<>(consumer.endOffsets(fresh));
                for (Map.Entry<TopicPartition, OffsetAndTimestamp> each :
                        consumer.offsetsForTimes(wanted).entrySet()) {
                    if (each.getValue() != null) {
                        found.put(each.getKey(), each.getValue().offset());
                    }
                }
                yield found;
            }
        };
    }

    private static Map<TopicPartition, OffsetAndMetadata> committedOfTopics(
            Consumer<byte[], byte[]> consumer, Collection<TopicPartition> assigned) {
        Set<TopicPartition> all = new HashSet<>(assigned);
        for (TopicPartition partition : assigned) {
            for (PartitionInfo info : consumer.partitionsFor(partition.topic())) {
                all.add(new TopicPartition(info.topic(), info.partition()));
            }
        }
        return consumer.committed(all);
    }
}
