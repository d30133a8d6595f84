package dev.thac.cost;

import dev.thac.event.Money;
import dev.thac.spec.Share;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.TreeMap;

/**
 * Eight instances that spend three budgets through one log, in simulated time: everything that
 * happens follows from the seed. A provider of its own writes the bill, by its own clock and
 * without looking at any book. Two pipelines have a budget each, and share a third.
 */
final class LedgerSimulation {

    static final int INSTANCES = 8;
    static final int EVENTS = 10_000;
    static final int BURSTS = 3;
    static final PeriodCalendar HOURS =
            new PeriodCalendar(BudgetPeriod.HOUR, ZoneId.of("Asia/Ho_Chi_Minh"));

    private static final Instant START = Instant.parse("2026-11-01T00:58:20Z");
    private static final long BURST_MILLIS = 333_000;
    private static final long WORST_NANOS = 20_000_000;
    private static final long ACTUAL_PERCENT = 60;

    private final PriorityQueue<Task> tasks = new PriorityQueue<>();
    private final Plan plan;
    private final Random random;
    private final SimulatedLog log;
    private final List<SimulatedInstance> instances = new ArrayList<>();
    private final Bill bill = new Bill();
    private final Map<String, Money> limits = new TreeMap<>();
    private long millis;
    private long order;
    private int killsLeft;
    private int incarnations;

    /** What a run is made of. */
    record Plan(
            long seed, Lie lie, boolean faults, int kills, boolean limitChanges, Duration skew) {

        static Plan rough(long seed) {
            return new Plan(seed, Lie.NONE, true, 20, seed % 2 == 0, Duration.ofMillis(300));
        }

        static Plan calm(long seed) {
            return new Plan(seed, Lie.NONE, false, 0, false, Duration.ofMillis(300));
        }

        /** How many of a thousand appends are lost; many where their owners do not care. */
        int lost() {
            return lie == Lie.NO_READ_BACK ? 300 : faults ? 10 : 0;
        }

        /** Without other trouble, so that nothing but the rule keeps the bill under the limit. */
        static Plan broken(long seed, Lie lie) {
            int kills = lie == Lie.DEAD_FORGOTTEN ? 20 : 0;
            return new Plan(seed, lie, false, kills, false, Duration.ofMillis(300));
        }
    }

    /** A rule that is broken by lying to the instances; nothing in the product knows of it. */
    enum Lie {
        NONE,
        /** A lease is used as soon as it is asked for. */
        NO_READ_BACK,
        /** Leases of those who died are not told. */
        DEAD_FORGOTTEN,
        /** Others' leases that are below one's own are told after it, as if they were above. */
        BELOW_TAKEN_FOR_ABOVE,
        /** A call counts only in the period in which it was reserved. */
        NO_WINDOW
    }

    private record Task(long at, long order, Runnable action) implements Comparable<Task> {
        @Override
        public int compareTo(Task other) {
            return at == other.at ? Long.compare(order, other.order) : Long.compare(at, other.at);
        }
    }

    LedgerSimulation(Plan plan) {
        this.plan = plan;
        this.random = new Random(plan.seed());
        this.log = new SimulatedLog(random, plan.faults(), plan.lost());
        this.killsLeft = plan.kills();
        double demand = EVENTS / (double) BURSTS * WORST_NANOS / 2 * ACTUAL_PERCENT / 200;
        double bite = 0.5 + 0.4 * random.nextDouble();
        limits.put("all", new Money((long) (demand * bite)));
        limits.put("a", new Money((long) (demand * bite * 0.45)));
        limits.put("b", new Money((long) (demand * bite * 0.65)));
    }

    /** Runs to the end. */
    Bill run() {
        limits.forEach((name, limit) -> bill.limit(name, limit, at(0)));
        for (int i = 0; i < INSTANCES; i++) {
            SimulatedInstance instance =
                    new SimulatedInstance(this, i, new Random(random.nextLong()));
            instances.add(instance);
            instance.start();
        }
        for (int i = 0; i < EVENTS; i++) {
            long burst = i % BURSTS;
            long arrival = burst * 3_600_000 + (long) (random.nextDouble() * BURST_MILLIS);
            schedule(arrival, () -> instances.get(random.nextInt(INSTANCES)).arrive());
        }
        for (int i = 0; i < plan.kills(); i++) {
            long when = i % BURSTS * 3_600_000L + (long) (random.nextDouble() * BURST_MILLIS);
            schedule(when, () -> unarmed().arm(random.nextInt(4)));
        }
        if (plan.limitChanges()) {
            for (int i = 0; i < 4; i++) {
                long when = i % BURSTS * 3_600_000L + (long) (random.nextDouble() * BURST_MILLIS);
                schedule(when, this::changeLimit);
            }
        }
        long end = (BURSTS - 1) * 3_600_000L + BURST_MILLIS + 60_000;
        while (!tasks.isEmpty() && tasks.peek().at() <= end) {
            Task next = tasks.remove();
            millis = next.at();
            next.action().run();
        }
        return bill;
    }

    private SimulatedInstance unarmed() {
        int first = random.nextInt(INSTANCES);
        for (int i = 0; i < INSTANCES; i++) {
            SimulatedInstance instance = instances.get((first + i) % INSTANCES);
            if (!instance.armed()) {
                return instance;
            }
        }
        return instances.get(first);
    }

    /** Sets another limit; every instance hears of it in its own time. */
    private void changeLimit() {
        String name = List.of("all", "a", "b").get(random.nextInt(3));
        long percent = random.nextBoolean() ? 110 + random.nextInt(40) : 50 + random.nextInt(45);
        Money limit = new Money(limits.get(name).nanos() / 100 * percent);
        limits.put(name, limit);
        bill.limit(name, limit, at(millis));
        long slowest = 0;
        for (SimulatedInstance instance : instances) {
            long delay = random.nextInt(2_000);
            slowest = Math.max(slowest, delay);
            in(delay, () -> instance.limit(name, limits.get(name)));
        }
        in(slowest + 1, () -> bill.inForce(name, at(millis)));
    }

    SimulatedLog log() {
        return log;
    }

    Plan plan() {
        return plan;
    }

    Bill bill() {
        return bill;
    }

    /** Whether no event arrives for a while. */
    boolean idle() {
        return millis % 3_600_000 > BURST_MILLIS + 60_000;
    }

    /** Money of a call: most it can cost, and what it will. */
    long worst() {
        return 1 + (long) (random.nextDouble() * WORST_NANOS);
    }

    long actual(long worst) {
        return (long) (random.nextDouble() * worst * ACTUAL_PERCENT / 100);
    }

    BudgetSpec spec(String name) {
        return new BudgetSpec(
                limits.get(name),
                BudgetPeriod.HOUR,
                HOURS.zone().getId(),
                new Share(0.8),
                AtLimit.PAUSE);
    }

    /** True time. */
    Instant now() {
        return at(millis);
    }

    long millis() {
        return millis;
    }

    void in(long delay, Runnable action) {
        schedule(millis + delay, action);
    }

    String incarnation(int instance) {
        return "i" + instance + "~" + incarnations++;
    }

    boolean alive(String incarnation) {
        return instances.stream().anyMatch(each -> each.name().equals(incarnation));
    }

    void killed() {
        killsLeft--;
    }

    int kills() {
        return plan.kills() - killsLeft;
    }

    private void schedule(long at, Runnable action) {
        tasks.add(new Task(at, order++, action));
    }

    private static Instant at(long millis) {
        return START.plusMillis(millis);
    }
}
