package dev.thac.kafka;

import dev.thac.event.Delivery;

import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What became of every polled record of one partition during one assignment, and what may be
 * committed. A fresh tracker is made for every assignment; entries know theirs, so that completions
 * of an earlier assignment are recognised and ignored. Used by the lane thread only, save {@link
 * #recovered()}.
 *
 * <p>The entries that are not done stand in a list by offset, numbered in the order they were
 * polled; those that are done leave it at once, wherever they stand, and what lies between two
 * neighbours whose numbers do not follow each other is finished. So neither a slow event nor the
 * gaps left by compaction and transaction markers cost anything, and a commit looks at no more
 * entries than are under way.
 */
final class PartitionTracker {

    private static final long UNKNOWN = -1;

    private final TopicPartition partition;
    private final @Nullable Turns turns;

    /** What was polled and not let in yet. */
    private final ArrayDeque<Polled> waiting = new ArrayDeque<>();

    private @Nullable Entry first;
    private @Nullable Entry last;
    private long nextSequence;
    private int open;
    private int staged;
    private int held;
    private long heldBytes;
    private long position = UNKNOWN;
    private int positionEpoch = -1;
    private long committed = UNKNOWN;
    private Resumption resumption = Resumption.NOTHING;
    private int inheritedRun;
    private long nowMillis;
    private int mapBytes;
    private boolean mapFull;
    private boolean stuck;
    private boolean live = true;
    private boolean placed = true;
    private volatile boolean recovered = true;

    PartitionTracker(TopicPartition partition, Order order) {
        this.partition = partition;
        this.turns = order == Order.NONE ? null : new Turns(order);
    }

    TopicPartition partition() {
        return partition;
    }

    /** Whether the assignment still stands. */
    boolean live() {
        return live;
    }

    /** The assignment ended: nothing of it may be committed any more. */
    void close() {
        live = false;
        waiting.clear();
        Entry entry = first;
        while (entry != null) {
            Entry after = entry.next;
            if (entry.state != EntryState.OPEN) {
                leave(entry);
            }
            entry = after;
        }
    }

    /** Nothing may be let in until {@link #resume} and then {@link #recovered()} were called. */
    void hold() {
        placed = false;
        recovered = false;
    }

    /** It is known where the partition goes on. */
    void resume(Resumption from) {
        placed = true;
        resumption = from;
        position = from.offset();
        positionEpoch = from.leaderEpoch();
        committed = from.committed() ? from.offset() : UNKNOWN;
    }

    /** Any thread: what has to be known before events are judged is known. */
    void recovered() {
        recovered = true;
    }

    /** Whether it is known where the partition goes on. */
    boolean placed() {
        return placed;
    }

    /**
     * Whether records may be let in. Where the group has no commit, one comes first: the next owner
     * must be able to tell since when events of the partition may have been judged.
     */
    boolean ready() {
        return placed && recovered && committed != UNKNOWN;
    }

    /** What was polled and not let in yet, in order. */
    ArrayDeque<Polled> waiting() {
        return waiting;
    }

    /** The time of day, for entries added from now on. */
    void now(long millis) {
        nowMillis = millis;
    }

    /**
     * A polled record comes under way.
     *
     * @param delivery the record
     * @param offset its offset in this partition
     * @param leaderEpoch of its batch; -1 when unknown
     * @return its entry, neither open nor settled
     * @throws IllegalStateException when the offset does not follow the one before
     */
    Entry add(Delivery delivery, long offset, int leaderEpoch) {
        requireNew(offset);
        int baseEpoch = positionEpoch < 0 ? leaderEpoch : positionEpoch;
        long seen =
                offset < resumption.seenEnd() ? Math.min(nowMillis, resumption.since()) : nowMillis;
        Entry entry = new Entry(this, nextSequence++, offset, baseEpoch, seen, delivery);
        Entry before = last;
        entry.previous = before;
        if (before == null) {
            first = entry;
        } else {
            before.next = entry;
        }
        last = entry;
        held++;
        heldBytes += entry.bytes;
        if (turns != null) {
            turns.join(entry);
        }
        polledTo(offset + 1, leaderEpoch);
        return entry;
    }

    /**
     * Passes a polled record over if a former assignment finished it.
     *
     * @return whether it did
     */
    boolean skip(long offset, int leaderEpoch) {
        OffsetMap former = resumption.map();
        if (former == null) {
            return false;
        }
        while (inheritedRun < former.runs() && former.end(inheritedRun) <= offset) {
            inheritedRun++;
        }
        if (inheritedRun == former.runs() || offset < former.start(inheritedRun)) {
            return false;
        }
        requireNew(offset);
        nextSequence++;
        polledTo(offset + 1, leaderEpoch);
        return true;
    }

    /** The entry is being judged from now on. */
    void open(Entry entry) {
        entry.state = EntryState.OPEN;
        open++;
    }

    /**
     * The entry has its outcome, which takes that many bytes more.
     *
     * @return whether it is its turn
     */
    boolean settled(Entry entry, int outputBytes) {
        if (entry.state == EntryState.OPEN) {
            open--;
        }
        entry.state = EntryState.SETTLED;
        entry.outputBytes = outputBytes;
        entry.bytes += outputBytes;
        heldBytes += outputBytes;
        return !entry.blocked;
    }

    /** The outcome of a settled entry was replaced by another. */
    void replaced(Entry entry, int outputBytes) {
        int growth = outputBytes - entry.outputBytes;
        entry.outputBytes = outputBytes;
        entry.bytes += growth;
        heldBytes += growth;
    }

    /**
     * The next commit may cover the entry.
     *
     * @return an entry whose turn it is now and that has waited for it; {@code null} if none has
     */
    @Nullable Entry stage(Entry entry) {
        entry.state = EntryState.STAGED;
        staged++;
        stuck = false;
        if (turns == null) {
            return null;
        }
        Entry following = turns.gone(entry);
        return following != null && following.state == EntryState.SETTLED ? following : null;
    }

    /** Every record below this offset was polled, and added or passed over. */
    void polledTo(long offset, int leaderEpoch) {
        position = offset;
        positionEpoch = leaderEpoch;
    }

    /** The first offset not polled; -1 before the first poll. */
    long position() {
        return position;
    }

    /** Leader epoch of the last record polled; -1 when unknown. */
    int positionEpoch() {
        return positionEpoch;
    }

    /** The first offset that is not finished when no entry is left. */
    long end() {
        OffsetMap former = resumption.map();
        long end = position;
        for (int run = inheritedRun; former != null && run < former.runs(); run++) {
            if (former.start(run) <= end) {
                end = Math.max(end, former.end(run));
            }
        }
        return end;
    }

    /** What a former assignment finished beyond its commit. */
    @Nullable OffsetMap inherited() {
        return resumption.map();
    }

    /** The first of its runs that has not been passed. */
    int inheritedRun() {
        return inheritedRun;
    }

    /**
     * No event that is unfinished was read before that time.
     *
     * @param oldest the first unfinished entry, if there is one
     * @param now the time of day
     */
    long since(@Nullable Entry oldest, long now) {
        long since = oldest == null ? now : oldest.seen;
        return position < resumption.seenEnd() ? Math.min(since, resumption.since()) : since;
    }

    /** Whether a commit would tell the group something new. */
    boolean dirty() {
        if (staged > 0) {
            return !stuck;
        }
        if (position == UNKNOWN) {
            return false;
        }
        return committed == UNKNOWN || (first == null && end() != committed);
    }

    /** A snapshot was taken of this tracker. */
    void taken(Snapshot snapshot) {
        mapBytes = snapshot.mapBytes();
        mapFull = snapshot.mapFull();
        stuck = snapshot.covered().length == 0;
    }

    /** Whether staged entries wait because the map would become too long. */
    boolean mapFull() {
        return mapFull;
    }

    /** Length of the newest map. */
    int mapBytes() {
        return mapBytes;
    }

    /**
     * The broker has this commit: what it covers is done.
     *
     * @param snapshot what was committed
     * @param released called with every entry that leaves, in offset order
     */
    void committed(Snapshot snapshot, Consumer<Entry> released) {
        committed = Math.max(committed, snapshot.base());
        for (Entry entry : snapshot.covered()) {
            if (entry.state == EntryState.STAGED) {
                leave(entry);
                released.accept(entry);
            }
        }
    }

    /** An answer came for an entry of an assignment that has ended. */
    void late(Entry entry) {
        if (entry.state == EntryState.OPEN) {
            leave(entry);
        }
    }

    /** Calls {@code action} with every entry that is not done, in offset order. */
    void forEach(Consumer<Entry> action) {
        for (Entry entry = first; entry != null; entry = entry.next) {
            action.accept(entry);
        }
    }

    /** The entry with the smallest offset that is not done. */
    @Nullable Entry first() {
        return first;
    }

    /** The entry with the smallest offset that is not done. */
    Optional<Entry> oldest() {
        return Optional.ofNullable(first);
    }

    /** Number of the next record that is polled. */
    long nextSequence() {
        return nextSequence;
    }

    /** Records polled since the oldest entry that is not done, that one included. */
    long window() {
        return first == null ? 0 : nextSequence - first.sequence;
    }

    /** Whether the window or the map is nearly full, and nearly all in it is done. */
    boolean heldUpByHead(int maxMapBytes) {
        long window = window();
        boolean nearlyFull =
                mapFull
                        || window > LaneSettings.MAX_WINDOW / 10 * 9
                        || (maxMapBytes > 0 && mapBytes > maxMapBytes / 10 * 9);
        return nearlyFull && (window - held) * 100 > window * 98;
    }

    /** Entries being judged. */
    int open() {
        return open;
    }

    /** Entries the next commit may cover. */
    int staged() {
        return staged;
    }

    /** Entries not yet done. */
    int held() {
        return held;
    }

    /** Bytes of the entries not yet done, inputs and outputs. */
    long heldBytes() {
        return heldBytes;
    }

    /**
     * Counts everything afresh.
     *
     * @throws IllegalStateException when a counter or the order of the entries is wrong, which is a
     *     defect
     */
    void verify() {
        int opens = 0;
        int stagedNow = 0;
        int count = 0;
        long bytes = 0;
        Entry before = null;
        for (Entry entry = first; entry != null; entry = entry.next) {
            opens += entry.state == EntryState.OPEN ? 1 : 0;
            stagedNow += entry.state == EntryState.STAGED ? 1 : 0;
            bytes += entry.bytes;
            count++;
            boolean ordered =
                    before == null
                            || (before.offset < entry.offset && before.sequence < entry.sequence);
            require(ordered && entry.previous == before, "entries out of order", entry.offset);
            require(entry.state != EntryState.DONE, "a finished entry is held", entry.offset);
            before = entry;
        }
        require(before == last, "the last entry is not the last", position);
        require(opens == open, "open events", opens - open);
        require(stagedNow == staged, "staged events", stagedNow - staged);
        require(count == held, "held events", count - held);
        require(bytes == heldBytes, "held bytes", bytes - heldBytes);
        require(first == null || first.offset >= committed, "committed beyond", committed);
    }

    private void require(boolean holds, String what, long figure) {
        if (!holds) {
            throw new IllegalStateException(
                    "the books of " + partition + " are wrong: " + what + " (" + figure + ")");
        }
    }

    private void requireNew(long offset) {
        if (offset < position) {
            throw new IllegalStateException(
                    "read "
                            + partition
                            + "@"
                            + offset
                            + " after @"
                            + position
                            + ": the topic was cut or created anew");
        }
    }

    private void leave(Entry entry) {
        if (entry.state == EntryState.OPEN) {
            open--;
        } else if (entry.state == EntryState.STAGED) {
            staged--;
        }
        entry.state = EntryState.DONE;
        held--;
        heldBytes -= entry.bytes;
        Entry before = entry.previous;
        Entry after = entry.next;
        if (before == null) {
            first = after;
        } else {
            before.next = after;
        }
        if (after == null) {
            last = before;
        } else {
            after.previous = before;
        }
        entry.previous = null;
        entry.next = null;
    }
}
