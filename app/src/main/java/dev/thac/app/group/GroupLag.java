package dev.thac.app.group;

import dev.thac.app.kafka.KafkaAccess;
import dev.thac.app.kafka.TopicRange;
import dev.thac.kafka.CommitNote;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Measures how far a group is behind, in records and in time. */
public final class GroupLag {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration LONGEST = Duration.ofSeconds(8);

    private GroupLag() {}

    /**
     * Looks at every partition.
     *
     * @param access the brokers
     * @param state the group
     * @param topics the topics it reads; those it has commits for are added
     * @return by topic and partition
     */
    public static List<PartitionLag> of(
            KafkaAccess access, GroupState state, Collection<String> topics) {
        Set<String> all = new HashSet<>(topics);
        try (Consumer<byte[], byte[]> consumer =
                access.consumer(
                        Map.of(
                                "isolation.level", "read_committed",
                                "max.partition.fetch.bytes", 65_536,
                                "max.poll.records", 1))) {
            Set<String> there = consumer.listTopics().keySet();
            state.commits().keySet().stream()
                    .map(TopicPartition::topic)
                    .filter(there::contains)
                    .forEach(all::add);
            TopicRange range = TopicRange.all(consumer, all);
            Map<TopicPartition, Long> next = new HashMap<>();
            range.to().keySet().forEach(place -> next.put(place, next(state, range, place)));
            Map<TopicPartition, Duration> ages = ages(consumer, range, next);
            List<PartitionLag> lags = new ArrayList<>();
            for (TopicPartition place : range.to().keySet()) {
                OffsetAndMetadata commit = state.commits().get(place);
                CommitNote note = state.note(place);
                lags.add(
                        new PartitionLag(
                                place.topic(),
                                place.partition(),
                                commit == null
                                        ? OptionalLong.empty()
                                        : OptionalLong.of(commit.offset()),
                                range.start(place),
                                range.end(place),
                                note.finishedBeyond(),
                                note.kind(),
                                Optional.ofNullable(ages.get(place))));
            }
            lags.sort(
                    Comparator.comparing(PartitionLag::topic)
                            .thenComparingInt(PartitionLag::partition));
            return lags;
        }
    }

    private static long next(GroupState state, TopicRange range, TopicPartition place) {
        OffsetAndMetadata commit = state.commits().get(place);
        return Math.max(range.start(place), commit == null ? 0 : commit.offset());
    }

    /** The age of the first unfinished record of every partition that has one. */
    private static Map<TopicPartition, Duration> ages(
            Consumer<byte[], byte[]> consumer, TopicRange range, Map<TopicPartition, Long> next) {
        Set<TopicPartition> open = new HashSet<>(next.keySet());
        open.removeIf(place -> next.getOrDefault(place, 0L) >= range.end(place));
        consumer.assign(open);
        open.forEach(place -> consumer.seek(place, next.getOrDefault(place, 0L)));
        Map<TopicPartition, Duration> ages = new HashMap<>();
        long until = System.nanoTime() + LONGEST.toNanos();
        while (!open.isEmpty() && System.nanoTime() < until) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                TopicPartition place = new TopicPartition(record.topic(), record.partition());
                if (open.remove(place)) {
                    long age = System.currentTimeMillis() - record.timestamp();
                    ages.put(place, Duration.ofMillis(Math.max(0, age)));
                    consumer.pause(List.of(place));
                }
            }
            // nothing but transaction markers was left
            open.removeIf(place -> consumer.position(place) >= range.end(place));
        }
        return ages;
    }
}
