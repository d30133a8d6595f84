package dev.thac.cost;

import dev.thac.event.Money;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A purse that a test fills, and that remembers what became of every hold. Thread-safe. */
public final class ScriptedSpending implements Spending {

    private final AtLimit atLimit;
    private final List<String> ends = new ArrayList<>();
    private final List<Money> asked = new ArrayList<>();
    private long left;
    private int held;
    private int waits;

    /** A purse. */
    public ScriptedSpending(Money money, AtLimit atLimit) {
        this.left = money.nanos();
        this.atLimit = atLimit;
    }

    /** Puts more money in, and wakes who waits. */
    public synchronized void add(Money more) {
        left += more.nanos();
        notifyAll();
    }

    /** What is in it. */
    public synchronized Money left() {
        return new Money(left);
    }

    /** How many holds are open. */
    public synchronized int held() {
        return held;
    }

    /** How often somebody waited for more. */
    public synchronized int waits() {
        return waits;
    }

    /** How each hold ended: {@code settled 35000}, {@code charged} or {@code released}. */
    public synchronized List<String> ends() {
        return List.copyOf(ends);
    }

    /** What was asked for, at worst. */
    public synchronized List<Money> asked() {
        return List.copyOf(asked);
    }

    @Override
    public synchronized Hold reserve(Money worst) throws BudgetException {
        if (worst.nanos() == 0) {
            return UnlimitedSpending.NOTHING;
        }
        asked.add(worst);
        if (worst.nanos() > left) {
            throw refusal(atLimit, worst, new Money(left));
        }
        left -= worst.nanos();
        held++;
        return new Hold() {
            @Override
            public void settle(Money actual) {
                end("settled " + actual.nanos(), worst.nanos() - actual.nanos());
            }

            @Override
            public void charge() {
                end("charged", 0);
            }

            @Override
            public void release() {
                end("released", worst.nanos());
            }
        };
    }

    @Override
    public synchronized void awaitChange(BudgetException refused, Duration atMost)
            throws InterruptedException {
        waits++;
        if (refused.refusal().left().nanos() == left) {
            wait(atMost.toMillis());
        }
    }

    /** What a budget says that is used up. */
    public static BudgetException refusal(AtLimit atLimit, Money worst, Money left) {
        return new BudgetException(
                new BudgetRefusal(
                        "daily",
                        atLimit,
                        false,
                        Instant.parse("2026-11-02T00:00:00Z"),
                        new Money(1_000_000_000),
                        left,
                        worst));
    }

    private synchronized void end(String how, long back) {
        ends.add(how);
        left += back;
        held--;
        notifyAll();
    }
}
