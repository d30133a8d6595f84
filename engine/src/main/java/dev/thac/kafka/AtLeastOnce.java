package dev.thac.kafka;

import dev.thac.event.SinkRecord;

import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RetriableException;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Outputs first: an outcome's records are sent when it is settled, and its offset may be committed
 * when all of them are acknowledged. Offsets are committed asynchronously, one commit at a time;
 * trackers move only when the broker confirms.
 */
final class AtLeastOnce implements Emission {

    private static final long INTERVAL = Duration.ofMillis(200).toNanos();
    private static final long FIRST_BACKOFF = Duration.ofMillis(100).toNanos();
    private static final long MAX_BACKOFF = Duration.ofSeconds(5).toNanos();

    private final LaneParts parts;
    private final ArrayDeque<Flight> flights = new ArrayDeque<>();
    private List<Entry> outbox = new ArrayList<>();
    private boolean committing;
    private long lastCommit;
    private long backoff;
    private long notBefore;

    AtLeastOnce(LaneParts parts) {
        this.parts = parts;
        this.lastCommit = parts.ticker().nanos();
        this.notBefore = lastCommit;
    }

    @Override
    public void settled(Entry entry) {
        if (Records.of(entry.settled()).isEmpty()) {
            entry.tracker.finish(entry);
        } else {
            outbox.add(entry);
        }
    }

    @Override
    public void advance(long now, boolean crowded) {
        land(now);
        launch(now);
        if (!committing && (crowded || now - lastCommit >= INTERVAL)) {
            commitAsync(now);
        }
    }

    @Override
    public long idleNanos(long now) {
        Flight first = flights.peek();
        if (first != null && first.done()) {
            return 0;
        }
        long idle = Long.MAX_VALUE;
        if (!outbox.isEmpty()) {
            idle = Math.max(0, notBefore - now);
        }
        return committing ? idle : Math.min(idle, Math.max(0, lastCommit + INTERVAL - now));
    }

    @Override
    public boolean commitAll(long deadline) {
        long now = parts.ticker().nanos();
        launch(now);
        while (!(flights.isEmpty() && outbox.isEmpty()) && now < deadline) {
            parts.ticker().park(100_000);
            now = parts.ticker().nanos();
            land(now);
            launch(now);
        }
        boolean sent = flights.isEmpty() && outbox.isEmpty();
        return commitSync(Duration.ofNanos(Math.max(1_000_000_000, deadline - now))) && sent;
    }

    @Override
    public void lost() {
        outbox.removeIf(entry -> !entry.tracker.live());
    }

    private void launch(long now) {
        if (outbox.isEmpty() || now < notBefore) {
            return;
        }
        List<Entry> sending = outbox;
        outbox = new ArrayList<>();
        Flight flight = new Flight(parts.inbox()::wake);
        for (Entry entry : sending) {
            if (entry.tracker.live()) {
                List<SinkRecord> records = Records.of(entry.settled());
                flight.entries.add(entry);
                flight.expect(records.size());
                entry.refusal = null;
                entry.flight = flight;
                for (SinkRecord record : records) {
                    parts.outgoing().send(record, entry);
                }
            }
        }
        flight.closed();
        flights.add(flight);
    }

    private void land(long now) {
        for (Flight flight = flights.peek();
                flight != null && flight.done();
                flight = flights.peek()) {
            flights.remove();
            boolean waiting = false;
            for (Entry entry : flight.entries) {
                waiting |= landed(entry);
            }
            if (waiting) {
                backoff = Math.clamp(backoff * 2, FIRST_BACKOFF, MAX_BACKOFF);
                notBefore = now + backoff;
            } else {
                backoff = 0;
            }
        }
    }

    /** Returns whether the entry must be sent again later. */
    private boolean landed(Entry entry) {
        Exception refusal = entry.refusal;
        if (!entry.tracker.live()) {
            return false;
        }
        if (refusal == null) {
            entry.tracker.finish(entry);
            return false;
        }
        outbox.add(entry);
        if (parts.rejections().divert(entry)) {
            return false;
        }
        parts.listener().trouble("cannot write " + entry.delivery.id(), refusal);
        return true;
    }

    private void commitAsync(long now) {
        CommitSet due = CommitSet.of(parts.assignment());
        lastCommit = now;
        if (due.isEmpty()) {
            return;
        }
        committing = true;
        parts.consumer()
                .commitAsync(
                        due.offsets(),
                        (offsets, failure) -> {
                            committing = false;
                            if (failure == null) {
                                due.confirm(parts.listener());
                            } else {
                                parts.listener().commit(false);
                                parts.listener().trouble("cannot commit offsets", failure);
                            }
                        });
    }

    private boolean commitSync(Duration timeout) {
        CommitSet due = CommitSet.of(parts.assignment());
        if (due.isEmpty()) {
            return true;
        }
        try {
            parts.inbox()
                    .undisturbed(
                            () -> {
                                parts.consumer().commitSync(due.offsets(), timeout);
                                return true;
                            });
        } catch (CommitFailedException | RebalanceInProgressException | RetriableException e) {
            parts.listener().commit(false);
            parts.listener().trouble("cannot commit offsets", e);
            return false;
        }
        due.confirm(parts.listener());
        return true;
    }
}
