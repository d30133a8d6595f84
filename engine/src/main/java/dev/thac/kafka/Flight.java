package dev.thac.kafka;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Entries whose records were sent together and whose acknowledgements are awaited together. The
 * lane thread fills and reads it; the producer's thread counts down.
 */
final class Flight {

    final List<Entry> entries = new ArrayList<>();

    /** One more than the outstanding acknowledgements until {@link #closed()}. */
    private final AtomicInteger outstanding = new AtomicInteger(1);

    private final Runnable whenDone;
    private final AtomicReference<@Nullable Entry> culprit = new AtomicReference<>();
    private volatile boolean failed;

    /**
     * @param whenDone called once by the thread that brings the last acknowledgement
     */
    Flight(Runnable whenDone) {
        this.whenDone = whenDone;
    }

    /** Announces that many records more. */
    void expect(int records) {
        outstanding.addAndGet(records);
    }

    /** No more records will be added. */
    void closed() {
        landed();
    }

    /** One record was refused. */
    void refused(Entry entry, Exception refusal) {
        failed = true;
        if (Rejections.permanent(refusal)) {
            culprit.compareAndSet(null, entry);
        }
        landed();
    }

    /**
     * One record was not even taken by the producer. In a transaction that is lost already it may
     * have been taken nevertheless, and be refused as well: then it counts twice.
     */
    void unsent() {
        failed = true;
        landed();
    }

    /** One record was acknowledged. */
    void landed() {
        if (outstanding.decrementAndGet() == 0) {
            whenDone.run();
        }
    }

    boolean done() {
        return outstanding.get() <= 0;
    }

    boolean failed() {
        return failed;
    }

    /**
     * The entry whose record was refused for good first. In a transaction only that one is to blame
     * for sure: the producer gives the same error to whatever else it had not sent yet.
     */
    @Nullable Entry culprit() {
        return culprit.get();
    }
}
