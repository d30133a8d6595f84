package dev.thac.window;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/**
 * What is remembered of one key: the newest events, and what each measure counted or summed, by
 * event time. All of it is exact, and bounded: of a measure at most {@value #MOST_POINTS} points
 * are kept, beyond which neighbours in time are merged, the oldest first; what lies more than twice
 * the measure's time before the newest event of the key is forgotten, so that an event may be as
 * late as that time and still see exact figures. Not thread-safe.
 */
final class History {

    /** JSON of all remembered events. */
    static final int MOST_BYTES = 256 << 10;

    /** JSON of one remembered event. */
    static final int LARGEST_EVENT = 64 << 10;

    static final int MOST_POINTS = 4096;
    private static final int VERSION = 1;

    private final List<Past> events;
    private final List<List<Point>> measures;
    private long newest;

    /** A remembered event; compared by nobody. */
    @SuppressWarnings("ArrayRecordComponent")
    record Past(long time, byte[] json) {}

    /** What a measure got from one event, or from several that were merged. */
    record Point(long time, BigDecimal amount) {}

    private History(List<Past> events, List<List<Point>> measures, long newest) {
        this.events = events;
        this.measures = measures;
        this.newest = newest;
    }

    /** Of a key that was never seen. */
    static History empty(int measures) {
        List<List<Point>> none = new ArrayList<>(measures);
        for (int i = 0; i < measures; i++) {
            none.add(new ArrayList<>());
        }
        return new History(new ArrayList<>(), none, Long.MIN_VALUE);
    }

    /** The time of the newest event. */
    long newest() {
        return newest;
    }

    /** Remembered events that are not later than a time, the oldest first. */
    List<byte[]> upTo(long time) {
        List<byte[]> earlier = new ArrayList<>(events.size());
        for (Past event : events) {
            if (event.time() <= time) {
                earlier.add(event.json());
            }
        }
        return earlier;
    }

    /** The sum of a measure over the time that ends at a moment; the start is excluded. */
    BigDecimal sum(int measure, long end, long over) {
        BigDecimal sum = BigDecimal.ZERO;
        for (Point point : measures.get(measure)) {
            if (point.time() > end - over && point.time() <= end) {
                sum = sum.add(point.amount());
            }
        }
        return sum;
    }

    /**
     * Remembers one event.
     *
     * @param json its value
     * @param most how many events are remembered
     * @param amounts what it adds to each measure; {@code null}: nothing
     * @param overs the time of each measure
     */
    void add(
            long time,
            byte[] json,
            int most,
            List<@Nullable BigDecimal> amounts,
            List<Long> overs) {
        newest = Math.max(newest, time);
        if (most > 0 && json.length <= LARGEST_EVENT) {
            insert(events, new Past(time, json));
            trim(most);
        }
        for (int i = 0; i < measures.size(); i++) {
            List<Point> points = measures.get(i);
            BigDecimal amount = amounts.get(i);
            if (amount != null) {
                int at = points.size();
                while (at > 0 && points.get(at - 1).time() > time) {
                    at--;
                }
                points.add(at, new Point(time, amount));
            }
            long forgotten = newest - 2 * overs.get(i);
            int first = 0;
            while (first < points.size() && points.get(first).time() <= forgotten) {
                first++;
            }
            points.subList(0, first).clear();
            if (points.size() > MOST_POINTS) {
                merge(points);
            }
        }
    }

    private static void insert(List<Past> events, Past event) {
        int at = events.size();
        while (at > 0 && events.get(at - 1).time() > event.time()) {
            at--;
        }
        events.add(at, event);
    }

    private void trim(int most) {
        long bytes = 0;
        for (Past event : events) {
            bytes += event.json().length;
        }
        while (events.size() > most || bytes > MOST_BYTES) {
            bytes -= events.removeFirst().json().length;
        }
    }

    /** Every two neighbours of the older half become one. */
    private static void merge(List<Point> points) {
        List<Point> merged = new ArrayList<>(points.size());
        int half = points.size() / 2;
        for (int i = 0; i < half; i += 2) {
            Point first = points.get(i);
            Point second = points.get(i + 1);
            merged.add(new Point(second.time(), first.amount().add(second.amount())));
        }
        merged.addAll(points.subList(half + half % 2, points.size()));
        points.clear();
        points.addAll(merged);
    }

    /** As stored. */
    byte[] bytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeLong(newest);
            out.writeInt(events.size());
            for (Past event : events) {
                out.writeLong(event.time());
                out.writeInt(event.json().length);
                out.write(event.json());
            }
            out.writeInt(measures.size());
            for (List<Point> points : measures) {
                out.writeInt(points.size());
                for (Point point : points) {
                    out.writeLong(point.time());
                    out.writeUTF(point.amount().toString());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return bytes.toByteArray();
    }

    /**
     * As stored before.
     *
     * @param stored what {@link #bytes} gave
     * @param measures how many measures there are today; those of a file that had others begin anew
     */
    static History of(byte[] stored, int measures) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(stored))) {
            int version = in.readByte();
            if (version != VERSION) {
                throw new IllegalStateException("a history of version " + version);
            }
            long newest = in.readLong();
            List<Past> events = new ArrayList<>();
            for (int left = in.readInt(); left > 0; left--) {
                long time = in.readLong();
                byte[] json = new byte[in.readInt()];
                in.readFully(json);
                events.add(new Past(time, json));
            }
            List<List<Point>> all = new ArrayList<>();
            for (int left = in.readInt(); left > 0; left--) {
                List<Point> points = new ArrayList<>();
                for (int each = in.readInt(); each > 0; each--) {
                    points.add(new Point(in.readLong(), new BigDecimal(in.readUTF())));
                }
                all.add(points);
            }
            return new History(
                    events, all.size() == measures ? all : empty(measures).measures, newest);
        } catch (IOException e) {
            throw new UncheckedIOException("a damaged history", e);
        }
    }
}
