package dev.thac.kafka;

import dev.thac.event.Delivery;
import dev.thac.recover.RetryRecords;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Lets polled records in while the lane's caps allow it, and pauses the partitions while they do
 * not. What one poll brought beyond the caps waits here (never more than that). Owned by the lane
 * thread.
 */
final class Intake {

    /** Room is getting short when one part in that many is taken. */
    private static final int CROWDED = 2;

    private final LaneSettings settings;
    private final Consumer<byte[], byte[]> consumer;
    private final Assignment assignment;
    private final DueTimes dueTimes;
    private final Lane.Listener listener;
    private final ArrayDeque<Run> waiting = new ArrayDeque<>();
    private boolean closed;
    private boolean paused;

    /** Polled records of one partition and assignment, and the position after them. */
    private static final class Run {
        private final PartitionTracker tracker;
        private final List<ConsumerRecord<byte[], byte[]>> records;
        private final @Nullable OffsetAndMetadata after;
        private int next;

        private Run(
                PartitionTracker tracker,
                List<ConsumerRecord<byte[], byte[]>> records,
                @Nullable OffsetAndMetadata after) {
            this.tracker = tracker;
            this.records = records;
            this.after = after;
        }
    }

    /** Takes an entry that was let in. */
    interface Admission {
        /**
         * Decides about the entry.
         *
         * @return whether it is open now
         */
        boolean admit(Entry entry);
    }

    Intake(
            LaneSettings settings,
            Consumer<byte[], byte[]> consumer,
            Assignment assignment,
            DueTimes dueTimes,
            Lane.Listener listener) {
        this.settings = settings;
        this.consumer = consumer;
        this.assignment = assignment;
        this.dueTimes = dueTimes;
        this.listener = listener;
    }

    /** Takes over what a poll brought. */
    void accept(ConsumerRecords<byte[], byte[]> polled) {
        Set<TopicPartition> partitions = polled.partitions();
        if (!polled.nextOffsets().keySet().equals(partitions)) {
            partitions = new HashSet<>(partitions);
            partitions.addAll(polled.nextOffsets().keySet());
        }
        for (TopicPartition partition : partitions) {
            PartitionTracker tracker = assignment.tracker(partition);
            if (tracker != null && !closed) {
                List<ConsumerRecord<byte[], byte[]>> records = polled.records(partition);
                OffsetAndMetadata after = polled.nextOffsets().get(partition);
                if (dueTimes.concerns(partition.topic())) {
                    dueTimes.add(tracker, records, after);
                } else {
                    listener.read(partition.topic(), records.size());
                    waiting.add(new Run(tracker, records, after));
                }
            }
        }
    }

    /** Lets in what the caps allow. */
    void admit(Admission admission) {
        if (paused) {
            return;
        }
        dueTimes.release(
                (tracker, records, after) -> waiting.add(new Run(tracker, records, after)));
        if (waiting.isEmpty()) {
            return;
        }
        Load load = Load.of(assignment);
        int open = load.open();
        int held = load.held();
        long bytes = load.heldBytes();
        while (!waiting.isEmpty() && !full(open, held, bytes)) {
            Run run = waiting.getFirst();
            PartitionTracker tracker = run.tracker;
            if (tracker.live() && run.next < run.records.size()) {
                ConsumerRecord<byte[], byte[]> record = run.records.get(run.next++);
                Entry entry =
                        tracker.add(
                                delivery(record), record.offset(), record.leaderEpoch().orElse(-1));
                if (admission.admit(entry)) {
                    open++;
                }
                held++;
                bytes += entry.bytes;
            } else {
                if (tracker.live() && run.after != null) {
                    tracker.polledTo(run.after.offset(), run.after.leaderEpoch().orElse(-1));
                }
                waiting.removeFirst();
            }
        }
    }

    /** Whether polled records wait for room. */
    boolean waiting() {
        return !waiting.isEmpty();
    }

    /** Whether uncommitted events take a good part of their room. */
    boolean crowded() {
        Load load = Load.of(assignment);
        return load.held() >= settings.maxHeldEvents() / CROWDED
                || load.heldBytes() >= settings.maxBytes() / CROWDED;
    }

    /** Lets nothing in any more; what waits is dropped, it will be read again. */
    void close() {
        closed = true;
        waiting.clear();
        dueTimes.clear();
    }

    /** Lets nothing in, or goes on; what waits is kept. */
    void pause(boolean wanted) {
        paused = wanted;
    }

    /** Pauses or resumes every partition whose state is not the wanted one. */
    void steer() {
        boolean all = closed || paused || !waiting.isEmpty() || full(Load.of(assignment));
        Set<TopicPartition> assigned = consumer.assignment();
        Set<TopicPartition> wanted = all ? assigned : dueTimes.held();
        Set<TopicPartition> still = consumer.paused();
        if (wanted.equals(still)) {
            return;
        }
        Set<TopicPartition> pausing = new HashSet<>(wanted);
        pausing.retainAll(assigned);
        pausing.removeAll(still);
        Set<TopicPartition> resuming = new HashSet<>(still);
        resuming.removeAll(wanted);
        if (!pausing.isEmpty()) {
            consumer.pause(pausing);
        }
        if (!resuming.isEmpty()) {
            consumer.resume(resuming);
        }
    }

    /** A polled record as the event it is; one that came back is no new one. */
    private Delivery delivery(ConsumerRecord<byte[], byte[]> record) {
        Delivery polled = Records.delivery(record);
        if (!dueTimes.concerns(record.topic())) {
            return polled;
        }
        Optional<Delivery> returned = RetryRecords.returned(polled);
        if (returned.isEmpty()) {
            listener.foreign(polled.id());
        }
        Delivery delivery = returned.orElse(polled);
        if (delivery.earlier().retries() == 0) {
            listener.read(record.topic(), 1);
        }
        return delivery;
    }

    private boolean full(Load load) {
        return full(load.open(), load.held(), load.heldBytes());
    }

    private boolean full(int open, int held, long bytes) {
        return open >= settings.maxOpenEvents()
                || held >= settings.maxHeldEvents()
                || bytes >= settings.maxBytes();
    }
}
