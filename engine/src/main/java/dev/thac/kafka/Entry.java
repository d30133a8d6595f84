package dev.thac.kafka;

import dev.thac.event.Delivery;
import dev.thac.event.Outcome;

import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * One polled record on its way to its commit. Owned by the lane thread, save three hand-overs: the
 * virtual thread that judges it writes {@link #outcome} or {@link #defect} before it puts the entry
 * into the {@link Inbox}; the producer's thread writes {@link #refusal} before it counts down the
 * {@link Flight}.
 */
final class Entry implements Callback {

    final PartitionTracker tracker;
    final long sequence;
    final long offset;
    final int leaderEpoch;
    final Delivery delivery;

    /** Bytes this entry holds in memory, about. */
    int bytes;

    /** Whether it is being judged. */
    boolean open;

    /** Whether its outcome needs nothing more than the commit of its offset. */
    boolean finished;

    /** How often its records were replaced because the broker refused them for good. */
    int rejections;

    @Nullable Outcome outcome;
    @Nullable Throwable defect;
    Workers.@Nullable Worker worker;
    @Nullable Flight flight;

    /** Why one of its records could not be written, if so. */
    volatile @Nullable Exception refusal;

    Entry(
            PartitionTracker tracker,
            long sequence,
            long offset,
            int leaderEpoch,
            Delivery delivery) {
        this.tracker = tracker;
        this.sequence = sequence;
        this.offset = offset;
        this.leaderEpoch = leaderEpoch;
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
