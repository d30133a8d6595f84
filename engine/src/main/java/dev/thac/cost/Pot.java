package dev.thac.cost;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * One period of one budget, as one instance sees it: all leases the log has told of so far, and
 * what this instance does with its own. Guarded by the ledger's lock. Amounts in nano-USD.
 *
 * <p><b>Why the limit holds.</b> A lease is its owner's only if, where it stands in the log, it and
 * the latest values of all others below it fit under the limit. Values only fall, and never below
 * what their owner has spent or still may spend of them. So of all leases in use, the one that
 * stands highest had room for all the others, and their sum is at most the limit, whatever becomes
 * of owners, answers and readers. A lease counts from the moment it is in the log, whether its
 * owner knows it or not, is alive or not, may use it or not.
 *
 * <p>Leases are small: what the last ten seconds cost or a thousandth of the limit, at most half of
 * what is left, and at least what the waiting call can cost; so an instance that dies takes little
 * with it and the last of the money reaches whoever needs it.
 */
final class Pot {

    /** After so long without being read back, a lease may have been lost on its way. */
    static final long DOUBT = Duration.ofSeconds(5).toNanos();

    /** After so long it is not expected any more; should it turn up, it is given back. */
    static final long GIVEN_UP = Duration.ofSeconds(60).toNanos();

    private static final long IDLE = Duration.ofSeconds(5).toNanos();
    private static final long WINDOW = Duration.ofSeconds(10).toNanos();
    private static final int MOST_DOUBTFUL = 3;
    private static final long FINEST = 1000;

    private final String budget;
    private final Period period;
    private final LeaseWriter writer;
    private final LongSupplier nanoTime;

    /** Every lease of the log by key, and their sum. */
    private final Map<String, Long> leases = new HashMap<>();

    private long taken;

    /** Those that this instance has asked for and not read back, by number. */
    private final Map<Long, Own> asked = new HashMap<>();

    /** Those it has, newest first. */
    private final Deque<Own> granted = new ArrayDeque<>();

    /** Those it has made smaller, while the log says more, by number. */
    private final Map<Long, Own> shrinking = new HashMap<>();

    private long leased;
    private long spent;
    private long open;
    private long lastUse;
    private boolean refusing;
    private long windowBegan;
    private long spentInWindow;
    private long spentBefore;

    /** What can be said to a call. */
    enum Reply {
        /** It is covered. */
        COVERED,
        /** Not yet, but there is enough to be asked for. */
        ASK,
        /** Not now; soon, perhaps. */
        WAIT,
        /** Nothing that is on its way would be enough. */
        REFUSED
    }

    /** A lease of this instance. */
    private static final class Own {
        private final long number;
        private final String key;

        /** What it is to be; less than the log says while a record is on its way. */
        private long amount;

        private long written;

        Own(long number, String key) {
            this.number = number;
            this.key = key;
        }
    }

    Pot(String budget, Period period, LeaseWriter writer, LongSupplier nanoTime) {
        this.budget = budget;
        this.period = period;
        this.writer = writer;
        this.nanoTime = nanoTime;
        this.lastUse = nanoTime.getAsLong();
        this.windowBegan = lastUse;
    }

    Period period() {
        return period;
    }

    /** Leased, and neither spent nor promised to a call. Negative where calls cost too much. */
    long free() {
        return leased - spent - open;
    }

    long spent() {
        return spent;
    }

    long open() {
        return open;
    }

    boolean refusing() {
        return refusing;
    }

    /** What is gone for all instances together, but for what is free here. */
    long used() {
        return Math.max(0, taken - Math.max(0, free()));
    }

    /** What nobody has leased, as far as the log was read. */
    long left(long limit) {
        return Math.max(0, limit - taken);
    }

    /**
     * The log tells of a lease.
     *
     * @return whether asking again may help somebody here
     */
    boolean read(LeaseRecord record, long limit) {
        String key = record.key();
        Long before = leases.get(key);
        if (before == null) {
            long below = taken;
            leases.put(key, record.amount());
            taken = sum(taken, record.amount());
            return record.instance().equals(writer.instance())
                    && readBack(record, sum(below, record.amount()) <= limit);
        }
        if (record.amount() < before) {
            leases.put(key, record.amount());
            taken = taken == Long.MAX_VALUE ? recount() : taken - before + record.amount();
            shrunk(record);
            return true;
        }
        return false;
    }

    /** A lease of this instance has its place in the log: it is ours, or given back at once. */
    private boolean readBack(LeaseRecord record, boolean fits) {
        Own lease = asked.remove(record.number());
        if (lease == null) { // given up before it came
            lease = new Own(record.number(), record.key());
        }
        if (fits && lease.amount > 0) {
            leased += lease.amount;
            lastUse = nanoTime.getAsLong();
            granted.push(lease);
        } else {
            shrink(lease, 0);
        }
        return true;
    }

    /** The log says what we want it to say of a lease. */
    private void shrunk(LeaseRecord record) {
        Own lease = shrinking.get(record.number());
        if (record.instance().equals(writer.instance())
                && lease != null
                && record.amount() <= lease.amount) {
            shrinking.remove(record.number());
        }
    }

    /**
     * Whether a call is covered. Changes nothing.
     *
     * @param worst what it can cost
     * @param limit the limit
     */
    Reply reply(long worst, long limit) {
        if (free() >= worst) {
            return Reply.COVERED;
        }
        long need = worst - free();
        long doubtful = doubtful();
        if (!asking() && limit - sum(taken, doubtful) >= need) {
            return Reply.ASK;
        }
        long back = open + returning();
        boolean hope = doubtful > 0 || (back > 0 && sum(left(limit), back) >= need);
        return hope ? Reply.WAIT : Reply.REFUSED;
    }

    /**
     * Asks the log for what is missing.
     *
     * @param worst what a call can cost
     * @param limit the limit
     * @param waiting what all calls that wait here can cost
     */
    void lease(long worst, long limit, long waiting) {
        long need = worst - free();
        long left = limit - sum(taken, doubtful());
        roll();
        long recent = Math.max(spentInWindow, spentBefore);
        long wanted = Math.max(Math.max(waiting - free(), recent), limit / FINEST);
        lease(Math.max(need, Math.min(wanted, left / 2)));
    }

    /** A call is refused: what is free is of no use here, but perhaps to others. */
    void refuse() {
        refusing = true;
        giveBack();
    }

    /** A covered call is made. */
    void take(long worst) {
        lastUse = nanoTime.getAsLong();
        refusing = false;
        open += worst;
    }

    /** A call that was taken is over. */
    void settle(long worst, long actual) {
        open -= worst;
        spent += actual;
        roll();
        spentInWindow += actual;
    }

    /** Makes the leases as small as what is spent and promised. */
    void giveBack() {
        long rest = free();
        for (Own lease : List.copyOf(granted)) {
            if (rest > 0) {
                long less = Math.min(rest, lease.amount);
                leased -= less;
                rest -= less;
                shrink(lease, lease.amount - less);
            }
        }
    }

    /**
     * From time to time: repeats what seems lost, gives back what lies idle.
     *
     * @param limit the limit
     * @param over whether the period is over
     */
    void tend(long limit, boolean over) {
        long now = nanoTime.getAsLong();
        asked.values().removeIf(lease -> now - lease.written > GIVEN_UP);
        for (Own lease : List.copyOf(shrinking.values())) {
            if (now - lease.written > DOUBT) {
                shrink(lease, lease.amount);
            }
        }
        boolean scarce = left(limit) < limit / 2;
        boolean idle = now - lastUse > IDLE;
        if (free() > 0 && (over ? open == 0 : scarce && idle)) {
            giveBack();
        } else if (reply(0, limit) == Reply.ASK) {
            lease(-free()); // a call cost more than it could: nobody else may spend that
        }
    }

    private void lease(long amount) {
        long number = writer.number();
        LeaseRecord record =
                new LeaseRecord(
                        budget, period.start(), writer.instance(), number, amount, Instant.EPOCH);
        Own lease = new Own(number, record.key());
        lease.amount = amount;
        lease.written = nanoTime.getAsLong();
        asked.put(number, lease);
        writer.write(budget, period, number, amount);
    }

    private void shrink(Own lease, long amount) {
        lease.amount = amount;
        lease.written = nanoTime.getAsLong();
        shrinking.put(lease.number, lease);
        if (amount == 0) {
            granted.remove(lease);
        }
        writer.write(budget, period, lease.number, amount);
    }

    private void roll() {
        long now = nanoTime.getAsLong();
        if (now - windowBegan > WINDOW) {
            spentBefore = now - windowBegan > 2 * WINDOW ? 0 : spentInWindow;
            spentInWindow = 0;
            windowBegan = now;
        }
    }

    /** Whether a lease was asked for a moment ago, or so many are in doubt that no more go out. */
    private boolean asking() {
        long now = nanoTime.getAsLong();
        return asked.size() >= MOST_DOUBTFUL
                || asked.values().stream().anyMatch(lease -> now - lease.written <= DOUBT);
    }

    /** Asked for, and perhaps in the log. */
    private long doubtful() {
        return asked.values().stream().mapToLong(lease -> lease.amount).sum();
    }

    /** Given back by this instance, and not yet read back. */
    private long returning() {
        long returning = 0;
        for (Own lease : shrinking.values()) {
            returning += Math.max(0, leases.getOrDefault(lease.key, 0L) - lease.amount);
        }
        return returning;
    }

    private long recount() {
        return leases.values().stream().reduce(0L, Pot::sum);
    }

    /** A sum that does not pass the largest number. */
    private static long sum(long one, long other) {
        long sum = one + other;
        return sum < 0 && one >= 0 && other >= 0 ? Long.MAX_VALUE : sum;
    }
}
