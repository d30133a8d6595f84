package dev.thac.enrich;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * A lookup that lies in this process: asking never waits. Thread-safe.
 *
 * @param source what is asked
 */
record Local(Source source) implements Lookup {

    /** Finds nothing. */
    static final Lookup NOTHING = new Local(_ -> Optional.empty());

    /** Looks a key up at once. */
    @FunctionalInterface
    interface Source {
        Optional<Object> find(List<@Nullable Object> key) throws LookupException;
    }

    @Override
    public Optional<Object> find(List<@Nullable Object> key) throws LookupException {
        return source.find(key);
    }

    @Override
    public Semaphore places() {
        return new Semaphore(Integer.MAX_VALUE);
    }

    @Override
    public boolean local() {
        return true;
    }
}
