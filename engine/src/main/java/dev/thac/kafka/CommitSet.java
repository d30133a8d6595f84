package dev.thac.kafka;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * One consistent answer to "what is finished": for every partition that has something to commit,
 * the point up to which it is. Records and offsets of one commit are both taken from it.
 */
final class CommitSet {

    private final Map<PartitionTracker, PartitionTracker.Point> points;

    private CommitSet(Map<PartitionTracker, PartitionTracker.Point> points) {
        this.points = points;
    }

    /** All that is finished now. */
    static CommitSet of(Assignment assignment) {
        Map<PartitionTracker, PartitionTracker.Point> points = new LinkedHashMap<>();
        for (PartitionTracker tracker : assignment.trackers()) {
            PartitionTracker.Point point = tracker.dirty() ? tracker.point() : null;
            if (point != null) {
                points.put(tracker, point);
            }
        }
        return new CommitSet(points);
    }

    boolean isEmpty() {
        return points.isEmpty();
    }

    /** Whether all its assignments still stand. */
    boolean live() {
        for (PartitionTracker tracker : points.keySet()) {
            if (!tracker.live()) {
                return false;
            }
        }
        return true;
    }

    /** What is written to the broker. */
    Map<TopicPartition, OffsetAndMetadata> offsets() {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        points.forEach((tracker, point) -> offsets.put(tracker.partition(), point.toCommit()));
        return offsets;
    }

    /** Calls {@code action} with every entry it covers, partition by partition in offset order. */
    void forEach(Consumer<Entry> action) {
        points.keySet().forEach(tracker -> tracker.forEachReady(action));
    }

    /** The broker has it: trackers move, and the listener hears of every event and the commit. */
    void confirm(Lane.Listener listener) {
        points.forEach(
                (tracker, point) -> {
                    if (tracker.live()) {
                        tracker.committed(
                                point, entry -> listener.settled(entry.delivery, entry.settled()));
                    }
                });
        listener.commit(true);
    }
}
