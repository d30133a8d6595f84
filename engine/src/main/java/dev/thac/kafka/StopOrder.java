package dev.thac.kafka;

import java.util.concurrent.atomic.AtomicLong;

/** The wish that a lane end, and until when it may drain. Given by any thread, once. */
final class StopOrder {

    private static final long NOT_GIVEN = Long.MIN_VALUE;

    private final AtomicLong deadline = new AtomicLong(NOT_GIVEN);

    /** Gives the order; a second one changes nothing. */
    void give(long nanos) {
        deadline.compareAndSet(NOT_GIVEN, nanos == NOT_GIVEN ? nanos + 1 : nanos);
    }

    boolean given() {
        return deadline.get() != NOT_GIVEN;
    }

    /** The ticker's nanoseconds at which draining ends. */
    long deadline() {
        return deadline.get();
    }
}
