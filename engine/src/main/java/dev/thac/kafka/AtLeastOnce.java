package dev.thac.kafka;

import dev.thac.event.SinkRecord;
import dev.thac.resilience.Failpoint;

import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Outputs first: an outcome's records are sent when it is settled and its turn has come, and the
 * next commit may cover it when all of them are acknowledged. Offsets and maps are committed
 * asynchronously, one commit at a time; trackers move only when the broker confirms.
 */
final class AtLeastOnce implements Emission {

    private static final long INTERVAL = Duration.ofMillis(200).toNanos();
    private static final long FIRST_BACKOFF = Duration.ofMillis(100).toNanos();
    private static final long MAX_BACKOFF = Duration.ofSeconds(5).toNanos();

    private final LaneParts parts;
    private final ArrayDeque<Flight> flights = new ArrayDeque<>();
    private List<Entry> outbox = new ArrayList<>();

    /** What the broker was asked to commit and has not answered. */
    private @Nullable CommitSet pending;

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
        Entry each = entry;
        while (each != null) {
            if (Records.of(each.settled()).isEmpty()) {
                each = staged(each);
            } else {
                outbox.add(each);
                each = null;
            }
        }
    }

    /** Returns an entry that has waited for this one and may go now. */
    private static @Nullable Entry staged(Entry entry) {
        Entry following = entry.tracker.stage(entry);
        Failpoint.AFTER_STAGE.reached();
        return following;
    }

    @Override
    public void advance(long now, boolean crowded) {
        land(now);
        launch(now);
        if (pending == null && (crowded || now - lastCommit >= INTERVAL)) {
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
        return pending != null ? idle : Math.min(idle, Math.max(0, lastCommit + INTERVAL - now));
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
        for (int i = 0; i < sending.size(); i++) {
            Entry entry = sending.get(i);
            if (entry.tracker.live()) {
                send(entry, flight);
                if (entry.refusal != null) {
                    // refused by the client itself, maybe after a wait: no wait for each of the
                    // rest
                    outbox.addAll(sending.subList(i + 1, sending.size()));
                    break;
                }
            }
        }
        flight.closed();
        flights.add(flight);
    }

    private void send(Entry entry, Flight flight) {
        List<SinkRecord> records = Records.of(entry.settled());
        flight.entries.add(entry);
        flight.expect(records.size());
        entry.refusal = null;
        entry.flight = flight;
        for (SinkRecord record : records) {
            parts.outgoing().send(record, entry);
        }
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
            Failpoint.AFTER_SEND.reached();
            Entry following = staged(entry);
            if (following != null) {
                settled(following);
            }
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
        CommitSet due = CommitSet.of(parts, Long.MAX_VALUE, 0);
        lastCommit = now;
        if (due.isEmpty()) {
            return;
        }
        pending = due;
        parts.consumer().commitAsync(due.offsets(), (_, failure) -> answered(due, failure));
    }

    private void answered(CommitSet due, @Nullable Exception failure) {
        if (pending != due) {
            return; // a later commit, which covers what this one did, has taken its place
        }
        pending = null;
        if (failure == null) {
            Failpoint.AFTER_COMMIT.reached();
            due.confirm(parts.listener());
            return;
        }
        parts.listener().commit(false);
        if (!(failure instanceof RebalanceInProgressException)) {
            parts.listener().trouble("cannot commit offsets", failure);
        }
    }

    private boolean commitSync(Duration timeout) {
        CommitSet due = CommitSet.of(parts, Long.MAX_VALUE, 0);
        if (due.isEmpty()) {
            return true;
        }
        pending = due;
        try {
            parts.inbox()
                    .undisturbed(
                            () -> {
                                parts.consumer().commitSync(due.offsets(), timeout);
                                return true;
                            });
        } catch (CommitFailedException | RebalanceInProgressException | RetriableException e) {
            answered(due, e);
            return false;
        }
        answered(due, null);
        return true;
    }
}
