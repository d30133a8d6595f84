package dev.thac.testkit.simulator;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Every paid call of one or several simulators, without a bound: {@code simulator.onPaid(calls::add
 * )}. Thread-safe.
 */
public final class PaidCalls {

    private final List<PaidCall> calls = new ArrayList<>();

    /** Notes one call. */
    public synchronized void add(PaidCall call) {
        calls.add(call);
    }

    /** All calls so far, in the order of their answers. */
    public synchronized List<PaidCall> all() {
        return List.copyOf(calls);
    }

    /** How many calls there are so far. */
    public synchronized int size() {
        return calls.size();
    }

    /** The calls that had been asked at some moment and were not answered by then. */
    public List<PaidCall> inFlight(Instant at) {
        return all().stream()
                .filter(call -> !call.asked().isAfter(at) && call.answered().isAfter(at))
                .toList();
    }
}
