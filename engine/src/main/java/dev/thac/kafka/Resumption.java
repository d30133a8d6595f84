package dev.thac.kafka;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Optional;

/**
 * Where a partition goes on that was just assigned.
 *
 * @param offset the first offset to read; -1 when unknown
 * @param leaderEpoch the leader epoch committed with it; -1 when unknown
 * @param committed whether the group has committed that offset
 * @param map what is finished beyond it; {@code null} when nothing is
 * @param since no unfinished event was read before that time, milliseconds since the epoch; 0 when
 *     unknown
 * @param seenEnd no event at or beyond this offset was read before
 */
record Resumption(
        long offset,
        int leaderEpoch,
        boolean committed,
        @Nullable OffsetMap map,
        long since,
        long seenEnd) {

    /** Nothing is known, and nothing was read before. */
    static final Resumption NOTHING = new Resumption(-1, -1, false, null, 0, 0);

    /** Without a commit, at this offset. */
    static Resumption at(long offset) {
        return new Resumption(offset, -1, false, null, 0, 0);
    }

    /** The same in a partition that holds the records of {@code [first, end)}. */
    Resumption within(long first, long end) {
        return offset < first
                ? new Resumption(first, -1, false, map, since, end)
                : new Resumption(offset, leaderEpoch, committed, map, since, end);
    }

    /** How many unfinished offsets lie between its own and another one. */
    long unfinishedBelow(long end) {
        return map == null ? Math.max(0, end - offset) : map.unfinishedBelow(end);
    }

    /** Where the consumer is to be placed. */
    OffsetAndMetadata position() {
        return new OffsetAndMetadata(
                offset, leaderEpoch < 0 ? Optional.empty() : Optional.of(leaderEpoch), "");
    }

    /** What is to be learnt before events of the partition are judged. */
    Recovery.Unfinished unfinished(String topic, int partition) {
        OffsetMap known = map;
        return new Recovery.Unfinished(
                topic,
                partition,
                seenEnd == 0 ? -1 : offset,
                known == null ? anyOffset -> false : known::finished,
                known == null ? Instant.EPOCH : Instant.ofEpochMilli(since));
    }
}
