package dev.thac.app.group;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.jspecify.annotations.Nullable;

/**
 * What stands beside a committed offset.
 *
 * @param kind what it is
 * @param finished events beyond the offset that it says are finished
 */
record CommitNote(PartitionLag.Metadata kind, long finished) {

    private static final CommitNote NONE = new CommitNote(PartitionLag.Metadata.NONE, 0);

    /** Reads it. */
    static CommitNote of(@Nullable OffsetAndMetadata commit) {
        if (commit == null || commit.metadata().isEmpty()) {
            return NONE;
        }
        return new CommitNote(
                commit.metadata().startsWith("T")
                        ? PartitionLag.Metadata.MAP
                        : PartitionLag.Metadata.FOREIGN,
                0);
    }
}
