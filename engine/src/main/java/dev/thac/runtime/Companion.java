package dev.thac.runtime;

import java.time.Duration;

/**
 * What runs beside the lanes of a pipeline in the same process, with a consumer group of its own: a
 * stream topology, a sink. It mends itself as long as that can help. Thread-safe.
 */
interface Companion {

    /** Whom it tells what happens to it. Thread-safe; returns at once. */
    interface Host {

        /**
         * Something went wrong that it goes on trying to mend.
         *
         * @param what what it was doing
         * @param cause the error
         */
        void trouble(String what, Exception cause);

        /**
         * It cannot go on, and starting again would not help: the pipeline ends with this error.
         *
         * @param companion who
         * @param cause why
         */
        void failed(Companion companion, Throwable cause);
    }

    /**
     * What it is.
     *
     * @return for example {@code windows}, {@code context} or {@code sink}
     */
    String kind();

    /**
     * Its name among those of its kind.
     *
     * @return the name
     */
    String name();

    /**
     * Begins, and returns at once. Called once.
     *
     * @param host is told of trouble
     */
    void start(Host host);

    /**
     * How it is.
     *
     * @return a consistent copy, at most a few seconds old
     */
    CompanionStatus status();

    /**
     * Finishes what is under way, commits and ends; returns when that is done. Called once, also
     * after {@link Host#failed}.
     *
     * @param drain the longest wait
     * @throws InterruptedException when the calling thread is interrupted
     */
    void stop(Duration drain) throws InterruptedException;
}
