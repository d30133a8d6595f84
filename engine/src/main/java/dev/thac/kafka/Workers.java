package dev.thac.kafka;

/** Runs what blocks, away from the lane thread. */
interface Workers {

    /** One thread per event: it is virtual and spends its life waiting. */
    Workers VIRTUAL = work -> Thread.startVirtualThread(work)::interrupt;

    /** Work under way. */
    interface Worker {
        /** Asks it to end; nobody waits for its result any more. */
        void interrupt();
    }

    /**
     * Starts work; returns at once.
     *
     * @param work what to run
     * @return a handle to it
     */
    Worker start(Runnable work);
}
