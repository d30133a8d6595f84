package dev.thac.kafka;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a lane is doing, as of a moment ago.
 *
 * @param state its phase
 * @param partitions partitions it holds
 * @param paused how many of them are paused
 * @param open events being judged
 * @param staged events settled and not yet committed
 * @param lag source topic to records behind its end, those under way included; a partition of which
 *     nothing was fetched yet counts as one record behind
 * @param waiting retry topic to records in it that were not let in yet
 * @param oldest timestamp of the oldest event not yet committed, milliseconds since the epoch;
 *     those that came back through a retry topic left out, for they are old by intention
 */
public record LaneStatus(
        State state,
        int partitions,
        int paused,
        int open,
        int staged,
        Map<String, Long> lag,
        Map<String, Long> waiting,
        OptionalLong oldest) {

    /** Phases of a lane. */
    public enum State {
        /** Connecting. */
        STARTING,
        /** Reading. */
        RUNNING,
        /** Told to let nothing in; what is open finishes. */
        PAUSED,
        /** Reading no more, finishing what is open. */
        DRAINING,
        /** Ended as asked. */
        STOPPED,
        /** Ended by an error. */
        FAILED
    }

    /**
     * A lane that holds nothing.
     *
     * @param state its phase
     * @return the status
     */
    public static LaneStatus empty(State state) {
        return new LaneStatus(state, 0, 0, 0, 0, Map.of(), Map.of(), OptionalLong.empty());
    }

    /** Looks at a lane, on its own thread. */
    static LaneStatus of(
            State state,
            Consumer<byte[], byte[]> consumer,
            Assignment assignment,
            DueTimes dueTimes) {
        Load load = Load.of(assignment);
        Map<String, Long> lag = new TreeMap<>();
        Map<String, Long> waiting = new TreeMap<>();
        long oldest = Long.MAX_VALUE;
        Set<TopicPartition> assigned = consumer.assignment();
        for (PartitionTracker tracker : assignment.trackers()) {
            TopicPartition partition = tracker.partition();
            long behind =
                    assigned.contains(partition) ? consumer.currentLag(partition).orElse(1) : 0;
            if (dueTimes.concerns(partition.topic())) {
                waiting.merge(partition.topic(), behind + dueTimes.waiting(partition), Long::sum);
                continue;
            }
            lag.merge(partition.topic(), behind + tracker.held(), Long::sum);
            Optional<Entry> first = tracker.oldest();
            if (first.isPresent()) {
                oldest = Math.min(oldest, first.get().delivery.timestamp());
            }
        }
        return new LaneStatus(
                state,
                assignment.trackers().size(),
                pausedForRoom(consumer, dueTimes),
                load.open(),
                load.held() - load.open(),
                Map.copyOf(lag),
                Map.copyOf(waiting),
                oldest == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(oldest));
    }

    /** Those that wait for a due time are not stopped: they go on by themselves. */
    private static int pausedForRoom(Consumer<byte[], byte[]> consumer, DueTimes dueTimes) {
        Set<TopicPartition> held = dueTimes.held();
        int paused = 0;
        for (TopicPartition partition : consumer.paused()) {
            if (!held.contains(partition)) {
                paused++;
            }
        }
        return paused;
    }
}
