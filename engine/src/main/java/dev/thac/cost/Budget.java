package dev.thac.cost;

import dev.thac.event.Money;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Money that may be spent in a period, shared by all instances that know the budget by its name.
 * Thread-safe: the lock is the ledger's.
 */
public final class Budget {

    /** Records of a period may come so long after its end and still be counted. */
    private static final Duration KEPT = Duration.ofHours(1);

    private final String name;
    private final AtLimit atLimit;
    private final BigDecimal warn;
    private final PeriodCalendar calendar;
    private final Ledger ledger;
    private final TreeMap<Instant, Pot> pots = new TreeMap<>();
    private Money limit;
    private boolean paused;
    private boolean ready;

    /** What calls that wait for this budget can cost. */
    private long waiting;

    Budget(String name, BudgetSpec spec, Ledger ledger) {
        this.name = name;
        this.atLimit = spec.atLimit();
        this.warn = BigDecimal.valueOf(spec.warn().ratio());
        this.calendar = new PeriodCalendar(spec.per(), ZoneId.of(spec.zone()));
        this.limit = spec.limit();
        this.ledger = ledger;
    }

    /**
     * What it is called everywhere.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    /**
     * Sets the limit; holds at once. Money that is spent already stays spent, and calls in flight
     * stay covered.
     *
     * @param limit most money in a period, the present one included
     */
    public void limit(Money limit) {
        ledger.change(
                () -> {
                    if (limit.compareTo(this.limit) < 0) {
                        giveBack(); // what was leased under the old limit
                    }
                    this.limit = limit;
                });
    }

    /**
     * Stops and resumes spending; holds at once. Calls in flight stay covered.
     *
     * @param paused whether calls are to be refused
     */
    public void paused(boolean paused) {
        ledger.change(() -> this.paused = paused);
    }

    /**
     * The figures of the present period.
     *
     * @return a snapshot
     */
    public BudgetStanding standing() {
        return ledger.look(this::figures);
    }

    private BudgetStanding figures() {
        Pot pot = pot(calendar.period(ledger.now()));
        Money used = new Money(pot.used());
        Money warnAt =
                new Money(
                        warn.multiply(BigDecimal.valueOf(limit.nanos()))
                                .setScale(0, RoundingMode.CEILING)
                                .longValueExact());
        BudgetState state = used.compareTo(warnAt) >= 0 ? BudgetState.WARN : BudgetState.OK;
        if (paused) {
            state = BudgetState.PAUSED;
        } else if (pot.refusing()) {
            state = BudgetState.AT_LIMIT;
        }
        return new BudgetStanding(
                name,
                pot.period(),
                limit,
                used,
                new Money(pot.spent()),
                new Money(pot.open()),
                warnAt,
                state);
    }

    /** The log was read from before the present period to its end. */
    void ready() {
        ready = true;
    }

    boolean isReady() {
        return ready;
    }

    void waiting(long more) {
        waiting += more;
    }

    /** The start of the earliest period whose leases matter now. */
    Instant earliest(Instant now, CallWindow window) {
        return calendar.period(now.minus(window.clockSkew())).start();
    }

    /**
     * The log tells of a lease of this budget. A lease belongs to the period of today's calendar in
     * which its own began, so that a budget whose calendar is changed forgets nothing.
     *
     * @return whether asking again may help somebody here
     */
    boolean read(LeaseRecord record, Instant now) {
        Period period = period(record.period());
        return period.end().plus(KEPT).isAfter(now) && pot(period).read(record, limit.nanos());
    }

    /** The periods that may be charged with a call which begins now. */
    List<Pot> pots(Instant now, CallWindow window) {
        List<Pot> touched = new ArrayList<>();
        Instant last = now.plus(window.longestCall());
        Period period = period(now.minus(window.clockSkew()));
        touched.add(pot(period));
        while (!period.end().isAfter(last)) {
            period = period(period.end());
            touched.add(pot(period));
        }
        return touched;
    }

    /** Whether a call is covered in every period that may be charged with it. */
    Pot.Reply reply(List<Pot> touched, long worst) {
        if (paused) {
            return Pot.Reply.REFUSED;
        }
        if (!ready) {
            return Pot.Reply.WAIT;
        }
        Pot.Reply reply = Pot.Reply.COVERED;
        for (Pot pot : touched) {
            Pot.Reply each = pot.reply(worst, limit.nanos());
            if (each.compareTo(reply) > 0) {
                reply = each;
            }
        }
        return reply;
    }

    /** Asks the log for what is missing. */
    void lease(List<Pot> touched, long worst) {
        for (Pot pot : touched) {
            if (ready && pot.reply(worst, limit.nanos()) == Pot.Reply.ASK) {
                pot.lease(worst, limit.nanos(), waiting);
            }
        }
    }

    /** Refuses a call, and says why. */
    BudgetRefusal refuse(List<Pot> touched, long worst) {
        Pot scarce = touched.getFirst();
        if (!paused) {
            for (Pot pot : touched) {
                if (pot.reply(worst, limit.nanos()) == Pot.Reply.REFUSED) {
                    pot.refuse();
                    scarce = pot;
                    break;
                }
            }
        }
        return new BudgetRefusal(
                name,
                paused ? AtLimit.PAUSE : atLimit,
                paused,
                scarce.period().end(),
                limit,
                new Money(scarce.left(limit.nanos())),
                new Money(worst));
    }

    /** From time to time. */
    void tend(Instant now, CallWindow window) {
        Instant over = now.minus(window.clockSkew());
        pots.values()
                .removeIf(pot -> pot.open() == 0 && pot.period().end().plus(KEPT).isBefore(over));
        for (Pot pot : pots.values()) {
            pot.tend(limit.nanos(), !pot.period().end().isAfter(over));
        }
    }

    void giveBack() {
        pots.values().forEach(Pot::giveBack);
    }

    Instant periodStart(Instant now) {
        return period(now).start();
    }

    /** The period of an instant, without the calendar where it is a known one. */
    private Period period(Instant at) {
        Map.Entry<Instant, Pot> known = pots.floorEntry(at);
        return known != null && at.isBefore(known.getValue().period().end())
                ? known.getValue().period()
                : calendar.period(at);
    }

    private Pot pot(Period period) {
        return pots.computeIfAbsent(
                period.start(), _ -> new Pot(name, period, ledger.writer(), ledger.nanoTime()));
    }
}
