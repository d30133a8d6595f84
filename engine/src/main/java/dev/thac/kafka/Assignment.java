package dev.thac.kafka;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The partitions a lane holds, each with the tracker of its present assignment. Owned by the lane
 * thread: rebalance callbacks run on it, inside {@code poll}.
 */
final class Assignment implements ConsumerRebalanceListener {

    private final Map<TopicPartition, PartitionTracker> trackers = new HashMap<>();
    private final Set<PartitionTracker> left = new LinkedHashSet<>();
    private final Consumer<byte[], byte[]> consumer;
    private final Inbox inbox;
    private final LaneSource source;
    private final Owner owner;

    /** Who must finish with partitions that leave. */
    interface Owner {
        /** Partitions came. */
        void joined();

        /** Partitions are about to leave: finish and commit what can be, within bounds. */
        void leaving(Collection<PartitionTracker> leaving);

        /** Partitions were taken away: nothing of them can be committed any more. */
        void lost();
    }

    Assignment(Consumer<byte[], byte[]> consumer, Inbox inbox, LaneSource source, Owner owner) {
        this.consumer = consumer;
        this.inbox = inbox;
        this.source = source;
        this.owner = owner;
    }

    /** All trackers. */
    Collection<PartitionTracker> trackers() {
        return trackers.values();
    }

    /** The tracker of a partition; {@code null} when the lane does not hold it. */
    @Nullable PartitionTracker tracker(TopicPartition partition) {
        PartitionTracker known = trackers.get(partition);
        if (known == null && consumer.assignment().contains(partition)) {
            known = new PartitionTracker(partition);
            trackers.put(partition, known);
        }
        return known;
    }

    /** Ends all assignments without a commit. */
    void abandon() {
        drop(List.copyOf(trackers.keySet()));
    }

    /** Trackers of partitions that left while events of theirs were being judged. */
    Collection<PartitionTracker> left() {
        return left;
    }

    /** Such an event has its answer, which nobody waits for any more. */
    void late(Entry entry) {
        entry.tracker.settled(entry, 0);
        if (entry.tracker.open() == 0) {
            left.remove(entry.tracker);
        }
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        drop(partitions);
        Map<TopicPartition, Long> placed =
                inbox.undisturbed(() -> source.place(consumer, partitions));
        for (TopicPartition partition : partitions) {
            PartitionTracker tracker = new PartitionTracker(partition);
            Long offset = placed.get(partition);
            if (offset != null) {
                tracker.polledTo(offset, -1);
            }
            trackers.put(partition, tracker);
        }
        owner.joined();
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        inbox.busy();
        List<PartitionTracker> leaving = new ArrayList<>();
        for (TopicPartition partition : partitions) {
            PartitionTracker tracker = trackers.get(partition);
            if (tracker != null) {
                leaving.add(tracker);
            }
        }
        if (!leaving.isEmpty()) {
            owner.leaving(leaving);
        }
        drop(partitions);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        inbox.busy();
        drop(partitions);
        owner.lost();
    }

    private void drop(Collection<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            PartitionTracker tracker = trackers.remove(partition);
            if (tracker != null) {
                tracker.close();
                if (tracker.open() > 0) {
                    left.add(tracker);
                }
            }
        }
    }
}
