package dev.thac.kafka;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What a lane was told: to read no more for a while, to go on, to end and until when it may drain.
 * Told by any thread; an end stands once it was ordered.
 */
final class Orders {

    private static final long NOT_GIVEN = Long.MIN_VALUE;

    private final AtomicLong deadline = new AtomicLong(NOT_GIVEN);
    private volatile boolean paused;

    /** Orders the end; a second order changes nothing. */
    void stop(long nanos) {
        deadline.compareAndSet(NOT_GIVEN, nanos == NOT_GIVEN ? nanos + 1 : nanos);
    }

    /** Whether the end was ordered. */
    boolean stopped() {
        return deadline.get() != NOT_GIVEN;
    }

    /** The ticker's nanoseconds at which draining ends. */
    long deadline() {
        return deadline.get();
    }

    /** Orders to let nothing in, or to go on. */
    void pause(boolean wanted) {
        paused = wanted;
    }

    /** Whether nothing is to be let in. */
    boolean paused() {
        return paused;
    }
}
