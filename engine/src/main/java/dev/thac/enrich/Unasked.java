package dev.thac.enrich;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** A lookup that is never asked: events are only decided, not settled. Thread-safe. */
enum Unasked implements Lookup {
    /** The one. */
    INSTANCE;

    @Override
    public Optional<Object> find(List<@Nullable Object> key) {
        throw new IllegalStateException("nobody may be asked here");
    }

    @Override
    public Semaphore places() {
        return new Semaphore(1);
    }
}
