package dev.thac.window;

import java.time.Duration;

/** What runs on Kafka Streams in this process: one topology, or tables. Thread-safe. */
public interface StreamsApplication {

    /** Who wants to know what goes wrong. Called from stream threads. */
    interface Watcher {
        /**
         * A thread was ended by an error and will be replaced.
         *
         * @param what in one sentence
         * @param cause the error
         */
        void trouble(String what, Exception cause);

        /**
         * It is ended by an error that starting again does not cure.
         *
         * @param cause the error
         */
        void ended(Throwable cause);
    }

    /**
     * Starts it; returns at once, or when brokers have said who they are.
     *
     * @param watcher is told what goes wrong
     * @throws dev.thac.event.ThacException ({@code KAFKA_UNAVAILABLE}, {@code BAD_SPEC}) when it
     *     cannot be started at all
     */
    void start(Watcher watcher);

    /**
     * How it is.
     *
     * @return its state at this moment
     */
    StreamsStatus status();

    /**
     * Commits what was done and ends it; returns when that is done, or at the latest after the
     * drain.
     *
     * @param drain the longest wait
     * @throws InterruptedException when the calling thread is interrupted
     */
    void stop(Duration drain) throws InterruptedException;
}
