package dev.thac.app.group;

import dev.thac.kafka.CommitNote;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How far a group is in one partition.
 *
 * @param topic the topic
 * @param partition its number
 * @param committed the committed offset, the first not finished; empty where there is no commit
 * @param first the oldest offset there is
 * @param end the offset after the newest committed record
 * @param finishedBeyond events beyond the committed offset that are finished already
 * @param metadata what stands beside the committed offset
 * @param behind the age of the first record that is not finished; empty where there is none
 */
public record PartitionLag(
        String topic,
        int partition,
        OptionalLong committed,
        long first,
        long end,
        long finishedBeyond,
        CommitNote.Kind metadata,
        Optional<Duration> behind) {

    /**
     * Records that are not finished.
     *
     * @return a count of offsets, transaction markers included; all there are without a commit
     */
    public long records() {
        return Math.max(0, end - Math.max(first, committed.orElse(first)) - finishedBeyond);
    }

    /** For programs. */
    public Map<String, @Nullable Object> tree() {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("topic", topic);
        tree.put("partition", partition);
        tree.put("committed", committed.isPresent() ? committed.getAsLong() : null);
        tree.put("end", end);
        tree.put("lag", records());
        tree.put("seconds", behind.map(age -> age.toMillis() / 1e3).orElse(0.0));
        tree.put("map", metadata == CommitNote.Kind.MAP);
        tree.put("foreignMetadata", metadata == CommitNote.Kind.FOREIGN);
        tree.put("finishedBeyond", finishedBeyond);
        return tree;
    }
}
