package dev.thac.window;

import java.util.HashMap;
import java.util.Map;

/**
 * How far time is in every source partition, and so for a keeper of windows: as far as in the one
 * that is furthest behind. Partitions that are idle do not hold the others back; where all are, the
 * furthest counts. Never goes back. Not thread-safe.
 */
final class Watermarks {

    private final Map<Signal.Origin, Signal.Mark> marks = new HashMap<>();
    private final int partitions;
    private long reached = Signal.NOTHING;

    /**
     * Before any mark.
     *
     * @param partitions how many source partitions there are
     */
    Watermarks(int partitions) {
        this.partitions = partitions;
    }

    /** Takes in a mark. */
    void take(Signal.Mark mark) {
        marks.put(mark.origin(), mark);
    }

    /** An event came: its partition is not idle. Returns whether it was thought to be. */
    boolean awake(Signal.Origin origin) {
        Signal.Mark mark = marks.get(origin);
        if (mark == null || !mark.idle()) {
            return false;
        }
        marks.put(origin, new Signal.Mark(origin, mark.watermark(), false));
        return true;
    }

    /** Remembers how far time was before a restart. */
    void reached(long watermark) {
        reached = Math.max(reached, watermark);
    }

    /** How far time is for all of them. */
    long reached() {
        long least = Long.MAX_VALUE;
        long most = Signal.NOTHING;
        for (Signal.Mark mark : marks.values()) {
            most = Math.max(most, mark.watermark());
            if (!mark.idle()) {
                least = Math.min(least, mark.watermark());
            }
        }
        if (marks.size() >= partitions) {
            reached = Math.max(reached, least == Long.MAX_VALUE ? most : least);
        }
        return reached;
    }
}
