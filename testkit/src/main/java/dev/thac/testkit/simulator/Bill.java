package dev.thac.testkit.simulator;

import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Counts and charges. Thread-safe: one lock, held for a few additions. */
final class Bill {

    private static final long SECOND = 1_000_000_000L;
    private static final int LOGGED = 10_000;

    /** Every zone's midnight is at a whole quarter of an hour. */
    private static final long QUARTER = 900;

    private final Deque<Long> arrivals = new ArrayDeque<>();
    private final Deque<Call> log = new ArrayDeque<>();
    private final Map<String, Long> errors = new HashMap<>();
    private final Map<String, Stats.Model> models = new HashMap<>();
    private final Set<String> unpriced = new HashSet<>();
    private final Map<Quarter, Stats.Model> quarters = new HashMap<>();
    private volatile InstantSource clock = InstantSource.system();
    private volatile Consumer<PaidCall> listener = _ -> {};
    private long calls;
    private long items;
    private long usdNanos;
    private long refused;
    private long hits;
    private long misses;
    private int inFlight;
    private int maxConcurrency;
    private int maxPerSecond;

    /** Which call is charged: its model, and when its request arrived. */
    record Charged(String model, Instant asked) {}

    private record Quarter(long number, String model) {
        LocalDate day(ZoneId zone) {
            return LocalDate.ofInstant(Instant.ofEpochSecond(number * QUARTER), zone);
        }
    }

    /** A model call has arrived. */
    synchronized void arrived(long nanoTime) {
        arrivals.addLast(nanoTime);
        while (nanoTime - arrivals.getFirst() >= SECOND) {
            arrivals.removeFirst();
        }
        maxPerSecond = Math.max(maxPerSecond, arrivals.size());
    }

    /**
     * A call asks to be worked on.
     *
     * @param limit most calls at the same time, 0 for no limit
     * @return whether it may
     */
    synchronized boolean enter(int limit) {
        if (limit > 0 && inFlight >= limit) {
            return false;
        }
        inFlight++;
        maxConcurrency = Math.max(maxConcurrency, inFlight);
        return true;
    }

    /** A call that entered is done. */
    synchronized void leave() {
        inFlight--;
    }

    /** Charges a call. */
    synchronized void charge(
            Charged charged, int callItems, Usage usage, Map<String, ModelPrice> prices) {
        String model = charged.model();
        ModelPrice price = prices.get(model);
        if (price == null) {
            unpriced.add(model);
        }
        long nanos =
                price == null ? 0 : price.nanos(usage.input(), usage.output(), charged.asked());
        calls++;
        items += callItems;
        usdNanos += nanos;
        models.merge(
                model,
                Stats.Model.NONE.plus(callItems, usage, nanos),
                (old, _) -> old.plus(callItems, usage, nanos));
        Quarter quarter =
                new Quarter(Math.floorDiv(charged.asked().getEpochSecond(), QUARTER), model);
        quarters.merge(
                quarter,
                Stats.Model.NONE.plus(callItems, usage, nanos),
                (old, _) -> old.plus(callItems, usage, nanos));
    }

    /** The time of the bill. */
    Instant now() {
        return clock.instant();
    }

    /** Sets the time of the bill. */
    void clock(InstantSource newClock) {
        clock = newClock;
    }

    /** The bill by day and model. */
    synchronized List<BillLine> lines(ZoneId zone) {
        Map<LocalDate, Map<String, Stats.Model>> days = new TreeMap<>();
        quarters.forEach(
                (quarter, bill) ->
                        days.computeIfAbsent(quarter.day(zone), _ -> new TreeMap<>())
                                .merge(quarter.model(), bill, Stats.Model::plus));
        List<BillLine> lines = new ArrayList<>();
        days.forEach(
                (day, models) ->
                        models.forEach((model, bill) -> lines.add(new BillLine(day, model, bill))));
        return lines;
    }

    /** Sets who hears of every paid call. */
    void onPaid(Consumer<PaidCall> newListener) {
        listener = newListener;
    }

    /** A call was charged. */
    void paid(PaidCall call) {
        listener.accept(call);
    }

    /** Something went wrong with a call. */
    synchronized void error(String kind) {
        errors.merge(kind, 1L, Long::sum);
    }

    /** A call was refused before any work. */
    synchronized void refused(String kind) {
        refused++;
        error(kind);
    }

    /** Items were looked up in the recording. */
    synchronized void looked(int found, int missing) {
        hits += found;
        misses += missing;
    }

    /** The bill so far, in billionths of a USD. */
    synchronized long usdNanos() {
        return usdNanos;
    }

    /** Adds a line to the call log, which keeps the last 10,000. */
    synchronized void log(Call call) {
        log.addLast(call);
        if (log.size() > LOGGED) {
            log.removeFirst();
        }
    }

    /** The call log, oldest first. */
    synchronized List<Call> calls() {
        return List.copyOf(log);
    }

    /** All counts. */
    synchronized Stats stats() {
        return new Stats(
                calls,
                items,
                usdNanos,
                refused,
                maxConcurrency,
                maxPerSecond,
                errors,
                models,
                hits,
                misses,
                unpriced);
    }

    /** Forgets everything but the calls in flight. */
    synchronized void reset() {
        arrivals.clear();
        log.clear();
        errors.clear();
        models.clear();
        quarters.clear();
        unpriced.clear();
        calls = 0;
        items = 0;
        usdNanos = 0;
        refused = 0;
        hits = 0;
        misses = 0;
        maxConcurrency = inFlight;
        maxPerSecond = 0;
    }
}
