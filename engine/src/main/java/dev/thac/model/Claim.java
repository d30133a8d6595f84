package dev.thac.model;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a running pipeline holds of its source, which is its share of the accounts of its models.
 * Nothing is held at the beginning. Thread-safe.
 */
public final class Claim implements AutoCloseable {

    private final String pipeline;
    private final List<Account> accounts;

    /** Part of the source by lane. Guarded by this. */
    private final Map<Integer, Double> lanes = new HashMap<>();

    Claim(String pipeline, List<Account> accounts) {
        this.pipeline = pipeline;
        this.accounts = List.copyOf(accounts);
        accounts.forEach(account -> account.hold(this, 0));
    }

    String pipeline() {
        return pipeline;
    }

    /**
     * A lane holds another part of the source from now on. A smaller share holds when this returns.
     *
     * @param lane which
     * @param part 0 to 1
     */
    public synchronized void hold(int lane, double part) {
        lanes.put(lane, part);
        double sum = 0;
        for (double each : lanes.values()) {
            sum += each;
        }
        double share = Math.min(1, sum);
        accounts.forEach(account -> account.hold(this, share));
    }

    /** The pipeline has ended. */
    @Override
    public synchronized void close() {
        accounts.forEach(account -> account.end(this));
    }
}
