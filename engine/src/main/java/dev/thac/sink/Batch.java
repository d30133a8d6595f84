package dev.thac.sink;

import dev.thac.event.Failure;

import org.apache.kafka.common.TopicPartition;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Records that are written together, what became of each, and how far each partition may be
 * committed: up to the first record that is neither done nor refused. Thread-safe: the target
 * settles, the sink's thread reads.
 */
final class Batch {

    private final Map<TopicPartition, Part> parts = new LinkedHashMap<>();
    private final int size;
    private int settled;
    private volatile long heard;

    /** The records of one partition. */
    private static final class Part {
        final List<Polled> records = new ArrayList<>();
        final Map<Integer, Failure> refused = new HashMap<>();
        boolean[] settled = new boolean[0];
        int prefix;
        int taken;
        String note = "";
    }

    /**
     * What can be committed of a partition.
     *
     * @param offset the offset to commit
     * @param note what to commit with it
     * @param done how many records were written since the last time
     * @param refused records to dead-letter in the same commit, and why
     */
    record Advance(long offset, String note, int done, Map<Polled, Failure> refused) {}

    /**
     * A batch of which nothing is written.
     *
     * @param records each partition's in order
     */
    Batch(List<Polled> records) {
        this.size = records.size();
        for (Polled each : records) {
            List<Polled> mine = parts.computeIfAbsent(each.place(), _ -> new Part()).records;
            mine.add(new Polled(each.place(), each.offset(), mine.size(), each.delivery()));
        }
        parts.values().forEach(part -> part.settled = new boolean[part.records.size()]);
    }

    /** The group has said that the sink has its place; the moment is that of the question. */
    void heard(long nanos) {
        heard = nanos;
    }

    /** When that was, in the ticker's nanoseconds. */
    long heard() {
        return heard;
    }

    /** How many records it has. */
    int size() {
        return size;
    }

    /** How many are neither done nor refused. */
    synchronized int open() {
        return size - settled;
    }

    /** The records that are neither done nor refused, each partition's in order. */
    synchronized List<Polled> pending() {
        List<Polled> pending = new ArrayList<>(size - settled);
        for (Part part : parts.values()) {
            for (Polled each : part.records) {
                if (!part.settled[each.index()]) {
                    pending.add(each);
                }
            }
        }
        return pending;
    }

    /** Records are durably written. */
    synchronized void done(List<Polled> records) {
        records.forEach(this::settle);
    }

    /**
     * Records of one partition are durably written, the earlier ones too.
     *
     * @param note what to commit with them
     */
    synchronized void done(TopicPartition place, List<Polled> records, String note) {
        records.forEach(this::settle);
        part(place).note = note;
    }

    /** A record can never be written. */
    synchronized void refused(Polled record, Failure failure) {
        part(record.place()).refused.put(record.index(), failure);
        settle(record);
    }

    private Part part(TopicPartition place) {
        Part part = parts.get(place);
        if (part == null) {
            throw new IllegalArgumentException(place + " is not of this batch");
        }
        return part;
    }

    private void settle(Polled record) {
        Part part = part(record.place());
        if (!part.settled[record.index()]) {
            part.settled[record.index()] = true;
            settled++;
        }
        while (part.prefix < part.records.size() && part.settled[part.prefix]) {
            part.prefix++;
        }
    }

    /** What could be committed that was not {@link #committed}, by partition. */
    synchronized Map<TopicPartition, Advance> advances() {
        Map<TopicPartition, Advance> advances = new HashMap<>();
        parts.forEach(
                (place, part) -> {
                    if (part.prefix > part.taken) {
                        advances.put(place, advance(part));
                    }
                });
        return advances;
    }

    private static Advance advance(Part part) {
        Map<Polled, Failure> refused = new LinkedHashMap<>();
        for (Polled each : part.records.subList(part.taken, part.prefix)) {
            Failure failure = part.refused.get(each.index());
            if (failure != null) {
                refused.put(each, failure);
            }
        }
        return new Advance(
                part.records.get(part.prefix - 1).offset() + 1,
                part.note,
                part.prefix - part.taken - refused.size(),
                refused);
    }

    /** These are committed. */
    synchronized void committed(Map<TopicPartition, Advance> advances) {
        advances.forEach(
                (place, advance) -> {
                    Part part = part(place);
                    while (part.taken < part.records.size()
                            && part.records.get(part.taken).offset() < advance.offset()) {
                        part.taken++;
                    }
                });
    }

    /** Where reading must begin again if this batch is given up, by partition. */
    synchronized Map<TopicPartition, Long> uncommitted() {
        Map<TopicPartition, Long> positions = new HashMap<>();
        parts.forEach(
                (place, part) -> {
                    if (part.taken < part.records.size()) {
                        positions.put(place, part.records.get(part.taken).offset());
                    }
                });
        return positions;
    }

    /** Time of the oldest record that is neither done nor refused; none: the largest number. */
    synchronized long oldest() {
        long oldest = Long.MAX_VALUE;
        for (Part part : parts.values()) {
            if (part.prefix < part.records.size()) {
                oldest = Math.min(oldest, part.records.get(part.prefix).delivery().timestamp());
            }
        }
        return oldest;
    }
}
