package dev.thac.kafka;

import dev.thac.event.ErrorCode;
import dev.thac.event.SinkRecord;
import dev.thac.event.ThacException;
import dev.thac.resilience.Failpoint;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Outputs and offsets in one short transaction. Outcomes are staged in their trackers; a
 * transaction writes all that are staged, and the offsets and maps that count exactly them as
 * finished. The lane goes on reading while the records are acknowledged; calls in flight are in no
 * transaction. An aborted transaction loses nothing: its outcomes are still staged.
 *
 * <p>A commit whose reply did not come in time is asked for again, turn by turn, and never aborted:
 * the broker may have done it already. When the patience ends so does the lane, and the next one
 * learns the outcome from the group's offsets and maps.
 */
final class ExactlyOnce implements Emission {

    /**
     * Commits take at most about one part in that many of a busy lane's time; a lane with little to
     * do commits more often, for the sake of those who wait for its outputs.
     */
    private static final int BUSY_DUTY = 8;

    private static final int IDLE_DUTY = 3;
    private static final int EVENTS_PER_DUTY = 1_250;

    /**
     * Bytes of outputs in one transaction, about; readers of committed records wait for its end.
     */
    private static final long MAX_BYTES = 16 << 20;

    private static final long MIN_INTERVAL = Duration.ofMillis(10).toNanos();
    private static final long MAX_INTERVAL = Duration.ofMillis(200).toNanos();
    private static final long COMMIT_PATIENCE = Duration.ofMinutes(2).toNanos();
    private static final long ASK_AGAIN = Duration.ofMillis(100).toNanos();
    private static final long FIRST_BACKOFF = Duration.ofMillis(100).toNanos();
    private static final long MAX_BACKOFF = Duration.ofSeconds(5).toNanos();

    private final LaneParts parts;
    private final String transactionalId;
    private @Nullable Transaction current;
    private boolean worthCommitting;
    private int turn;
    private long interval = MIN_INTERVAL;
    private long lastEnd;
    private long backoff;

    /** Records sent and not yet committed. */
    private static final class Transaction {
        private final CommitSet set;
        private final Flight flight;

        /** How far it has come. */
        private boolean ending;

        private boolean offsetsSent;
        private boolean commitAsked;

        /** When it began to end, and when to ask the broker again. */
        private long endingSince;

        private long nextAttempt;

        Transaction(CommitSet set, Flight flight) {
            this.set = set;
            this.flight = flight;
        }

        /** Whether there is something to do. */
        boolean due(long now) {
            return ending ? now >= nextAttempt : flight.done();
        }
    }

    ExactlyOnce(LaneParts parts, String transactionalId) {
        this.parts = parts;
        this.transactionalId = transactionalId;
        this.lastEnd = parts.ticker().nanos();
    }

    @Override
    public void settled(Entry entry) {
        for (Entry each = entry; each != null; each = each.tracker.stage(each)) {
            Failpoint.AFTER_STAGE.reached();
        }
        worthCommitting = true;
    }

    @Override
    public void advance(long now, boolean crowded) {
        Transaction open = current;
        if (open != null) {
            if (open.due(now)) {
                end(open);
            }
        } else if (now - lastEnd >= Math.max(crowded ? 0 : interval, backoff)) {
            begin(now);
        }
    }

    @Override
    public long idleNanos(long now) {
        Transaction open = current;
        if (open != null) {
            if (open.ending) {
                return Math.max(0, open.nextAttempt - now);
            }
            return open.flight.done() ? 0 : Long.MAX_VALUE;
        }
        long due = Math.max(0, lastEnd + Math.max(interval, backoff) - now);
        return worthCommitting ? due : Math.max(MAX_INTERVAL, due);
    }

    @Override
    public boolean commitAll(long deadline) {
        long now = parts.ticker().nanos();
        while (now < deadline) {
            Transaction open = current;
            if (open == null && now - lastEnd >= backoff) {
                if (!begin(now)) {
                    return true;
                }
            } else if (open != null && open.due(now)) {
                end(open);
            } else {
                parts.ticker().park(100_000);
            }
            now = parts.ticker().nanos();
        }
        Transaction late = current;
        if (late != null && !late.ending) {
            abort(late, new TimeoutException("records were not acknowledged in time"));
        }
        return current == null && CommitSet.of(parts, Long.MAX_VALUE, 0).isEmpty();
    }

    @Override
    public void lost() {
        Transaction open = current;
        if (open != null && !open.ending && !open.set.live()) {
            abort(open, new KafkaException("partitions were taken away"));
        }
    }

    /** Returns whether there was something to write or to commit. */
    private boolean begin(long now) {
        worthCommitting = false;
        CommitSet set = CommitSet.of(parts, MAX_BYTES, turn++);
        if (set.isEmpty()) {
            lastEnd = now;
            return false;
        }
        Flight flight = new Flight(parts.inbox()::wake);
        try {
            parts.producer().beginTransaction();
        } catch (KafkaException e) {
            throw fatal(e);
        }
        current = new Transaction(set, flight);
        set.forEach(entry -> send(entry, flight));
        flight.closed();
        return true;
    }

    private void send(Entry entry, Flight flight) {
        entry.refusal = null;
        entry.flight = flight;
        for (SinkRecord record : Records.of(entry.settled())) {
            flight.expect(1);
            try {
                parts.outgoing().send(record, entry);
            } catch (KafkaException e) {
                // The transaction is lost already; what the other records were refused for says
                // why.
                flight.unsent();
            }
        }
    }

    private void end(Transaction open) {
        if (open.flight.failed()) {
            abort(open, refusal(open));
            return;
        }
        if (!open.commitAsked && !open.set.live()) {
            abort(open, new KafkaException("partitions were taken away"));
            return;
        }
        long start = parts.ticker().nanos();
        if (!open.ending) {
            Failpoint.AFTER_SEND.reached();
            open.ending = true;
            open.endingSince = start;
        }
        try {
            commit(open);
        } catch (TimeoutException e) {
            unanswered(open, e);
            return;
        } catch (KafkaException e) {
            abort(open, e);
            return;
        }
        Failpoint.AFTER_COMMIT.reached();
        current = null;
        lastEnd = parts.ticker().nanos();
        backoff = 0;
        int duty = Math.clamp(open.set.size() / EVENTS_PER_DUTY, IDLE_DUTY, BUSY_DUTY);
        interval =
                open.set.more()
                        ? 0
                        : Math.clamp((lastEnd - start) * duty, MIN_INTERVAL, MAX_INTERVAL);
        worthCommitting |= open.set.more();
        open.set.confirm(parts.listener());
    }

    private void commit(Transaction open) {
        if (!open.offsetsSent) {
            parts.producer()
                    .sendOffsetsToTransaction(open.set.offsets(), parts.consumer().groupMetadata());
            open.offsetsSent = true;
            Failpoint.AFTER_OFFSETS.reached();
        }
        open.commitAsked = true;
        parts.producer().commitTransaction();
    }

    /** The broker has not said what became of it: neither forget nor abort it, ask again. */
    private void unanswered(Transaction open, TimeoutException cause) {
        long now = parts.ticker().nanos();
        open.nextAttempt = now + ASK_AGAIN;
        parts.listener().trouble("no reply to a commit yet; asking again", cause);
        if (now - open.endingSince > COMMIT_PATIENCE) {
            throw new ThacException(
                    ErrorCode.KAFKA_UNAVAILABLE,
                    "no reply to the commit of transaction "
                            + transactionalId
                            + ": its outcome will be known when the lane starts again",
                    cause);
        }
    }

    /** Gives a transaction up; its outcomes stay staged, those refused for good as dead letters. */
    private void abort(Transaction open, Exception reason) {
        current = null;
        try {
            abortTransaction();
        } catch (KafkaException | IllegalStateException e) {
            if (!e.equals(reason)) {
                e.addSuppressed(reason);
            }
            throw fatal(e);
        }
        Entry culprit = open.flight.culprit();
        boolean diverted = culprit != null && parts.rejections().divert(culprit);
        worthCommitting = true;
        lastEnd = parts.ticker().nanos();
        backoff = diverted ? 0 : Math.clamp(backoff * 2, FIRST_BACKOFF, MAX_BACKOFF);
        parts.listener().commit(false);
        if (!diverted) {
            parts.listener().trouble("transaction given up, to be tried again", reason);
        }
    }

    /** An abort without a reply is asked for once more. */
    private void abortTransaction() {
        try {
            parts.producer().abortTransaction();
        } catch (TimeoutException _) {
            parts.producer().abortTransaction();
        }
    }

    private static Exception refusal(Transaction open) {
        AtomicReference<@Nullable Exception> first = new AtomicReference<>();
        open.set.forEach(entry -> first.compareAndSet(null, entry.refusal));
        Exception refusal = first.get();
        return refusal == null
                ? new KafkaException("a record was not taken by the producer")
                : refusal;
    }

    private ThacException fatal(RuntimeException cause) {
        String what = cause.getClass().getSimpleName() + ": " + cause.getMessage();
        if (Fencing.caused(cause)) {
            return new ThacException(
                    ErrorCode.INSTANCE_FENCED,
                    "the transactional id "
                            + transactionalId
                            + " was taken over ("
                            + what
                            + "). If another process runs with the same instance name, give each"
                            + " its own",
                    cause);
        }
        return new ThacException(
                ErrorCode.KAFKA_UNAVAILABLE,
                "the transactional producer " + transactionalId + " cannot go on (" + what + ")",
                cause);
    }
}
