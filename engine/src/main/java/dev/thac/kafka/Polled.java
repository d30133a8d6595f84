package dev.thac.kafka;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.jspecify.annotations.Nullable;

import java.util.List;

/** Records of one partition that one poll brought, and how many of them were taken. */
final class Polled {

    private final List<ConsumerRecord<byte[], byte[]>> records;
    private final @Nullable OffsetAndMetadata after;
    private int next;

    /**
     * @param after the position after them, gaps included, if the consumer gave it
     */
    Polled(List<ConsumerRecord<byte[], byte[]>> records, @Nullable OffsetAndMetadata after) {
        this.records = records;
        this.after = after;
    }

    /** Whether all were taken. */
    boolean empty() {
        return next == records.size();
    }

    /** Takes the next record. */
    ConsumerRecord<byte[], byte[]> take() {
        return records.get(next++);
    }

    /** Tells the tracker that all of it was polled. */
    void pass(PartitionTracker tracker) {
        if (after != null) {
            tracker.polledTo(after.offset(), after.leaderEpoch().orElse(-1));
        }
    }
}
