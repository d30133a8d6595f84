package dev.thac.kafka;

import dev.thac.event.Delivery;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

import java.util.Optional;
import java.util.function.Consumer;

/**
 * What became of every polled record of one partition during one assignment, and which offset may
 * be committed. A fresh tracker is made for every assignment; entries know theirs, so that
 * completions of an earlier assignment are recognised and ignored. Used by the lane thread only.
 *
 * <p>Entries stand in a ring in the order they were polled, numbered by sequence: {@code [head,
 * ready)} are finished and wait for their commit, {@code ready} is the first unfinished one, {@code
 * tail} comes next. Only polled offsets exist, so the gaps left by compaction and transaction
 * markers cost nothing; where nothing is unfinished the consumer's position is committed, which
 * passes gaps at the end.
 */
final class PartitionTracker {

    private static final int FIRST_CAPACITY = 64;
    private static final long UNKNOWN = -1;

    private final TopicPartition partition;
    private @Nullable Entry[] ring = new Entry[FIRST_CAPACITY];
    private long head;
    private long ready;
    private long tail;
    private int open;
    private long heldBytes;
    private long position = UNKNOWN;
    private int positionEpoch = -1;
    private int readyEpoch = -1;
    private long committed = UNKNOWN;
    private boolean live = true;

    /**
     * Where a commit would stand.
     *
     * @param sequence entries below it are covered
     * @param offset the first offset not covered
     * @param leaderEpoch of the last record covered; -1 when unknown
     */
    record Point(long sequence, long offset, int leaderEpoch) {
        /** What is written to the broker. */
        OffsetAndMetadata toCommit() {
            return new OffsetAndMetadata(
                    offset, leaderEpoch < 0 ? Optional.empty() : Optional.of(leaderEpoch), "");
        }
    }

    PartitionTracker(TopicPartition partition) {
        this.partition = partition;
    }

    TopicPartition partition() {
        return partition;
    }

    /** Whether the assignment still stands. */
    boolean live() {
        return live;
    }

    /** The assignment ended: nothing of it may be committed any more. */
    void close() {
        live = false;
    }

    /**
     * A polled record comes under way.
     *
     * @param delivery the record
     * @param offset its offset in this partition
     * @param leaderEpoch of its batch; -1 when unknown
     * @return its entry, neither open nor finished
     * @throws IllegalStateException when the offset does not follow the one before
     */
    Entry add(Delivery delivery, long offset, int leaderEpoch) {
        if (offset < position) {
            throw new IllegalStateException(partition + "@" + offset + " before @" + position);
        }
        if (tail - head == ring.length) {
            grow();
        }
        Entry entry = new Entry(this, tail, offset, leaderEpoch, delivery);
        ring[slot(tail)] = entry;
        tail++;
        heldBytes += entry.bytes;
        polledTo(offset + 1, leaderEpoch);
        return entry;
    }

    /** The entry is being judged from now on. */
    void open(Entry entry) {
        entry.open = true;
        open++;
    }

    /** The entry has its outcome, which takes that many bytes more. */
    void settled(Entry entry, int outputBytes) {
        if (entry.open) {
            entry.open = false;
            open--;
        }
        entry.bytes += outputBytes;
        heldBytes += outputBytes;
    }

    /**
     * The entry needs nothing more than the commit of its offset.
     *
     * @return how many entries became ready to commit by this
     */
    int finish(Entry entry) {
        entry.finished = true;
        if (entry.sequence != ready) {
            return 0;
        }
        long before = ready;
        do {
            readyEpoch = at(ready).leaderEpoch;
            ready++;
        } while (ready < tail && at(ready).finished);
        return (int) (ready - before);
    }

    /** Every record below this offset was polled and added. */
    void polledTo(long offset, int leaderEpoch) {
        position = offset;
        positionEpoch = leaderEpoch;
    }

    /** The first offset not polled; -1 before the first poll. */
    long position() {
        return position;
    }

    /** Where a commit of all that is finished would stand; {@code null} when that is unknown. */
    @Nullable Point point() {
        if (ready < tail) {
            return new Point(ready, at(ready).offset, readyEpoch);
        }
        return position == UNKNOWN ? null : new Point(ready, position, positionEpoch);
    }

    /** Whether a commit would move the group's offset, or entries wait for one. */
    boolean dirty() {
        if (ready > head) {
            return true;
        }
        return ready == tail && position != UNKNOWN && position != committed;
    }

    /** Calls {@code action} with every entry that waits for its commit, in offset order. */
    void forEachReady(Consumer<Entry> action) {
        for (long sequence = head; sequence < ready; sequence++) {
            action.accept(at(sequence));
        }
    }

    /** Calls {@code action} with every entry whose commit has not happened. */
    void forEach(Consumer<Entry> action) {
        for (long sequence = head; sequence < tail; sequence++) {
            action.accept(at(sequence));
        }
    }

    /**
     * The broker has this commit: entries below it leave.
     *
     * @param point what was committed, from {@link #point()}
     * @param released called with every entry that leaves, in offset order
     */
    void committed(Point point, Consumer<Entry> released) {
        committed = Math.max(committed, point.offset());
        while (head < point.sequence()) {
            Entry entry = at(head);
            ring[slot(head)] = null;
            head++;
            heldBytes -= entry.bytes;
            released.accept(entry);
        }
    }

    /** Entries being judged. */
    int open() {
        return open;
    }

    /** Entries not yet committed. */
    int held() {
        return (int) (tail - head);
    }

    /** Bytes of the entries not yet committed, inputs and outputs. */
    long heldBytes() {
        return heldBytes;
    }

    /** The oldest entry not yet committed. */
    Optional<Entry> oldest() {
        return head < tail ? Optional.of(at(head)) : Optional.empty();
    }

    private Entry at(long sequence) {
        Entry entry = ring[slot(sequence)];
        if (entry == null) {
            throw new IllegalStateException(partition + ": no entry " + sequence);
        }
        return entry;
    }

    private int slot(long sequence) {
        return (int) (sequence & (ring.length - 1));
    }

    private void grow() {
        @Nullable Entry[] larger = new Entry[ring.length * 2];
        for (long sequence = head; sequence < tail; sequence++) {
            larger[(int) (sequence & (larger.length - 1))] = ring[slot(sequence)];
        }
        ring = larger;
    }
}
