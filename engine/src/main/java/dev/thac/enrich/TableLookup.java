package dev.thac.enrich;

import java.util.Optional;

/** A compacted topic as a table in this process. Thread-safe. */
public interface TableLookup {

    /**
     * Looks up a key; does not wait.
     *
     * @param key the record key as text
     * @return the latest value under it, a tree; empty where there is none
     * @throws LookupException when the table is not there yet, such as while it is being read; the
     *     event waits then
     */
    Optional<Object> find(String key) throws LookupException;
}
