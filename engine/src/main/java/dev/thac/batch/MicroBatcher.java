package dev.thac.batch;

import dev.thac.meter.Meters;
import dev.thac.meter.Metric;
import dev.thac.resilience.Ticker;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Gathers items of many threads into few calls. A batch opens with its first item and closes at the
 * first of its bounds: size, time since that first item, or tokens. Thread-safe.
 *
 * <p>Each batch has one virtual thread of its own, from its first item to its last answer: it waits
 * until the batch closes and makes the call. So all submitters are alike: any of them may be
 * interrupted at any time, before or during the call, without harm to the others (a leader among
 * them could not leave without ending a call the others have paid for), and the call itself is
 * interrupted only when nobody waits for it any more. A batch of one needs no such thread: the
 * submitter makes the call.
 *
 * @param <T> what is asked about
 * @param <R> what comes back
 */
public final class MicroBatcher<T, R> {

    private final BatchBounds bounds;
    private final Call<T, R> call;
    private final Ticker ticker;
    private final String thread;
    private final Map<Cause, Meters.Count> flushes;
    private final Meters.Distribution sizes;
    private final Meters.Distribution waits;

    /** Guards {@link #open} and the members of every batch that is not closed. */
    private final ReentrantLock lock = new ReentrantLock();

    private @Nullable Batch open;

    /**
     * The call made with a closed batch.
     *
     * @param <T> what is asked about
     * @param <R> what comes back
     */
    public interface Call<T, R> {
        /**
         * Completes every ticket, each as soon as its answer is known. A ticket left open when this
         * returns or throws fails.
         *
         * @param tickets the items in the order of their submission; never empty
         * @throws InterruptedException when nobody waits any more
         */
        void answer(List<Ticket<T, R>> tickets) throws InterruptedException;
    }

    private enum Cause {
        SIZE,
        TIME,
        TOKENS,
        DRAIN
    }

    /** An open or closed batch; its members are guarded by the lock until it is closed. */
    private final class Batch {
        private final long openedNanos = ticker.nanos();
        private final Condition changed = lock.newCondition();
        private final List<Ticket<T, R>> tickets = new ArrayList<>(Math.min(bounds.size(), 64));
        private int tokens;
        private @Nullable Cause closedBy;
        private @Nullable Thread runner;
    }

    /**
     * A batcher without anything in it.
     *
     * @param bounds when a batch closes
     * @param call what is done with it
     * @param pipeline metric label
     * @param tier metric label
     * @param meters where batches are counted
     * @param ticker time
     */
    public MicroBatcher(
            BatchBounds bounds,
            Call<T, R> call,
            String pipeline,
            String tier,
            Meters meters,
            Ticker ticker) {
        this.bounds = bounds;
        this.call = call;
        this.ticker = ticker;
        this.thread = "batch-" + pipeline + "-" + tier;
        this.flushes = new EnumMap<>(Cause.class);
        for (Cause cause : Cause.values()) {
            String label = cause.name().toLowerCase(Locale.ROOT);
            flushes.put(cause, meters.count(Metric.BATCH_FLUSH, pipeline, tier, label));
        }
        this.sizes = meters.distribution(Metric.BATCH_EVENTS, pipeline, tier);
        this.waits = meters.distribution(Metric.BATCH_WAIT, pipeline, tier);
    }

    /**
     * Adds an item to the open batch and waits for its answer.
     *
     * @param item what is asked about
     * @param tokens its share of a token bound
     * @return the answer
     * @throws InterruptedException when the calling thread is interrupted; the others go on
     * @throws IllegalStateException when the call ended without an answer for it
     */
    public R submit(T item, int tokens) throws InterruptedException {
        return bounds.size() == 1 ? alone(item, tokens) : await(join(item, tokens, false));
    }

    /**
     * Like {@link #submit}, but waits for no others: the batch it joins closes with it.
     *
     * @param item what is asked about
     * @param tokens its share of a token bound
     * @return the answer
     * @throws InterruptedException when the calling thread is interrupted; the others go on
     * @throws IllegalStateException when the call ended without an answer for it
     */
    public R submitNow(T item, int tokens) throws InterruptedException {
        return bounds.size() == 1 ? alone(item, tokens) : await(join(item, tokens, true));
    }

    /**
     * Makes the call for one item by itself, on the calling thread.
     *
     * @param item what is asked about
     * @param tokens its size in tokens
     * @return the answer
     * @throws InterruptedException when the calling thread is interrupted
     * @throws IllegalStateException when the call ended without an answer
     */
    public R alone(T item, int tokens) throws InterruptedException {
        Ticket<T, R> ticket = new Ticket<>(item, tokens, Thread.currentThread());
        meter(Cause.SIZE, 1, 0);
        call.answer(List.of(ticket));
        if (!ticket.done()) {
            throw new IllegalStateException("a call ended without an answer");
        }
        return ticket.result();
    }

    /** Closes the open batch, if there is one, at once. */
    public void flush() {
        lock.lock();
        try {
            Batch batch = open;
            if (batch != null) {
                close(batch, Cause.DRAIN);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * How many items are in the batch that is still open.
     *
     * @return a count, out of date at once
     */
    public int waiting() {
        lock.lock();
        try {
            Batch batch = open;
            return batch == null ? 0 : batch.tickets.size();
        } finally {
            lock.unlock();
        }
    }

    private Joined join(T item, int tokens, boolean last) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        Ticket<T, R> ticket = new Ticket<>(item, tokens, Thread.currentThread());
        lock.lock();
        try {
            Batch batch = open;
            if (batch != null && (long) batch.tokens + tokens > bounds.tokens()) {
                close(batch, Cause.TOKENS);
                batch = null;
            }
            boolean first = batch == null;
            if (batch == null) {
                batch = new Batch();
                open = batch;
            }
            batch.tickets.add(ticket);
            batch.tokens += tokens;
            if (batch.tickets.size() >= bounds.size()) {
                close(batch, Cause.SIZE);
            } else if (batch.tokens >= bounds.tokens()) {
                close(batch, Cause.TOKENS);
            } else if (last) {
                close(batch, Cause.DRAIN);
            }
            if (first) {
                Batch opened = batch;
                batch.runner = Thread.ofVirtual().name(thread).start(() -> run(opened));
            }
            return new Joined(batch, ticket);
        } finally {
            lock.unlock();
        }
    }

    /** A ticket and the batch it is in. */
    private final class Joined {
        private final Batch batch;
        private final Ticket<T, R> ticket;

        Joined(Batch batch, Ticket<T, R> ticket) {
            this.batch = batch;
            this.ticket = ticket;
        }
    }

    private R await(Joined joined) throws InterruptedException {
        Ticket<T, R> ticket = joined.ticket;
        while (!ticket.done()) {
            LockSupport.park(this);
            if (Thread.interrupted()) {
                if (!ticket.done()) {
                    leave(joined);
                    throw new InterruptedException();
                }
                Thread.currentThread().interrupt();
            }
        }
        return ticket.result();
    }

    private void leave(Joined joined) {
        Batch batch = joined.batch;
        Ticket<T, R> ticket = joined.ticket;
        lock.lock();
        try {
            ticket.abandon();
            if (batch.closedBy == null) {
                batch.tickets.remove(ticket);
                batch.tokens -= ticket.tokens();
                if (batch.tickets.isEmpty()) {
                    close(batch, Cause.DRAIN);
                }
            } else if (batch.runner != null && nobodyWaits(batch)) {
                batch.runner.interrupt();
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean nobodyWaits(Batch batch) {
        for (Ticket<T, R> ticket : batch.tickets) {
            if (!ticket.done() && !ticket.abandoned()) {
                return false;
            }
        }
        return true;
    }

    private void close(Batch batch, Cause cause) {
        batch.closedBy = cause;
        if (open == batch) {
            open = null;
        }
        batch.changed.signal();
    }

    /** The top frame of a batch's thread. */
    private void run(Batch batch) {
        try {
            awaitClosed(batch);
            if (!batch.tickets.isEmpty()) {
                call.answer(batch.tickets);
            }
            if (!nobodyWaits(batch)) {
                fail(batch, new IllegalStateException("the call left items unanswered"));
            }
        } catch (Throwable error) {
            // The top frame: whatever it was, the submitters must hear of it.
            fail(batch, error);
        }
    }

    private void awaitClosed(Batch batch) throws InterruptedException {
        lock.lock();
        try {
            while (batch.closedBy == null) {
                if (bounds.longestWait().isEmpty()) {
                    batch.changed.await();
                    continue;
                }
                long left =
                        batch.openedNanos + bounds.longestWait().get().toNanos() - ticker.nanos();
                if (left <= 0) {
                    close(batch, Cause.TIME);
                } else {
                    ticker.await(batch.changed, left);
                }
            }
            if (!batch.tickets.isEmpty()) {
                meter(batch.closedBy, batch.tickets.size(), ticker.nanos() - batch.openedNanos);
            }
        } finally {
            lock.unlock();
        }
    }

    private void meter(Cause cause, int size, long waitedNanos) {
        Objects.requireNonNull(flushes.get(cause)).add(1);
        sizes.record(size);
        waits.record(waitedNanos / 1e9);
    }

    private void fail(Batch batch, Throwable error) {
        for (Ticket<T, R> ticket : batch.tickets) {
            ticket.fail(error);
        }
    }
}
