package dev.thac.window;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.StateRestoreListener;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How far state was read back from its changelogs. Thread-safe. */
final class Restoring implements StateRestoreListener {

    private final Map<TopicPartition, Progress> stores = new ConcurrentHashMap<>();

    private record Progress(long restored, long toRestore, boolean done) {}

    @Override
    public void onRestoreStart(
            TopicPartition changelog, String store, long startingOffset, long endingOffset) {
        if (active() == 0) {
            stores.clear(); // a new restore: the figures are of it alone
        }
        stores.put(changelog, new Progress(0, Math.max(0, endingOffset - startingOffset), false));
    }

    @Override
    public void onBatchRestored(
            TopicPartition changelog, String store, long batchEndOffset, long count) {
        stores.computeIfPresent(
                changelog,
                (_, before) -> new Progress(before.restored() + count, before.toRestore(), false));
    }

    @Override
    public void onRestoreEnd(TopicPartition changelog, String store, long total) {
        stores.computeIfPresent(
                changelog, (_, before) -> new Progress(total, before.toRestore(), true));
    }

    @Override
    public void onRestoreSuspended(TopicPartition changelog, String store, long total) {
        stores.remove(changelog);
    }

    /** Stores being read back. */
    int stores() {
        return (int) active();
    }

    long restored() {
        return stores.values().stream().mapToLong(Progress::restored).sum();
    }

    long toRestore() {
        return stores.values().stream().mapToLong(Progress::toRestore).sum();
    }

    private long active() {
        return stores.values().stream().filter(each -> !each.done()).count();
    }
}
