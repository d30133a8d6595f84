package dev.thac.cost;

import java.time.InstantSource;

/** Writes the leases of one instance to the log. Guarded by the ledger's lock. */
final class LeaseWriter {

    private final String instance;
    private final LedgerLog log;
    private final InstantSource clock;
    private long next;

    LeaseWriter(String instance, LedgerLog log, InstantSource clock) {
        this.instance = instance;
        this.log = log;
        this.clock = clock;
    }

    String instance() {
        return instance;
    }

    /** A number that no lease of this instance has. */
    long number() {
        return next++;
    }

    void write(String budget, Period period, long number, long amount) {
        LeaseRecord record =
                new LeaseRecord(budget, period.start(), instance, number, amount, clock.instant());
        log.append(record.key(), record.value());
    }
}
