package dev.thac.cost;

import dev.thac.event.Money;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * One instance of the simulation, through all its lives: it asks the ledger before each call, lets
 * the provider charge, settles, is killed and comes back with nothing but the log.
 */
final class SimulatedInstance {

    private static final int AT_ONCE = 6;

    private final LedgerSimulation world;
    private final int number;
    private final Random random;
    private final long skewMillis;
    private final Deque<Long> waiting = new ArrayDeque<>();
    private Life life;
    private int armed = -1;

    /** Everything that a kill takes away. */
    private final class Life {
        private final String name = world.incarnation(number);
        private final Set<String> appended = new HashSet<>();
        private final List<Long> inFlight = new ArrayList<>();
        private final Ledger ledger;
        private final List<Budget> budgets;
        private int position;
        private boolean dead;

        Life() {
            CallWindow window =
                    world.plan().lie() == LedgerSimulation.Lie.NO_WINDOW
                            ? new CallWindow(Duration.ZERO, Duration.ZERO)
                            : new CallWindow(Duration.ofSeconds(1), Duration.ofSeconds(30));
            InstantSource clock = () -> world.now().plusMillis(skewMillis);
            ledger =
                    new Ledger(name, this::append, window, clock, () -> world.millis() * 1_000_000);
            budgets =
                    List.of(
                            ledger.budget(pipeline(), world.spec(pipeline())),
                            ledger.budget("all", world.spec("all")));
        }

        private void append(String key, byte[] value) {
            SimulatedLog.Entry entry =
                    new SimulatedLog.Entry(key, value, name, world.now().plusMillis(skewMillis));
            boolean first = appended.add(key);
            world.log().append(entry, world::in);
            if (first) {
                if (world.plan().lie() == LedgerSimulation.Lie.NO_READ_BACK) {
                    world.in(0, () -> tell(entry));
                }
                if (armed == 0) { // between the append and its reading
                    world.in(random.nextInt(15), () -> killIf(this));
                }
            }
        }

        private void tell(SimulatedLog.Entry entry) {
            if (!dead) {
                ledger.read(entry.key(), entry.value());
            }
        }
    }

    SimulatedInstance(LedgerSimulation world, int number, Random random) {
        this.world = world;
        this.number = number;
        this.random = random;
        long most = world.plan().skew().toMillis();
        this.skewMillis = random.nextLong(-most, most + 1);
        this.life = new Life();
    }

    void start() {
        start(life);
    }

    private void start(Life mine) {
        if (mine.dead) {
            return;
        }
        Ledger.Unread unread = mine.ledger.unread().orElseThrow();
        mine.position = world.log().from(unread.since());
        int end = world.log().entries().size();
        world.in(random.nextInt(300), () -> follow(mine, unread, end));
    }

    /** An event needs a call. */
    void arrive() {
        waiting.add(world.worst());
        work();
    }

    void limit(String name, Money limit) {
        for (Budget budget : life.budgets) {
            if (budget.name().equals(name)) {
                budget.limit(limit);
            }
        }
    }

    /** It dies at the next chance of a kind. */
    void arm(int kind) {
        armed = kind;
        if (kind == 3) { // anywhere
            Life mine = life;
            world.in(random.nextInt(1_000), () -> killIf(mine));
        }
    }

    boolean armed() {
        return armed >= 0;
    }

    private String pipeline() {
        return number % 2 == 0 ? "a" : "b";
    }

    private void killIf(Life doomed) {
        if (!doomed.dead) {
            doomed.dead = true;
            armed = -1;
            waiting.addAll(doomed.inFlight);
            world.killed();
            Life next = new Life();
            life = next;
            world.in(500 + random.nextInt(10_000), () -> start(next));
        }
    }

    /** Reads what there is, now and then late, and goes on with the work. */
    private void follow(Life mine, Ledger.Unread unread, int end) {
        if (mine.dead) {
            return;
        }
        List<SimulatedLog.Entry> entries = world.log().entries();
        List<SimulatedLog.Entry> batch =
                new ArrayList<>(entries.subList(mine.position, entries.size()));
        mine.position = entries.size();
        boolean before = mine.position >= end;
        for (SimulatedLog.Entry entry : told(batch, mine)) {
            mine.tell(entry);
        }
        if (before) {
            mine.ledger.caughtUp(unread);
        }
        mine.ledger.tend();
        work();
        boolean late = world.plan().faults() && random.nextInt(1_000) == 0;
        long next =
                late
                        ? 3_000 + random.nextInt(5_000)
                        : world.idle() ? 2_000 : 20 + random.nextInt(80);
        world.in(next, () -> follow(mine, unread, end));
    }

    /** What a reader is told, in which order. */
    private List<SimulatedLog.Entry> told(List<SimulatedLog.Entry> batch, Life mine) {
        switch (world.plan().lie()) {
            case DEAD_FORGOTTEN -> batch.removeIf(entry -> !world.alive(entry.owner()));
            case BELOW_TAKEN_FOR_ABOVE ->
                    batch.removeIf(
                            entry -> {
                                boolean others = !entry.owner().equals(mine.name);
                                if (others) {
                                    world.in(3_000, () -> mine.tell(entry));
                                }
                                return others;
                            });
            default -> {}
        }
        return batch;
    }

    String name() {
        return life.name;
    }

    private void work() {
        Life mine = life;
        while (!waiting.isEmpty() && mine.inFlight.size() < AT_ONCE) {
            long worst = waiting.peek();
            if (mine.ledger.ask(mine.budgets, new Money(worst))
                    instanceof Ledger.Reply.Covered(Spending.Hold hold)) {
                waiting.remove();
                call(mine, worst, hold);
            } else {
                return; // the next reading, or a call that ends, comes back here
            }
        }
    }

    private void call(Life mine, long worst, Spending.Hold hold) {
        mine.inFlight.add(worst);
        long lasts =
                random.nextInt(50) == 0
                        ? 5_000 + random.nextInt(20_000)
                        : 100 + random.nextInt(2_000);
        int kind = world.plan().faults() ? random.nextInt(100) : 50;
        long actual = kind == 0 ? 0 : world.actual(worst);
        List<String> names = List.of(pipeline(), "all");
        Bill.Call open = world.bill().open(names, worst);
        world.in(random.nextLong(lasts + 1), () -> world.bill().charge(open, actual, world.now()));
        if (armed == 1) { // while the call is under way
            world.in(random.nextLong(lasts + 1), () -> killIf(mine));
        }
        world.in(
                lasts,
                () -> {
                    world.bill().end(open);
                    ended(mine, worst, hold, kind, actual);
                });
    }

    private void ended(Life mine, long worst, Spending.Hold hold, int kind, long actual) {
        if (mine.dead) {
            return;
        }
        if (armed == 2) { // the call is over, and its cost written nowhere
            killIf(mine);
            return;
        }
        mine.inFlight.remove(worst);
        if (kind == 0) {
            hold.release();
        } else if (kind < 3) {
            hold.charge();
        } else {
            hold.settle(new Money(actual));
        }
        work();
    }
}
