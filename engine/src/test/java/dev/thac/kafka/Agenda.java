package dev.thac.kafka;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Time, chance and what is to happen next in one simulated run. One thread does everything: who
 * waits runs what is due meanwhile. The same seed gives the same run.
 */
final class Agenda {

    static final long MICRO = 1_000;
    static final long MILLI = 1_000_000;
    static final long SECOND = 1_000 * MILLI;

    final SplittableRandom random;
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(
                    (a, b) ->
                            a.time != b.time
                                    ? Long.compare(a.time, b.time)
                                    : Long.compare(a.sequence, b.sequence));
    private final @Nullable List<String> trace;
    private long now;
    private long sequence;

    private record Event(long time, long sequence, Runnable action) {}

    Agenda(long seed, boolean traced) {
        this.random = new SplittableRandom(seed);
        this.trace = traced ? new ArrayList<>() : null;
    }

    /** The time, in nanoseconds since the run began. */
    long now() {
        return now;
    }

    /** Lets something happen later. */
    void after(long nanos, Runnable action) {
        events.add(new Event(now + nanos, sequence++, action));
    }

    /** Lets time pass until something is the case; returns whether it is. */
    boolean await(long until, BooleanSupplier done) {
        while (!done.getAsBoolean()) {
            Event next = events.peek();
            if (next == null || next.time > until) {
                now = Math.max(now, until);
                return false;
            }
            events.remove();
            now = Math.max(now, next.time);
            next.action.run();
        }
        return true;
    }

    /** Lets time pass. */
    void pass(long nanos) {
        boolean _ = await(now + nanos, () -> false);
    }

    boolean chance(double share) {
        return share > 0 && random.nextDouble() < share;
    }

    /** A duration in between, short ones more often. */
    long between(long least, long most) {
        double share = random.nextDouble();
        return least + (long) ((most - least) * share * share * share);
    }

    int pick(int bound) {
        return random.nextInt(bound);
    }

    /** Says what happens, if somebody listens. */
    void say(Supplier<String> what) {
        if (trace != null) {
            trace.add(String.format("%10.4f  %s", now / (double) SECOND, what.get()));
        }
    }

    /** What was said. */
    List<String> trace() {
        return trace == null ? List.of() : trace;
    }
}
