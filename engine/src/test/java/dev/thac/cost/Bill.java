package dev.thac.cost;

import dev.thac.event.Money;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What the simulated provider charges, and what may be charged at most; it knows no ledger. */
final class Bill {

    private final Map<String, TreeMap<Instant, Period>> budgets = new TreeMap<>();
    private final Map<String, Money> limits = new HashMap<>();

    /** The highest that an instance may still go by. */
    private final Map<String, Money> known = new HashMap<>();

    private final Set<Call> open = new HashSet<>();

    /** What calls that ended since the limit was set have given back to their instances. */
    private final Map<String, Long> givenBack = new HashMap<>();

    /** One budget in one hour. */
    private static final class Period {
        private long spent;
        private long mostAllowed;

        /** What was spent or could not be called back when a lower limit came into force. */
        private long cap = Long.MAX_VALUE;
    }

    /** A call under way; what it is not charged may be used by others when it has ended. */
    static final class Call {
        private final List<String> budgets;
        private final long worst;
        private long charged;

        Call(List<String> budgets, long worst) {
            this.budgets = budgets;
            this.worst = worst;
        }
    }

    /** The limit is set; instances may know it from now on. */
    void limit(String budget, Money limit, Instant now) {
        limits.put(budget, limit);
        givenBack.put(budget, 0L);
        known.merge(budget, limit, (one, other) -> one.compareTo(other) > 0 ? one : other);
        Period period = period(budget, now);
        period.mostAllowed = Math.max(period.mostAllowed, limit.nanos());
        if (limit.nanos() > period.cap) {
            period.cap = Long.MAX_VALUE;
        }
    }

    /** Every instance knows the limit. */
    void inForce(String budget, Instant now) {
        Period period = period(budget, now);
        long out =
                open.stream()
                        .filter(call -> call.budgets.contains(budget))
                        .mapToLong(call -> call.worst - call.charged)
                        .sum();
        out += givenBack.getOrDefault(budget, 0L);
        known.put(budget, limits.get(budget));
        period.cap = Math.max(limits.get(budget).nanos(), period.spent + out);
    }

    Call open(List<String> those, long worst) {
        Call call = new Call(those, worst);
        open.add(call);
        return call;
    }

    void charge(Call call, long actual, Instant now) {
        for (String budget : call.budgets) {
            period(budget, now).spent += actual;
        }
        call.charged = actual;
    }

    void end(Call call) {
        open.remove(call);
        call.budgets.forEach(each -> givenBack.merge(each, call.worst - call.charged, Long::sum));
    }

    /** Periods in which more was charged than allowed. */
    List<String> excesses() {
        List<String> excesses = new ArrayList<>();
        budgets.forEach(
                (name, periods) ->
                        periods.forEach(
                                (start, period) -> {
                                    long allowed = Math.min(period.mostAllowed, period.cap);
                                    if (period.spent > allowed) {
                                        excesses.add(
                                                "%s %s: %s of %s"
                                                        .formatted(
                                                                name,
                                                                start,
                                                                new Money(period.spent),
                                                                new Money(allowed)));
                                    }
                                }));
        return excesses;
    }

    /** The largest share of a limit that was charged in each whole period, by budget. */
    List<Double> shares(String budget) {
        return budgets.get(budget).values().stream()
                .map(period -> period.spent / (double) period.mostAllowed)
                .toList();
    }

    private Period period(String budget, Instant now) {
        Instant start = LedgerSimulation.HOURS.period(now).start();
        return budgets.computeIfAbsent(budget, _ -> new TreeMap<>())
                .computeIfAbsent(
                        start,
                        _ -> {
                            Period fresh = new Period();
                            fresh.mostAllowed = known.get(budget).nanos();
                            return fresh;
                        });
    }
}
