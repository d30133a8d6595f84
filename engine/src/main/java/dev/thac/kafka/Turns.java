package dev.thac.kafka;

import dev.thac.recover.Relayed;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Whose turn it is among the entries of one partition that have to go in the order of their inputs:
 * all of them, or those of one key. An entry without a key waits for nobody under {@code order:
 * key}. Owned by the lane thread.
 */
final class Turns {

    private static final Line ALL = new Line(new byte[0]);

    private final Order order;

    /** The newest entry of every line. */
    private final Map<Line, Entry> newest = new HashMap<>();

    /** Entries that follow each other, named by their key. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Line(byte[] key) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Line line && Arrays.equals(key, line.key);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(key);
        }
    }

    Turns(Order order) {
        this.order = order;
    }

    /** An entry stands behind those that came before it. */
    void join(Entry entry) {
        Line line = line(entry);
        Entry before = line == null ? null : newest.put(line, entry);
        if (before != null) {
            before.follower = entry;
            entry.blocked = true;
        }
    }

    /**
     * An entry has gone.
     *
     * @return the one whose turn it is now; {@code null} when nobody stands behind
     */
    @Nullable Entry gone(Entry entry) {
        Entry follower = entry.follower;
        if (follower != null) {
            follower.blocked = false;
            entry.follower = null;
            return follower;
        }
        Line line = line(entry);
        if (line != null) {
            newest.remove(line, entry);
        }
        return null;
    }

    private @Nullable Line line(Entry entry) {
        if (order == Order.PARTITION) {
            return ALL;
        }
        byte[] key = Relayed.key(entry.delivery);
        return key == null ? null : new Line(key);
    }
}
