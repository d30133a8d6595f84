package dev.thac.kafka;

import dev.thac.event.ErrorCode;
import dev.thac.event.SinkRecord;
import dev.thac.event.ThacException;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * Outputs and offsets in one short transaction. Outcomes stay staged in their trackers until all
 * before them in their partition are settled; then a transaction writes them and the offsets that
 * cover exactly them. The lane goes on reading while the records are acknowledged; calls in flight
 * are in no transaction. An aborted transaction loses nothing: its outcomes are still staged.
 *
 * <p>A commit whose reply did not come in time is asked for again and never aborted: the broker may
 * have done it already.
 */
final class ExactlyOnce implements Emission {

    /**
     * Commits take at most about one part in that many of a busy lane's time; a lane with little to
     * do commits more often, for the sake of those who wait for its outputs.
     */
    private static final int BUSY_DUTY = 8;

    private static final int IDLE_DUTY = 3;
    private static final int EVENTS_PER_DUTY = 1_250;

    private static final long MIN_INTERVAL = Duration.ofMillis(10).toNanos();
    private static final long MAX_INTERVAL = Duration.ofMillis(200).toNanos();
    private static final long COMMIT_PATIENCE = Duration.ofMinutes(2).toNanos();
    private static final long FIRST_BACKOFF = Duration.ofMillis(100).toNanos();
    private static final long MAX_BACKOFF = Duration.ofSeconds(5).toNanos();

    private final LaneParts parts;
    private final String transactionalId;
    private @Nullable Transaction current;
    private boolean worthCommitting;
    private long interval = MIN_INTERVAL;
    private long lastEnd;
    private long backoff;

    /** Records sent and not yet committed. */
    private record Transaction(CommitSet set, Flight flight) {}

    ExactlyOnce(LaneParts parts, String transactionalId) {
        this.parts = parts;
        this.transactionalId = transactionalId;
        this.lastEnd = parts.ticker().nanos();
    }

    @Override
    public void settled(Entry entry) {
        worthCommitting |= entry.tracker.finish(entry) > 0;
    }

    @Override
    public void advance(long now, boolean crowded) {
        Transaction open = current;
        if (open != null) {
            if (open.flight().done()) {
                finish(open);
            }
        } else if (now - lastEnd >= Math.max(crowded ? 0 : interval, backoff)) {
            begin(now);
        }
    }

    @Override
    public long idleNanos(long now) {
        Transaction open = current;
        if (open != null) {
            return open.flight().done() ? 0 : Long.MAX_VALUE;
        }
        long due = Math.max(0, lastEnd + Math.max(interval, backoff) - now);
        return worthCommitting ? due : Math.max(MAX_INTERVAL, due);
    }

    @Override
    public boolean commitAll(long deadline) {
        while (parts.ticker().nanos() < deadline) {
            Transaction open = current;
            if (open == null) {
                if (CommitSet.of(parts.assignment()).isEmpty()) {
                    return true;
                }
                begin(parts.ticker().nanos());
            } else if (open.flight().done()) {
                finish(open);
            } else {
                parts.ticker().park(100_000);
            }
        }
        Transaction late = current;
        if (late != null) {
            abort(late, new TimeoutException("records were not acknowledged in time"));
        }
        return CommitSet.of(parts.assignment()).isEmpty();
    }

    @Override
    public void lost() {
        Transaction open = current;
        if (open != null && !open.set().live()) {
            abort(open, new KafkaException("partitions were taken away"));
        }
    }

    private void begin(long now) {
        worthCommitting = false;
        CommitSet set = CommitSet.of(parts.assignment());
        if (set.isEmpty()) {
            lastEnd = now;
            return;
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
    }

    private void send(Entry entry, Flight flight) {
        entry.refusal = null;
        entry.flight = flight;
        flight.entries.add(entry);
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

    private void finish(Transaction open) {
        if (open.flight().failed()) {
            abort(open, refusal(open.flight()));
            return;
        }
        if (!open.set().live()) {
            abort(open, new KafkaException("partitions were taken away"));
            return;
        }
        long start = parts.ticker().nanos();
        try {
            parts.producer()
                    .sendOffsetsToTransaction(
                            open.set().offsets(), parts.consumer().groupMetadata());
            commit(start + COMMIT_PATIENCE);
        } catch (KafkaException e) {
            abort(open, e);
            return;
        }
        current = null;
        lastEnd = parts.ticker().nanos();
        backoff = 0;
        int duty = Math.clamp(open.flight().entries.size() / EVENTS_PER_DUTY, IDLE_DUTY, BUSY_DUTY);
        interval = Math.clamp((lastEnd - start) * duty, MIN_INTERVAL, MAX_INTERVAL);
        open.set().confirm(parts.listener());
    }

    private void commit(long deadline) {
        while (true) {
            try {
                parts.producer().commitTransaction();
                return;
            } catch (TimeoutException e) {
                parts.listener().trouble("no reply to a commit yet; asking again", e);
                if (parts.ticker().nanos() > deadline) {
                    throw new ThacException(
                            ErrorCode.KAFKA_UNAVAILABLE,
                            "no reply to the commit of transaction "
                                    + transactionalId
                                    + ": its outcome will be known when the lane starts again",
                            e);
                }
            }
        }
    }

    /** Gives a transaction up; its outcomes stay staged, those refused for good as dead letters. */
    private void abort(Transaction open, Exception reason) {
        current = null;
        try {
            parts.producer().abortTransaction();
        } catch (TimeoutException e) {
            parts.producer().abortTransaction();
        } catch (KafkaException | IllegalStateException e) {
            e.addSuppressed(reason);
            throw fatal(e);
        }
        Entry culprit = open.flight().culprit();
        boolean diverted = culprit != null && parts.rejections().divert(culprit);
        worthCommitting = true;
        lastEnd = parts.ticker().nanos();
        backoff = diverted ? 0 : Math.clamp(backoff * 2, FIRST_BACKOFF, MAX_BACKOFF);
        parts.listener().commit(false);
        if (!diverted) {
            parts.listener().trouble("transaction given up, to be tried again", reason);
        }
    }

    private static Exception refusal(Flight flight) {
        for (Entry entry : flight.entries) {
            Exception refusal = entry.refusal;
            if (refusal != null) {
                return refusal;
            }
        }
        return new KafkaException("a record was not taken by the producer");
    }

    private ThacException fatal(RuntimeException cause) {
        return new ThacException(
                ErrorCode.KAFKA_UNAVAILABLE,
                "the transactional producer "
                        + transactionalId
                        + " cannot go on ("
                        + cause.getClass().getSimpleName()
                        + ": "
                        + cause.getMessage()
                        + "). If another process runs with the same instance name, give each its"
                        + " own",
                cause);
    }
}
