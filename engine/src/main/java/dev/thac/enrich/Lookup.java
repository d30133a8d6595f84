package dev.thac.enrich;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** Something that is asked about events: a database, a service, a table. Thread-safe. */
public interface Lookup {

    /**
     * Asks once; may block, on a virtual thread.
     *
     * @param key what is asked for: the values of {@code with} in their declared order, or the URL
     * @return what it found, a tree; empty where there is nothing
     * @throws LookupException when it could not be asked, or cannot answer
     * @throws InterruptedException when the calling thread is interrupted
     */
    Optional<Object> find(List<@Nullable Object> key) throws LookupException, InterruptedException;

    /**
     * Leave to ask: taken before a question, given back after it. Shared by all who ask the same
     * database or service.
     *
     * @return the places
     */
    Semaphore places();

    /**
     * Whether asking never waits, so that no cache is needed.
     *
     * @return true for what lies in this process
     */
    default boolean local() {
        return false;
    }
}
