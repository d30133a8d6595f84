package dev.thac.observe;

import dev.thac.meter.Sample;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What some series were in the last hour. Older values are kept no closer together than a quarter
 * of a minute. Used by one thread.
 */
final class History {

    private static final long KEPT = Duration.ofMinutes(61).toNanos();
    private static final long APART = Duration.ofSeconds(15).toNanos();

    private final Map<Series, Track> tracks = new HashMap<>();
    private long began;
    private long last;
    private boolean empty = true;

    /** A series by its name. */
    record Series(String name, Map<String, String> labels) {}

    /** One value. */
    private record Point(long at, double value) {}

    private static final class Track {
        final Deque<Point> points = new ArrayDeque<>();
        final boolean fromZero;
        double value;
        long seen;

        Track(boolean fromZero) {
            this.fromZero = fromZero;
        }
    }

    /**
     * Adds one reading of everything.
     *
     * @param at when, in nanoseconds of one clock; never earlier than the reading before
     * @param samples all series; what is missing is gone
     */
    void add(long at, Collection<Sample> samples) {
        if (empty) {
            began = at;
            empty = false;
        }
        last = at;
        for (Sample sample : samples) {
            Track track =
                    tracks.computeIfAbsent(
                            new Series(sample.name(), sample.labels()),
                            _ -> new Track(counts(sample.name()) && last > began));
            track.value = sample.value();
            track.seen = at;
            if (track.points.isEmpty() || at - track.points.getLast().at() >= APART) {
                track.points.add(new Point(at, sample.value()));
            }
        }
        Iterator<Track> all = tracks.values().iterator();
        while (all.hasNext()) {
            Track track = all.next();
            // One value from before the window stays: increases are counted from it.
            while (track.points.size() > 1 && second(track.points).at() <= at - KEPT) {
                track.points.removeFirst();
            }
            if (at - track.seen > KEPT) {
                all.remove();
            }
        }
    }

    /** The series of one name that were in the last reading. */
    Stream<Series> series(String name) {
        return tracks.entrySet().stream()
                .filter(each -> each.getValue().seen == last && each.getKey().name().equals(name))
                .map(Map.Entry::getKey);
    }

    /** The last value of a series. */
    double value(Series series) {
        Track track = tracks.get(series);
        return track == null ? Double.NaN : track.value;
    }

    /**
     * By how much a series grew in the time up to the last reading. A value below the one before is
     * a new beginning from zero, as for Prometheus. A counter that appeared after the first reading
     * grew from zero.
     */
    double increase(Series series, Duration window) {
        Track track = tracks.get(series);
        if (track == null) {
            return 0;
        }
        long start = last - window.toNanos();
        double before = Double.NaN;
        double grown = 0;
        boolean first = true;
        for (Point point : track.points) {
            if (point.at() <= start || first) {
                before = point.value();
                grown = point.at() > start && track.fromZero ? before : 0;
                first = false;
            } else {
                grown += step(before, point.value());
                before = point.value();
            }
        }
        return first ? 0 : grown + step(before, track.value);
    }

    private static double step(double from, double to) {
        return to >= from ? to - from : to;
    }

    private static boolean counts(String name) {
        return List.of("_total", "_count", "_sum", "_bucket").stream().anyMatch(name::endsWith);
    }

    private static Point second(Deque<Point> points) {
        Iterator<Point> each = points.iterator();
        each.next();
        return each.next();
    }
}
