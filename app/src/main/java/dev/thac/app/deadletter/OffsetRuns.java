package dev.thac.app.deadletter;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A set of offsets, kept as runs of consecutive ones. Used by one thread. */
final class OffsetRuns {

    /** First offset of a run to the offset after its last. No two runs touch. */
    private final TreeMap<Long, Long> runs = new TreeMap<>();

    /** Whether an offset is in it. */
    boolean contains(long offset) {
        Map.Entry<Long, Long> run = runs.floorEntry(offset);
        return run != null && offset < run.getValue();
    }

    /** Adds one that is not in it. */
    void add(long offset) {
        long from = offset;
        long to = offset + 1;
        Map.Entry<Long, Long> before = runs.floorEntry(offset);
        if (before != null && before.getValue() == offset) {
            from = before.getKey();
        }
        Long after = runs.remove(offset + 1);
        if (after != null) {
            to = after;
        }
        runs.put(from, to);
    }

    /** Forgets all below an offset: the records are gone. */
    void forgetBelow(long offset) {
        boolean inside = contains(offset);
        Map.Entry<Long, Long> run = runs.floorEntry(offset);
        Long end = inside && run != null ? run.getValue() : null;
        runs.headMap(offset, true).clear();
        if (end != null) {
            runs.put(offset, end);
        }
    }

    /** Every first run's start, then alternating lengths: of a run, of the gap behind it. */
    List<Long> lengths() {
        List<Long> lengths = new ArrayList<>();
        long at = 0;
        for (Map.Entry<Long, Long> run : runs.entrySet()) {
            lengths.add(run.getKey() - at);
            lengths.add(run.getValue() - run.getKey());
            at = run.getValue();
        }
        return lengths;
    }

    /** Reads what {@link #lengths()} gave. */
    static OffsetRuns of(List<Long> lengths) {
        OffsetRuns all = new OffsetRuns();
        long at = 0;
        for (int i = 0; i + 1 < lengths.size(); i += 2) {
            long from = at + lengths.get(i);
            at = from + lengths.get(i + 1);
            all.runs.put(from, at);
        }
        return all;
    }
}
