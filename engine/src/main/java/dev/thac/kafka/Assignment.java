package dev.thac.kafka;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
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

    /** Offsets may be held back by an unfinished transaction of a former owner. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Duration PATIENCE_AGAIN = Duration.ofMillis(500);
    private static final long ASK_AGAIN = Duration.ofSeconds(1).toNanos();

    /** Callbacks of a rebalance that is under way may still come. */
    private static final long CALLBACK_PATIENCE = Duration.ofSeconds(10).toNanos();

    private final Map<TopicPartition, PartitionTracker> trackers = new HashMap<>();
    private final Set<PartitionTracker> left = new LinkedHashSet<>();
    private final LaneTask task;
    private final Consumer<byte[], byte[]> consumer;
    private final Inbox inbox;
    private final Placement placement;
    private final Owner owner;
    private Map<String, Integer> topicIdHashes = Map.of();
    private boolean unplaced;
    private long nextTry;
    private long mismatchSince;
    private boolean mismatch;

    /** Who must finish with partitions that leave. */
    interface Owner {
        /** Partitions came. */
        void joined();

        /** Partitions are about to leave: finish and commit what can be, within bounds. */
        void leaving(Collection<PartitionTracker> leaving);

        /** Partitions were taken away: nothing of them can be committed any more. */
        void lost();
    }

    Assignment(LaneTask task, Consumer<byte[], byte[]> consumer, Inbox inbox, Owner owner) {
        this.task = task;
        this.consumer = consumer;
        this.inbox = inbox;
        this.placement = new Placement(consumer, task.settings().source(), task.listener());
        this.owner = owner;
    }

    /** All trackers. */
    Collection<PartitionTracker> trackers() {
        return trackers.values();
    }

    /** The tracker of a partition; {@code null} when the lane does not hold it. */
    @Nullable PartitionTracker tracker(TopicPartition partition) {
        return trackers.get(partition);
    }

    /** Hashes of the topics' ids, as far as known. */
    void topicIds(Map<String, Integer> hashes) {
        topicIdHashes = Map.copyOf(hashes);
    }

    /** Hash of a topic's id; 0 when unknown. */
    int topicIdHash(String topic) {
        return topicIdHashes.getOrDefault(topic, 0);
    }

    /**
     * Looks after partitions whose place is not known yet, and after differences between what the
     * consumer says it holds and what its callbacks said.
     */
    void tend(Set<TopicPartition> assigned) {
        if (unplaced && task.ticker().nanos() >= nextTry) {
            place(PATIENCE_AGAIN);
        }
        if (assigned.size() == trackers.size() && trackers.keySet().containsAll(assigned)) {
            mismatch = false;
            return;
        }
        long now = task.ticker().nanos();
        if (!mismatch) {
            mismatch = true;
            mismatchSince = now;
        } else if (now - mismatchSince > CALLBACK_PATIENCE) {
            mismatch = false;
            List<TopicPartition> gone = new ArrayList<>(trackers.keySet());
            gone.removeAll(assigned);
            List<TopicPartition> came = new ArrayList<>(assigned);
            came.removeAll(trackers.keySet());
            if (!gone.isEmpty()) {
                onPartitionsLost(gone);
            }
            onPartitionsAssigned(came);
        }
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
        entry.tracker.late(entry);
        if (entry.tracker.open() == 0) {
            left.remove(entry.tracker);
        }
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        inbox.busy();
        drop(partitions);
        for (TopicPartition partition : partitions) {
            PartitionTracker tracker = new PartitionTracker(partition, task.settings().order());
            tracker.hold();
            trackers.put(partition, tracker);
        }
        place(PATIENCE);
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

    /** Learns where new partitions go on; those of which that is not known yet stay paused. */
    private void place(Duration patience) {
        List<TopicPartition> waiting = new ArrayList<>();
        trackers.forEach(
                (partition, tracker) -> {
                    if (!tracker.placed()) {
                        waiting.add(partition);
                    }
                });
        unplaced = false;
        if (waiting.isEmpty()) {
            return;
        }
        try {
            inbox.undisturbed(() -> placement.place(waiting, patience, this::topicIdHash))
                    .forEach(this::resume);
        } catch (TimeoutException e) {
            unplaced = true;
            nextTry = task.ticker().nanos() + ASK_AGAIN;
            consumer.pause(waiting);
            task.listener().trouble("the commits of " + waiting + " are not to be had yet", e);
        }
    }

    private void resume(TopicPartition partition, Resumption from) {
        PartitionTracker tracker = trackers.get(partition);
        if (tracker == null) {
            throw new IllegalStateException(partition + " was placed and is not held");
        }
        tracker.resume(from);
        task.recovery()
                .begin(
                        from.unfinished(partition.topic(), partition.partition()),
                        () -> {
                            tracker.recovered();
                            inbox.wake();
                        });
    }

    private void drop(Collection<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            PartitionTracker tracker = trackers.remove(partition);
            if (tracker != null) {
                tracker.close();
                task.recovery().end(partition.topic(), partition.partition());
                if (tracker.open() > 0) {
                    tracker.forEach(Entry::abandon);
                    left.add(tracker);
                }
            }
        }
    }
}
