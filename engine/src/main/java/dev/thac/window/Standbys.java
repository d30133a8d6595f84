package dev.thac.window;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.StandbyUpdateListener;
import org.apache.kafka.streams.processor.TaskId;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How far the copies of other instances' state have followed their changelogs. Thread-safe. */
final class Standbys implements StandbyUpdateListener {

    private static final long UNKNOWN = -1;

    private final Map<TopicPartition, Long> behind = new ConcurrentHashMap<>();

    @Override
    public void onUpdateStart(TopicPartition changelog, String store, long startingOffset) {
        behind.put(changelog, UNKNOWN);
    }

    @Override
    public void onBatchLoaded(
            TopicPartition changelog,
            String store,
            TaskId task,
            long batchEndOffset,
            long batchSize,
            long currentEndOffset) {
        behind.put(changelog, Math.max(0, currentEndOffset - batchEndOffset - 1));
    }

    @Override
    public void onUpdateSuspended(
            TopicPartition changelog,
            String store,
            long storeOffset,
            long currentEndOffset,
            SuspendReason reason) {
        behind.remove(changelog);
    }

    /**
     * Records that the copies had still to take in when each took in its last; -1 while one of them
     * has taken in nothing.
     */
    long behind() {
        return behind.containsValue(UNKNOWN)
                ? UNKNOWN
                : behind.values().stream().mapToLong(Long::longValue).sum();
    }
}
