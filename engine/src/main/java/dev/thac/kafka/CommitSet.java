package dev.thac.kafka;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * One consistent answer to "what is finished": the snapshots of all partitions that have something
 * to commit. Records, offsets and maps of one commit are all taken from it.
 */
final class CommitSet {

    private final List<Snapshot> snapshots;
    private final boolean more;

    private CommitSet(List<Snapshot> snapshots, boolean more) {
        this.snapshots = snapshots;
        this.more = more;
    }

    /**
     * All that is finished now, or as much of it as its outputs may weigh.
     *
     * @param parts the lane
     * @param outputBytes bytes of outputs, about; one event may have more
     * @param turn counts the commits: where not all partitions fit, each comes first in its turn
     */
    static CommitSet of(LaneParts parts, long outputBytes, int turn) {
        List<PartitionTracker> due = new ArrayList<>();
        for (PartitionTracker tracker : parts.assignment().trackers()) {
            if (tracker.dirty()) {
                due.add(tracker);
            }
        }
        if (due.isEmpty()) {
            return new CommitSet(List.of(), false);
        }
        Collections.rotate(due, -turn);
        long millis = parts.ticker().now().toEpochMilli();
        int mapBytes = parts.mapBytes();
        long room = outputBytes;
        boolean more = false;
        List<Snapshot> snapshots = new ArrayList<>(due.size());
        for (PartitionTracker tracker : due) {
            if (room <= 0) {
                more = true;
                break;
            }
            int topic = parts.assignment().topicIdHash(tracker.partition().topic());
            Snapshot snapshot =
                    Snapshot.of(tracker, new Snapshot.Limits(mapBytes, room, topic, millis));
            tracker.taken(snapshot);
            more |= snapshot.more();
            if (!tracker.dirty() && snapshot.covered().length == 0) {
                continue;
            }
            room -= outputBytes == Long.MAX_VALUE ? 0 : snapshot.outputBytes();
            snapshots.add(snapshot);
        }
        return new CommitSet(snapshots, more);
    }

    boolean isEmpty() {
        return snapshots.isEmpty();
    }

    /** Whether outputs were left for the next commit because there are so many. */
    boolean more() {
        return more;
    }

    /** How many entries it covers. */
    int size() {
        int size = 0;
        for (Snapshot snapshot : snapshots) {
            size += snapshot.covered().length;
        }
        return size;
    }

    /** Whether all its assignments still stand. */
    boolean live() {
        for (Snapshot snapshot : snapshots) {
            if (!snapshot.tracker().live()) {
                return false;
            }
        }
        return true;
    }

    /** What is written to the broker. */
    Map<TopicPartition, OffsetAndMetadata> offsets() {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (Snapshot snapshot : snapshots) {
            offsets.put(snapshot.tracker().partition(), snapshot.toCommit());
        }
        return offsets;
    }

    /** Calls {@code action} with every entry it covers, partition by partition in offset order. */
    void forEach(Consumer<Entry> action) {
        for (Snapshot snapshot : snapshots) {
            for (Entry entry : snapshot.covered()) {
                action.accept(entry);
            }
        }
    }

    /** The broker has it: trackers move, and the listener hears of every event and the commit. */
    void confirm(Lane.Listener listener) {
        for (Snapshot snapshot : snapshots) {
            if (snapshot.tracker().live()) {
                snapshot.tracker()
                        .committed(
                                snapshot,
                                entry -> listener.settled(entry.delivery, entry.settled()));
            }
        }
        listener.commit(true);
    }
}
