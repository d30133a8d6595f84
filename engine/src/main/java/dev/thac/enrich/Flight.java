package dev.thac.enrich;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.CountDownLatch;

/**
 * One question under way, for all who ask it. Its leader ends it once; the others wait for that.
 * Thread-safe.
 */
final class Flight {

    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable Found found;
    private volatile @Nullable LookupException failure;

    /** The leader's, before {@link #end}. */
    void found(Found answer) {
        found = answer;
    }

    /** The leader's, before {@link #end}. */
    void failed(LookupException why) {
        failure = why;
    }

    /** Without an answer before, the leader broke off and somebody else has to ask. */
    void end() {
        ended.countDown();
    }

    /**
     * Waits for the end.
     *
     * @return the answer; null where the leader broke off
     * @throws LookupException what the leader was told
     */
    @Nullable Found await() throws LookupException, InterruptedException {
        ended.await();
        LookupException why = failure;
        if (why != null) {
            throw why;
        }
        return found;
    }
}
