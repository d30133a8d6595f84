package dev.thac.window;

import java.time.Duration;
import java.time.ZoneId;
import java.util.Optional;

/**
 * How windows lie over time. Times are milliseconds since the epoch. A window holds the events from
 * its start, inclusive, to its end, exclusive; but a sliding one, which holds those after its start
 * up to its end, inclusive, because it ends with an event.
 *
 * <p>An event is late when the first window that could hold it alone is closed, judged by the
 * watermark of its source partition before it. A window is closed when no event can come any more
 * that would not be late: for a session that is one gap later than its own end, since an event
 * before that may still join it.
 */
sealed interface Frame {

    /** Whether an event of that time has no window left. */
    boolean late(long time, long grace, long watermark);

    /** The watermark at which the window from an event to another is closed. */
    long closes(long start, long last, long grace);

    /** The end shown of a window with that start and last event. */
    long end(long start, long last);

    /** Windows that begin at set times, whatever the events. */
    sealed interface Aligned extends Frame permits Hopping, Days {
        /** The start of the first window that holds the time. */
        long first(long time);

        /** The start of the window after the one with that start. */
        long next(long start);

        @Override
        default long closes(long start, long last, long grace) {
            return end(start, last) + grace;
        }
    }

    /**
     * Windows of one size, each a step after the one before, aligned to the epoch. With a step as
     * long as the size they tumble.
     */
    record Hopping(long size, long every) implements Aligned {
        @Override
        public long first(long time) {
            return Math.floorDiv(time - size, every) * every + every;
        }

        @Override
        public long next(long start) {
            return start + every;
        }

        @Override
        public boolean late(long time, long grace, long watermark) {
            long newest = Math.floorDiv(time, every) * every;
            return newest + size + grace <= watermark;
        }

        @Override
        public long end(long start, long last) {
            return start + size;
        }
    }

    /** Windows that end when a group is silent for so long. */
    record Session(long gap) implements Frame {
        @Override
        public boolean late(long time, long grace, long watermark) {
            return time + gap + grace <= watermark;
        }

        @Override
        public long closes(long start, long last, long grace) {
            return last + 2 * gap + grace;
        }

        @Override
        public long end(long start, long last) {
            return last + gap;
        }
    }

    /** One window ends with each event. */
    record Sliding(long size) implements Frame {
        @Override
        public boolean late(long time, long grace, long watermark) {
            return time + grace < watermark;
        }

        /** When its figures are final; its events are needed longer, by those after it. */
        @Override
        public long closes(long start, long last, long grace) {
            return last + grace + 1;
        }

        @Override
        public long end(long start, long last) {
            return last;
        }
    }

    /** The frame of a window's declaration, which has exactly one. */
    static Frame of(WindowSpec spec) {
        Optional<Duration> size = spec.tumbling().or(spec::hopping);
        if (size.isPresent()) {
            Duration every = spec.every().orElse(size.get());
            return spec.wholeDays()
                    ? new Days(size.get().toDays(), every.toDays(), ZoneId.of(spec.zone()))
                    : new Hopping(size.get().toMillis(), every.toMillis());
        }
        return spec.session().isPresent()
                ? new Session(spec.session().get().toMillis())
                : new Sliding(spec.sliding().orElseThrow().toMillis());
    }
}
