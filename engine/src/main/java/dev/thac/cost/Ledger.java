package dev.thac.cost;

import dev.thac.event.Money;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The budgets of one process, held against those of all others by a log that all write and read.
 * Nobody coordinates: the order of the log decides who has got the money. See {@link Pot} for the
 * rules.
 *
 * <p>Whoever owns the log hands every record of it to {@link #read} in order, says with {@link
 * #caughtUp} that the past is known, and calls {@link #tend} several times a second. Thread-safe:
 * one lock, under which nothing blocks.
 */
public final class Ledger {

    private static final long LOOK_AGAIN = TimeUnit.MILLISECONDS.toNanos(100);

    /** Leases of a period may be taken so long before it begins, by a clock that may be wrong. */
    private static final Duration BEFORE = Duration.ofMinutes(30);

    private final LeaseWriter writer;
    private final CallWindow window;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<String, Budget> budgets = new TreeMap<>();
    private final Map<String, Instant> periods = new TreeMap<>();
    private long changes;
    private boolean closed;

    /** What is said to a call that wants to be covered. */
    sealed interface Reply {
        /** It is. */
        record Covered(Spending.Hold hold) implements Reply {}

        /** Not yet. */
        record Wait() implements Reply {}

        /** It is not. */
        record Refused(BudgetException why) implements Reply {}
    }

    /**
     * A part of the log that has to be read before budgets can be spent.
     *
     * @param since the time of the earliest record that matters
     * @param budgets names of those that need it
     */
    public record Unread(Instant since, Set<String> budgets) {
        /** Copies the names. */
        public Unread {
            budgets = Set.copyOf(budgets);
        }
    }

    /**
     * The books of a process that has spent nothing yet.
     *
     * @param instance name of the process, which none other had or will have
     * @param log where its leases are written
     * @param window how far charges may be from reservations
     * @param clock the time of day
     * @param nanoTime time for measuring, in nanoseconds
     */
    public Ledger(
            String instance,
            LedgerLog log,
            CallWindow window,
            InstantSource clock,
            LongSupplier nanoTime) {
        this.writer = new LeaseWriter(instance, log, clock);
        this.window = window;
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    /**
     * The budget of a name; the first who asks for it declares it.
     *
     * @param name its name, the same in every process
     * @param spec limit, period and what happens at the limit
     * @return the budget
     */
    public Budget budget(String name, BudgetSpec spec) {
        return look(() -> budgets.computeIfAbsent(name, _ -> new Budget(name, spec, this)));
    }

    /**
     * Leave to spend for an asker to whom these budgets apply.
     *
     * @param those budgets of this ledger; where several refuse, the first one speaks
     * @return the leave; without limits if there are no budgets
     */
    public Spending spending(List<Budget> those) {
        return those.isEmpty() ? Spending.UNLIMITED : new Asker(List.copyOf(those));
    }

    /**
     * What of the log has to be read (again) from an earlier place than before.
     *
     * @return empty when every budget knows its past
     */
    public Optional<Unread> unread() {
        return look(
                () -> {
                    Set<String> names = new HashSet<>();
                    Instant since = now();
                    for (Budget budget : budgets.values()) {
                        if (!budget.isReady()) {
                            names.add(budget.name());
                            Instant start = budget.earliest(now(), window).minus(BEFORE);
                            since = start.isBefore(since) ? start : since;
                        }
                    }
                    return names.isEmpty()
                            ? Optional.empty()
                            : Optional.of(new Unread(since, names));
                });
    }

    /**
     * All was read that the log held when this was asked for.
     *
     * @param unread what {@link #unread} returned before the reading began
     */
    public void caughtUp(Unread unread) {
        change(
                () -> {
                    for (Budget budget : budgets.values()) {
                        if (unread.budgets().contains(budget.name())) {
                            budget.ready();
                        }
                    }
                });
    }

    /**
     * The next record of the log; a record may come again, but not before others that preceded it.
     *
     * @param key its key
     * @param value its value
     */
    public void read(String key, byte[] value) {
        Optional<LeaseRecord> lease = LeaseRecord.read(key, value);
        if (lease.isEmpty()) {
            return;
        }
        lock.lock();
        try {
            Budget budget = budgets.get(lease.get().budget());
            if (budget != null && budget.read(lease.get(), now())) {
                change();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Time has passed: repeats what seems lost, gives back what lies idle, notices new periods. */
    public void tend() {
        lock.lock();
        try {
            Instant now = now();
            for (Budget budget : budgets.values()) {
                if (!closed) {
                    budget.tend(now, window);
                }
                Instant period = budget.periodStart(now.minus(window.clockSkew()));
                if (!period.equals(periods.put(budget.name(), period))) {
                    change();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Refuses from now on, and gives back what is neither spent nor promised to a call. */
    public void close() {
        lock.lock();
        try {
            closed = true;
            budgets.values().forEach(Budget::giveBack);
            change();
        } finally {
            lock.unlock();
        }
    }

    /** Covers a call, without waiting. */
    Reply ask(List<Budget> those, Money worst) {
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("the ledger is closed");
            }
            Instant now = now();
            Map<Budget, List<Pot>> touched = new LinkedHashMap<>();
            boolean covered = true;
            for (Budget budget : those) {
                List<Pot> pots = budget.pots(now, window);
                touched.put(budget, pots);
                Pot.Reply reply = budget.reply(pots, worst.nanos());
                if (reply == Pot.Reply.REFUSED) {
                    BudgetRefusal why = budget.refuse(pots, worst.nanos());
                    return new Reply.Refused(new BudgetException(why, changes));
                }
                covered &= reply == Pot.Reply.COVERED;
            }
            if (!covered) {
                touched.forEach((budget, pots) -> budget.lease(pots, worst.nanos()));
                return new Reply.Wait();
            }
            List<Pot> all = touched.values().stream().flatMap(List::stream).toList();
            all.forEach(pot -> pot.take(worst.nanos()));
            return new Reply.Covered(new OpenHold(all, worst.nanos(), now));
        } finally {
            lock.unlock();
        }
    }

    /** Does something under the lock, after which asking again may help. */
    void change(Runnable action) {
        lock.lock();
        try {
            action.run();
            change();
        } finally {
            lock.unlock();
        }
    }

    /** Looks at something under the lock. */
    <T> T look(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    Instant now() {
        return clock.instant();
    }

    LeaseWriter writer() {
        return writer;
    }

    LongSupplier nanoTime() {
        return nanoTime;
    }

    private void change() {
        changes++;
        changed.signalAll();
    }

    /** One who spends. */
    private final class Asker implements Spending {

        private final List<Budget> those;

        Asker(List<Budget> those) {
            this.those = those;
        }

        @Override
        public Hold reserve(Money worst) throws BudgetException, InterruptedException {
            if (worst.nanos() <= 0) {
                return UnlimitedSpending.NOTHING;
            }
            lock.lockInterruptibly();
            try {
                those.forEach(budget -> budget.waiting(worst.nanos()));
                while (true) {
                    switch (ask(those, worst)) {
                        case Reply.Covered(Hold hold) -> {
                            return hold;
                        }
                        case Reply.Refused(BudgetException why) -> throw why;
                        case Reply.Wait() -> {
                            long _ = changed.awaitNanos(LOOK_AGAIN);
                        }
                    }
                }
            } finally {
                those.forEach(budget -> budget.waiting(-worst.nanos()));
                lock.unlock();
            }
        }

        @Override
        public void awaitChange(BudgetException refused, Duration atMost)
                throws InterruptedException {
            long end = nanoTime.getAsLong() + atMost.toNanos();
            lock.lockInterruptibly();
            try {
                while (changes == refused.seen() && nanoTime.getAsLong() < end) {
                    long _ = changed.awaitNanos(LOOK_AGAIN);
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /** A call in flight. */
    private final class OpenHold implements Spending.Hold {

        private final List<Pot> pots;
        private final long worst;
        private final Instant began;
        private boolean over;

        OpenHold(List<Pot> pots, long worst, Instant began) {
            this.pots = List.copyOf(pots);
            this.worst = worst;
            this.began = began;
        }

        @Override
        public void settle(Money actual) {
            end(Math.max(0, actual.nanos()));
        }

        @Override
        public void charge() {
            end(worst);
        }

        @Override
        public void release() {
            end(0);
        }

        /** Charges every period in which the call can have been charged. */
        private void end(long actual) {
            lock.lock();
            try {
                if (over) {
                    return;
                }
                over = true;
                Instant from = began.minus(window.clockSkew());
                Instant to = now().plus(window.clockSkew());
                for (Pot pot : pots) {
                    pot.settle(worst, pot.period().touches(from, to) ? actual : 0);
                }
                change();
            } finally {
                lock.unlock();
            }
        }
    }
}
