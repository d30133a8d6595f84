package dev.thac.kafka;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.Optional;

/**
 * What one commit says about one partition, taken from its tracker at one moment: the offset, the
 * map of what is finished beyond it, and exactly the staged entries that the two count as finished.
 * The records of a commit are those of {@link #covered()}, nothing else. Immutable, once taken.
 *
 * <p>An entry that is not done and not covered is unfinished. Everything else below the tracker's
 * position is finished or never was: a gap between polled records counts as finished where it lies
 * beside something finished, and as unfinished between two unfinished records, which keeps the map
 * short.
 */
final class Snapshot {

    private static final Entry[] NO_ENTRIES = {};

    private final PartitionTracker tracker;
    private final Entry[] covered;
    private final long base;
    private final int leaderEpoch;
    private final String metadata;
    private final int mapBytes;
    private final boolean mapFull;
    private final boolean more;

    /**
     * What a commit may hold.
     *
     * @param mapBytes bytes of a map, before base64; 0: no map, only what lies before the first
     *     unfinished entry is committed
     * @param outputBytes bytes of outputs, about; a single entry may have more
     * @param topicIdHash hash of the topic's id; 0 when unknown
     * @param nowMillis the time of day
     */
    record Limits(int mapBytes, long outputBytes, int topicIdHash, long nowMillis) {}

    private Snapshot(
            PartitionTracker tracker, Entry[] covered, Draft draft, boolean mapFull, boolean more) {
        this.tracker = tracker;
        this.covered = covered;
        this.base = draft.base;
        this.leaderEpoch = draft.leaderEpoch;
        this.metadata = draft.metadata;
        this.mapBytes = draft.mapBytes;
        this.mapFull = mapFull;
        this.more = more;
    }

    /** Takes all that is staged, or the first part of it in offset order that keeps the limits. */
    static Snapshot of(PartitionTracker tracker, Limits limits) {
        Entry[] covered = candidates(tracker, limits);
        boolean more = more(tracker, covered, limits);
        Draft draft = new Draft(tracker, limits);
        if (draft.fits(last(covered, covered.length))) {
            return new Snapshot(tracker, covered, draft, false, more);
        }
        int most = longestPrefix(draft, covered);
        boolean _ = draft.fits(last(covered, most));
        return new Snapshot(tracker, Arrays.copyOf(covered, most), draft, true, more);
    }

    PartitionTracker tracker() {
        return tracker;
    }

    /** The staged entries it counts as finished, in offset order; must not be changed. */
    @SuppressWarnings("EI_EXPOSE_REP") // tens of thousands at a time: not copied
    Entry[] covered() {
        return covered;
    }

    /** The committed offset: the first that is not finished. */
    long base() {
        return base;
    }

    /** The metadata of the commit. */
    String metadata() {
        return metadata;
    }

    /** Bytes of its map. */
    int mapBytes() {
        return mapBytes;
    }

    /** Whether staged entries were left out because the map would have become too long. */
    boolean mapFull() {
        return mapFull;
    }

    /** Whether staged entries were left out because their outputs are too many for one commit. */
    boolean more() {
        return more;
    }

    /** Bytes of the outputs of the entries it covers. */
    long outputBytes() {
        long sum = 0;
        for (Entry entry : covered) {
            sum += entry.outputBytes;
        }
        return sum;
    }

    /** What is written to the broker. */
    OffsetAndMetadata toCommit() {
        return new OffsetAndMetadata(
                base, leaderEpoch < 0 ? Optional.empty() : Optional.of(leaderEpoch), metadata);
    }

    private static Entry[] candidates(PartitionTracker tracker, Limits limits) {
        int staged = tracker.staged();
        if (staged == 0) {
            return NO_ENTRIES;
        }
        Entry[] covered = new Entry[staged];
        int size = 0;
        long bytes = 0;
        for (Entry entry = tracker.first(); entry != null && size < staged; entry = entry.next) {
            if (entry.state == EntryState.STAGED) {
                bytes += entry.outputBytes;
                if (size > 0 && bytes > limits.outputBytes()) {
                    break;
                }
                covered[size++] = entry;
            } else if (limits.mapBytes() == 0) {
                break;
            }
        }
        return size == staged ? covered : Arrays.copyOf(covered, size);
    }

    /** Whether nothing but the weight of the outputs left entries out. */
    private static boolean more(PartitionTracker tracker, Entry[] covered, Limits limits) {
        if (covered.length == tracker.staged() || covered.length == 0) {
            return false;
        }
        Entry after = covered[covered.length - 1].next;
        return limits.mapBytes() > 0 || (after != null && after.state == EntryState.STAGED);
    }

    /** Length grows with the prefix, save at its very beginning, which moves the base. */
    private static int longestPrefix(Draft draft, Entry[] covered) {
        int fits = 0;
        int tooMany = covered.length;
        while (fits + 1 < tooMany) {
            int half = (fits + tooMany) >>> 1;
            if (draft.fits(last(covered, half))) {
                fits = half;
            } else {
                tooMany = half;
            }
        }
        int head = draft.head(covered);
        return fits >= head || !draft.fits(last(covered, head)) ? fits : head;
    }

    private static long last(Entry[] covered, int size) {
        return size == 0 ? -1 : covered[size - 1].sequence;
    }

    /** The commit that covers what is staged up to some sequence. */
    private static final class Draft {

        private final PartitionTracker tracker;
        private final Limits limits;
        private long base;
        private int leaderEpoch;
        private String metadata = "";
        private int mapBytes;

        Draft(PartitionTracker tracker, Limits limits) {
            this.tracker = tracker;
            this.limits = limits;
        }

        /** Drafts it; returns false when its map would be too long. */
        boolean fits(long last) {
            Entry head = unfinished(tracker.first(), last);
            base = head == null ? tracker.end() : head.offset;
            leaderEpoch = head == null ? tracker.positionEpoch() : head.baseEpoch;
            metadata = "";
            mapBytes = 0;
            if (limits.mapBytes() == 0) {
                return true;
            }
            long since = tracker.since(head, limits.nowMillis());
            OffsetMap.Writer map =
                    new OffsetMap.Writer(limits.topicIdHash(), base, since, limits.mapBytes());
            if (head == null) {
                inherited(map, base, base, base);
            } else {
                polled(map, head, last);
            }
            mapBytes = map.bytes();
            if (map.full()) {
                return false;
            }
            metadata = map.text();
            return true;
        }

        /** The runs between unfinished entries, and what lies behind the last one. */
        private void polled(OffsetMap.Writer map, Entry head, long last) {
            long from = head.offset;
            Entry behind = head;
            Entry entry = unfinished(head.next, last);
            while (entry != null && !map.full()) {
                if (entry.sequence > behind.sequence + 1) {
                    boolean _ = map.run(behind.offset + 1 - from, entry.offset - behind.offset - 1);
                    from = entry.offset;
                }
                behind = entry;
                entry = unfinished(entry.next, last);
            }
            long position = tracker.position();
            boolean nothingBehind = behind.sequence + 1 == tracker.nextSequence();
            inherited(map, from, nothingBehind ? position : behind.offset + 1, position);
        }

        /**
         * What a former owner finished and this one has not polled yet.
         *
         * @param from where the present unfinished run began
         * @param finished where a finished run behind it begins
         * @param until where that ends, as far as polled; may be empty
         */
        private void inherited(OffsetMap.Writer map, long from, long finished, long until) {
            long unfinishedFrom = from;
            long start = finished;
            long end = until;
            OffsetMap former = tracker.inherited();
            for (int run = tracker.inheritedRun(); former != null && run < former.runs(); run++) {
                if (former.end(run) > end) {
                    if (former.start(run) > end) {
                        if (end > start) {
                            boolean _ = map.run(start - unfinishedFrom, end - start);
                            unfinishedFrom = end;
                        }
                        start = former.start(run);
                    }
                    end = former.end(run);
                }
            }
            if (end > start) {
                boolean _ = map.run(start - unfinishedFrom, end - start);
            }
        }

        /** How many entries before the first unfinished one are covered. */
        private int head(Entry[] covered) {
            int head = 0;
            Entry entry = tracker.first();
            while (entry != null && head < covered.length && entry == covered[head]) {
                head++;
                entry = entry.next;
            }
            return head;
        }

        /** The first unfinished entry from this one on. */
        private static @Nullable Entry unfinished(@Nullable Entry from, long last) {
            Entry entry = from;
            while (entry != null && entry.state == EntryState.STAGED && entry.sequence <= last) {
                entry = entry.next;
            }
            return entry;
        }
    }
}
