package dev.thac.pipeline;

/**
 * One step of every event's way. Immutable and thread-safe; what is known of an event is in the
 * {@link OpenEvent}.
 */
interface Stage {

    /** How a stage left an event. */
    enum Progress {
        /** On to the next stage. */
        NEXT,
        /** The stage has to wait for something, and this thread must not: settle goes on here. */
        WAITS,
        /** The event has its outcome. */
        ENDED
    }

    /** Does what needs no waiting; never blocks. */
    Progress decide(OpenEvent event);

    /** Does all there is to do, or the rest of it when {@link #decide} was called before. */
    default Progress settle(OpenEvent event) throws InterruptedException {
        return decide(event);
    }
}
