package dev.thac.cost;

/**
 * The end of a log at which leases are written. The log has one order for all who read it; who asks
 * for a lease learns from reading it back, and from nothing else, whether it has been written.
 */
public interface LedgerLog {

    /**
     * Appends a record after what was appended before it, soon, perhaps twice, or never; returns at
     * once.
     *
     * @param key the record's key
     * @param value the record's value
     */
    void append(String key, byte[] value);
}
