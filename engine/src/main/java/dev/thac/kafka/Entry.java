package dev.thac.kafka;

import dev.thac.event.Delivery;
import dev.thac.event.Outcome;

import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * One polled record on its way to its commit. Owned by the lane thread, save three hand-overs: the
 * worker that judges it writes {@link #answer} or {@link #defect} before it puts the entry into the
 * {@link Inbox}; the producer's thread writes {@link #refusal} before it counts down the {@link
 * Flight}.
 */
final class Entry implements Callback {

    final PartitionTracker tracker;

    /** Its number among the records polled in this assignment. */
    final long sequence;

    final long offset;

    /** Leader epoch to be committed with its offset; -1 when unknown. */
    final int baseEpoch;

    /** When this group first read it, milliseconds since the epoch, or some time before. */
    final long seen;

    final Delivery delivery;

    EntryState state = EntryState.ADMITTED;

    /** Its neighbours among the entries of the tracker that are not done, by offset. */
    @Nullable Entry previous;

    @Nullable Entry next;

    /** Whether an earlier entry has to go first. */
    boolean blocked;

    /** The entry that may go when this one has gone. */
    @Nullable Entry follower;

    /** Bytes this entry holds in memory, about. */
    int bytes;

    /** Those of them that its outcome will write. */
    int outputBytes;

    /** How often its records were replaced because the broker refused them for good. */
    int rejections;

    @Nullable Outcome outcome;
    @Nullable Outcome answer;
    @Nullable Throwable defect;
    Workers.@Nullable Worker worker;
    Lane.@Nullable Judgement judgement;

    /** Nobody waits for its answer any more. */
    private volatile boolean abandoned;

    @Nullable Flight flight;

    /** Why one of its records could not be written, if so. */
    volatile @Nullable Exception refusal;

    Entry(
            PartitionTracker tracker,
            long sequence,
            long offset,
            int baseEpoch,
            long seen,
            Delivery delivery) {
        this.tracker = tracker;
        this.sequence = sequence;
        this.offset = offset;
        this.baseEpoch = baseEpoch;
        this.seen = seen;
        this.delivery = delivery;
        this.bytes = size(delivery);
    }

    /** The outcome of an entry that has one. */
    Outcome settled() {
        Outcome known = outcome;
        if (known == null) {
            throw new IllegalStateException(delivery.id() + " is not settled");
        }
        return known;
    }

    /** Its partition has left: nobody waits for what judging it brings. */
    void abandon() {
        abandoned = true;
        Lane.Judgement open = judgement;
        if (open != null) {
            open.abandon();
        }
    }

    boolean abandoned() {
        return abandoned;
    }

    /** One of its records was acknowledged or refused. */
    @Override
    public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception exception) {
        Flight current = flight;
        if (exception != null) {
            refusal = exception;
        }
        if (current != null) {
            if (exception == null) {
                current.landed();
            } else {
                current.refused(this, exception);
            }
        }
    }

    private static int size(Delivery delivery) {
        byte[] key = delivery.key();
        byte[] value = delivery.value();
        return 128 + (key == null ? 0 : key.length) + (value == null ? 0 : value.length);
    }
}
