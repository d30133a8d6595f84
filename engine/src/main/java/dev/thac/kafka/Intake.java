package dev.thac.kafka;

import dev.thac.event.Delivery;
import dev.thac.recover.RetryRecords;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Lets polled records in while the lane's caps and those of their partition allow it, partition by
 * partition in turns, and pauses the partitions that have to wait. What polls brought beyond the
 * caps waits in its tracker, and its partition is not fetched meanwhile. Owned by the lane thread.
 */
final class Intake {

    /** Room is getting short when one part in that many is taken. */
    private static final int CROWDED = 2;

    /** Records that one partition may bring in before the next has its turn. */
    private static final int TURN = 256;

    private final LaneTask task;
    private final LaneSettings settings;
    private final Consumer<byte[], byte[]> consumer;
    private final Assignment assignment;
    private final DueTimes dueTimes;
    private final Lane.Listener listener;
    private boolean closed;
    private boolean paused;
    private int turn;

    // What the lane holds, as of the last measurement and what was let in since.
    private int open;
    private int held;
    private long heldBytes;

    // What one partition may hold.
    private int maxOpen;
    private int maxHeld;
    private long maxBytes;

    /** Takes an entry that was let in. */
    interface Admission {
        /** Decides about the entry. */
        void admit(Entry entry);
    }

    Intake(
            LaneTask task,
            Consumer<byte[], byte[]> consumer,
            Assignment assignment,
            DueTimes dueTimes) {
        this.task = task;
        this.settings = task.settings();
        this.consumer = consumer;
        this.assignment = assignment;
        this.dueTimes = dueTimes;
        this.listener = task.listener();
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
            if (tracker != null && tracker.placed() && !closed) {
                List<ConsumerRecord<byte[], byte[]>> records = polled.records(partition);
                OffsetAndMetadata after = polled.nextOffsets().get(partition);
                if (dueTimes.concerns(partition.topic())) {
                    dueTimes.add(tracker, records, after);
                } else {
                    listener.read(partition.topic(), records.size());
                    tracker.waiting().add(new Polled(records, after));
                }
            }
        }
    }

    /** Lets in what the caps allow. */
    void admit(Admission admission) {
        if (paused || closed) {
            return;
        }
        dueTimes.release(
                (tracker, records, after) -> tracker.waiting().add(new Polled(records, after)));
        List<PartitionTracker> waiting = new ArrayList<>();
        for (PartitionTracker tracker : assignment.trackers()) {
            if (!tracker.waiting().isEmpty() && tracker.ready()) {
                waiting.add(tracker);
            }
        }
        if (waiting.isEmpty()) {
            return;
        }
        measure();
        long millis = task.ticker().now().toEpochMilli();
        boolean moved = true;
        while (moved && !full()) {
            moved = false;
            for (int i = 0; i < waiting.size() && !full(); i++) {
                PartitionTracker tracker = waiting.get((turn + i) % waiting.size());
                tracker.now(millis);
                moved |= letIn(tracker, admission);
            }
            turn++;
        }
    }

    /** Whether records wait that could be let in at once. */
    boolean ready() {
        if (paused || closed) {
            return false;
        }
        measure();
        for (PartitionTracker tracker : assignment.trackers()) {
            if (!tracker.waiting().isEmpty() && tracker.ready() && !full() && !full(tracker)) {
                return true;
            }
        }
        return false;
    }

    /** Whether uncommitted events take a good part of their room. */
    boolean crowded() {
        measure();
        return held >= settings.maxHeldEvents() / CROWDED
                || heldBytes >= settings.maxBytes() / CROWDED;
    }

    /** Lets nothing in any more; what waits is dropped, it will be read again. */
    void close() {
        closed = true;
        assignment.trackers().forEach(tracker -> tracker.waiting().clear());
        dueTimes.clear();
    }

    /** Lets nothing in, or goes on; what waits is kept. */
    void pause(boolean wanted) {
        paused = wanted;
    }

    /** Pauses or resumes every partition whose state is not the wanted one. */
    void steer() {
        measure();
        Set<TopicPartition> assigned = consumer.assignment();
        assignment.tend(assigned);
        Set<TopicPartition> still = consumer.paused();
        Set<TopicPartition> notDue = dueTimes.held();
        boolean all = closed || paused || full();
        List<TopicPartition> toPause = new ArrayList<>();
        List<TopicPartition> toResume = new ArrayList<>();
        for (TopicPartition partition : assigned) {
            PartitionTracker tracker = assignment.tracker(partition);
            boolean wanted =
                    all
                            || tracker == null
                            || !tracker.placed()
                            || !tracker.waiting().isEmpty()
                            || notDue.contains(partition)
                            || full(tracker);
            if (wanted != still.contains(partition)) {
                (wanted ? toPause : toResume).add(partition);
            }
        }
        if (!toPause.isEmpty()) {
            consumer.pause(toPause);
        }
        if (!toResume.isEmpty()) {
            consumer.resume(toResume);
        }
    }

    /** Lets in what one partition may bring in its turn; returns whether there was something. */
    private boolean letIn(PartitionTracker tracker, Admission admission) {
        int taken = 0;
        while (taken < TURN && !tracker.waiting().isEmpty() && !full() && !full(tracker)) {
            Polled polled = tracker.waiting().getFirst();
            if (polled.empty()) {
                polled.pass(tracker);
                tracker.waiting().removeFirst();
                continue;
            }
            ConsumerRecord<byte[], byte[]> record = polled.take();
            taken++;
            int epoch = record.leaderEpoch().orElse(-1);
            if (tracker.skip(record.offset(), epoch)) {
                continue;
            }
            int openBefore = tracker.open();
            Entry entry = tracker.add(delivery(record), record.offset(), epoch);
            admission.admit(entry);
            open += tracker.open() - openBefore;
            held++;
            heldBytes += entry.bytes;
        }
        return taken > 0;
    }

    /** A polled record as the event it is; one that came back is no new one. */
    private Delivery delivery(ConsumerRecord<byte[], byte[]> record) {
        Delivery polled = Records.delivery(record);
        if (!dueTimes.concerns(record.topic())) {
            return settings.source().relayed()
                    ? RetryRecords.returned(polled).orElse(polled)
                    : polled;
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

    private void measure() {
        Load load = Load.of(assignment);
        open = load.open();
        held = load.held();
        heldBytes = load.heldBytes();
        int active = 0;
        for (PartitionTracker tracker : assignment.trackers()) {
            active += tracker.held() > 0 || !tracker.waiting().isEmpty() ? 1 : 0;
        }
        boolean alone = active <= 1;
        maxOpen = alone ? settings.maxOpenEvents() : share(settings.maxOpenEvents());
        maxHeld = alone ? settings.maxHeldEvents() : share(settings.maxHeldEvents());
        maxBytes = alone ? settings.maxBytes() : settings.maxBytes() / 4 * 3;
    }

    /** What one partition may take while others have something to do. */
    private static int share(int cap) {
        return Math.max(1, cap / 4 * 3 + cap % 4);
    }

    private boolean full() {
        return open >= settings.maxOpenEvents()
                || held >= settings.maxHeldEvents()
                || heldBytes >= settings.maxBytes();
    }

    private boolean full(PartitionTracker tracker) {
        return tracker.mapFull()
                || tracker.window() >= LaneSettings.MAX_WINDOW
                || tracker.open() >= maxOpen
                || tracker.held() >= maxHeld
                || tracker.heldBytes() >= maxBytes;
    }
}
