package dev.thac.runtime;

import dev.thac.event.Finding;

import java.time.Duration;
import java.util.List;

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
     * Looks, before it begins, whether what it works with is fit for it. What is only out of reach
     * is waited for later and keeps nobody from starting.
     *
     * @return what was found
     */
    default List<Finding> look() {
        return List.of();
    }

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
