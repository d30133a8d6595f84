package dev.thac.kafka;

import dev.thac.event.ErrorCode;
import dev.thac.event.ThacException;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;

/**
 * Places a consumer on partitions that were just assigned: where the group has committed, with what
 * the commit's metadata says is finished beyond; elsewhere by the file's {@code start}. A partition
 * that was added to a topic the group already reads is read from its beginning whatever the file
 * says: {@code latest} would skip what was written before the group noticed it. So is a retry
 * topic.
 */
final class Placement {

    private final Consumer<byte[], byte[]> consumer;
    private final LaneSource source;
    private final Lane.Listener listener;

    Placement(Consumer<byte[], byte[]> consumer, LaneSource source, Lane.Listener listener) {
        this.consumer = consumer;
        this.source = source;
        this.listener = listener;
    }

    /**
     * Places the consumer.
     *
     * @param assigned the new partitions
     * @param patience the longest wait for each answer
     * @param topicIdHash hash of a topic's id; 0 when unknown
     * @return where each goes on
     * @throws org.apache.kafka.common.errors.TimeoutException when an answer did not come; then
     *     nothing was placed
     */
    Map<TopicPartition, Resumption> place(
            Collection<TopicPartition> assigned,
            Duration patience,
            ToIntFunction<String> topicIdHash) {
        Map<TopicPartition, OffsetAndMetadata> committed =
                consumer.committed(asked(assigned), patience);
        Map<TopicPartition, Resumption> committedOnes = new LinkedHashMap<>();
        Set<TopicPartition> fresh = new LinkedHashSet<>();
        Set<TopicPartition> grown = new LinkedHashSet<>();
        for (TopicPartition partition : assigned) {
            OffsetAndMetadata commit = committed.get(partition);
            if (commit == null) {
                (grown(partition, committed) ? grown : fresh).add(partition);
                continue;
            }
            Resumption known = read(partition, commit, topicIdHash);
            if (known == null) {
                fresh.add(partition);
            } else {
                committedOnes.put(partition, known);
            }
        }
        Map<TopicPartition, Resumption> placed = bounded(committedOnes, patience);
        Map<TopicPartition, Long> begun = new HashMap<>(offsets(fresh, patience));
        if (!grown.isEmpty()) {
            begun.putAll(consumer.beginningOffsets(grown, patience));
        }
        begun.forEach((partition, offset) -> placed.put(partition, Resumption.at(offset)));
        placed.forEach((partition, from) -> consumer.seek(partition, from.position()));
        return placed;
    }

    /** With a start that skips records, whether the topic is new to the group matters. */
    private Set<TopicPartition> asked(Collection<TopicPartition> assigned) {
        Set<TopicPartition> all = new LinkedHashSet<>(assigned);
        if (source.start() instanceof StartPosition.Earliest) {
            return all;
        }
        Set<String> topics = new HashSet<>();
        for (TopicPartition partition : assigned) {
            if (topics.add(partition.topic())) {
                for (PartitionInfo info : consumer.partitionsFor(partition.topic())) {
                    all.add(new TopicPartition(info.topic(), info.partition()));
                }
            }
        }
        return all;
    }

    private boolean grown(
            TopicPartition partition, Map<TopicPartition, OffsetAndMetadata> committed) {
        if (source.retries(partition.topic())) {
            return true;
        }
        for (Map.Entry<TopicPartition, OffsetAndMetadata> each : committed.entrySet()) {
            if (each.getValue() != null && each.getKey().topic().equals(partition.topic())) {
                return true;
            }
        }
        return false;
    }

    /** What a commit says; {@code null} when it is one of another topic of the same name. */
    private @Nullable Resumption read(
            TopicPartition partition, OffsetAndMetadata commit, ToIntFunction<String> topicIdHash) {
        return switch (OffsetMap.decode(commit.metadata(), commit.offset())) {
            case OffsetMap.Reading.None _ -> resumption(commit, null);
            case OffsetMap.Reading.Foreign _ -> {
                foreign(partition, commit);
                yield resumption(commit, null);
            }
            case OffsetMap.Reading.Mangled(String why) -> {
                trouble(partition, "its offset map cannot be read: " + why);
                yield resumption(commit, null);
            }
            case OffsetMap.Reading.Misplaced(OffsetMap map) -> {
                if (recreated(partition, map, topicIdHash)) {
                    yield null;
                }
                trouble(partition, "its offset map is one of offset " + map.base());
                yield resumption(commit, null);
            }
            case OffsetMap.Reading.Known(OffsetMap map) ->
                    recreated(partition, map, topicIdHash) ? null : resumption(commit, map);
        };
    }

    private static Resumption resumption(OffsetAndMetadata commit, @Nullable OffsetMap map) {
        return new Resumption(
                commit.offset(),
                commit.leaderEpoch().orElse(-1),
                true,
                map,
                map == null ? 0 : map.since(),
                Long.MAX_VALUE);
    }

    private boolean recreated(
            TopicPartition partition, OffsetMap map, ToIntFunction<String> topicIdHash) {
        int now = topicIdHash.applyAsInt(partition.topic());
        if (now == 0 || map.topicIdHash() == 0 || now == map.topicIdHash()) {
            return false;
        }
        trouble(partition, "the commit is one of a former topic of that name");
        return true;
    }

    private void foreign(TopicPartition partition, OffsetAndMetadata commit) {
        String what =
                "group %s has a commit of another program for %s@%d"
                        .formatted(source.group(), partition, commit.offset());
        if (source.foreignMetadata() == ForeignMetadata.REFUSE) {
            throw new ThacException(
                    ErrorCode.FOREIGN_METADATA,
                    what
                            + ": give the pipeline a group of its own, or set"
                            + " source.foreignMetadata: ignore to go on at that offset");
        }
        listener.trouble(what, new IllegalArgumentException("its metadata is ignored"));
    }

    private void trouble(TopicPartition partition, String why) {
        listener.trouble(
                "the commit of " + partition + " is not used as it stands",
                new IllegalArgumentException(why));
    }

    /** Fits what was committed into what the topic still holds. */
    private Map<TopicPartition, Resumption> bounded(
            Map<TopicPartition, Resumption> committed, Duration patience) {
        Map<TopicPartition, Resumption> bounded = new LinkedHashMap<>();
        if (committed.isEmpty()) {
            return bounded;
        }
        Map<TopicPartition, Long> begin = consumer.beginningOffsets(committed.keySet(), patience);
        Map<TopicPartition, Long> end = consumer.endOffsets(committed.keySet(), patience);
        committed.forEach(
                (partition, from) -> {
                    long first = begin.getOrDefault(partition, 0L);
                    long last = end.getOrDefault(partition, Long.MAX_VALUE);
                    if (from.offset() > last) {
                        throw cut(partition, from.offset(), last);
                    }
                    if (from.offset() < first) {
                        long gone = from.unfinishedBelow(first);
                        listener.expired(partition.topic(), gone);
                    }
                    bounded.put(partition, from.within(first, last));
                });
        return bounded;
    }

    private ThacException cut(TopicPartition partition, long committed, long end) {
        return new ThacException(
                ErrorCode.TOPIC_CUT,
                ("%s ends at %d, but group %s has committed %d: the topic was cut or created anew;"
                                + " reset the group's offsets or give the pipeline another group")
                        .formatted(partition, end, source.group(), committed));
    }

    private Map<TopicPartition, Long> offsets(Set<TopicPartition> fresh, Duration patience) {
        if (fresh.isEmpty()) {
            return Map.of();
        }
        return switch (source.start()) {
            case StartPosition.Earliest _ -> consumer.beginningOffsets(fresh, patience);
            case StartPosition.Latest _ -> consumer.endOffsets(fresh, patience);
            case StartPosition.At(Instant time) -> at(fresh, time, patience);
        };
    }

    private Map<TopicPartition, Long> at(
            Set<TopicPartition> fresh, Instant time, Duration patience) {
        Map<TopicPartition, Long> wanted = new HashMap<>();
        fresh.forEach(partition -> wanted.put(partition, time.toEpochMilli()));
        Map<TopicPartition, Long> found = new HashMap<>(consumer.endOffsets(fresh, patience));
        for (Map.Entry<TopicPartition, OffsetAndTimestamp> each :
                consumer.offsetsForTimes(wanted, patience).entrySet()) {
            if (each.getValue() != null) {
                found.put(each.getKey(), each.getValue().offset());
            }
        }
        return found;
    }
}
