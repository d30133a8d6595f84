package dev.thac.cost;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A log in memory; what is appended is told to everybody when {@link #deliver} is called. */
final class SharedLog implements LedgerLog {

    private final List<Map.Entry<String, byte[]>> entries = new ArrayList<>();
    private final Map<Ledger, Integer> readers = new HashMap<>();

    @Override
    public synchronized void append(String key, byte[] value) {
        entries.add(Map.entry(key, value));
    }

    synchronized int size() {
        return entries.size();
    }

    /** The ledger reads everything from the beginning, now and at every delivery. */
    void follow(Ledger ledger) {
        Ledger.Unread unread = ledger.unread().orElseThrow();
        synchronized (this) {
            readers.put(ledger, 0);
        }
        deliver();
        ledger.caughtUp(unread);
    }

    /** Tells all what they do not know yet, and lets them look after their leases. */
    void deliver() {
        for (Ledger ledger : readers()) {
            for (Map.Entry<String, byte[]> entry : next(ledger)) {
                ledger.read(entry.getKey(), entry.getValue());
            }
            ledger.tend();
        }
    }

    private synchronized List<Ledger> readers() {
        return List.copyOf(readers.keySet());
    }

    private synchronized List<Map.Entry<String, byte[]>> next(Ledger ledger) {
        int from = readers.getOrDefault(ledger, 0);
        readers.put(ledger, entries.size());
        return List.copyOf(entries.subList(from, entries.size()));
    }
}
