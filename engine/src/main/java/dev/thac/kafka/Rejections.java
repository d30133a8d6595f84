package dev.thac.kafka;

import dev.thac.event.ErrorCode;
import dev.thac.event.Failure;
import dev.thac.event.Header;
import dev.thac.event.Outcome;
import dev.thac.event.SinkRecord;

import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.UnsupportedForMessageFormatException;

import java.util.ArrayList;
import java.util.List;

/**
 * What becomes of an outcome whose record the broker refuses for good: a dead letter, and where
 * that is refused too, a dead letter without the value (which stays at the source). Trying again
 * would hold the partition up for ever.
 */
final class Rejections {

    private static final Header TRUNCATED = Header.text("thac.truncated", "true");

    private final Lane.Flow flow;

    Rejections(Lane.Flow flow) {
        this.flow = flow;
    }

    /** Whether no attempt with the same record can succeed. */
    static boolean permanent(Exception refusal) {
        return refusal instanceof RecordTooLargeException
                || refusal instanceof InvalidRecordException
                || refusal instanceof InvalidTimestampException
                || refusal instanceof InvalidTopicException
                || refusal instanceof SerializationException
                || refusal instanceof UnsupportedForMessageFormatException
                || refusal instanceof CorruptRecordException;
    }

    /**
     * Replaces the outcome of an entry whose record was refused for good.
     *
     * @param entry the entry; its refusal is cleared
     * @return false when even the shortest dead letter was refused: then it is the environment
     */
    boolean divert(Entry entry) {
        Exception refusal = entry.refusal;
        if (refusal == null || !permanent(refusal) || entry.rejections >= 2) {
            return false;
        }
        entry.rejections++;
        entry.refusal = null;
        Outcome outcome = entry.settled();
        Outcome other =
                entry.rejections == 2 && outcome instanceof Outcome.DeadLettered dead
                        ? withoutValue(dead)
                        : flow.rejected(entry.delivery, outcome, failure(refusal));
        entry.outcome = other;
        if (entry.state != EntryState.DONE) {
            entry.tracker.replaced(entry, Records.bytes(other));
        }
        return true;
    }

    private static Failure failure(Exception refusal) {
        return new Failure(
                ErrorCode.OUTPUT_REJECTED,
                "emit",
                refusal.getClass().getSimpleName() + ": " + refusal.getMessage());
    }

    private static Outcome withoutValue(Outcome.DeadLettered dead) {
        SinkRecord whole = dead.record();
        List<Header> headers = new ArrayList<>(whole.headers());
        headers.add(TRUNCATED);
        return new Outcome.DeadLettered(
                dead.failure(),
                new SinkRecord(
                        whole.topic(), whole.partition(), whole.timestamp(), null, null, headers),
                dead.trail());
    }
}
