package dev.thac.resilience;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;

/**
 * One gate for all callers of a dependency. It opens (lets nobody through) after too many failures
 * among the recent calls, or at once when told so; when the open time is over it lets one caller
 * through as a probe, and everybody only after that probe succeeded. A failed probe opens it again,
 * for longer. Who refuses calls does so quickly: after a refusal, a probe that is not refused
 * either within a declared patience counts as let in, however long its answer takes.
 *
 * <p>Thread-safe, also under thousands of waiting virtual threads: while it is open only one of
 * them, the leader, holds a timer; the others wait for a signal, so nothing is woken in vain.
 *
 * <p>Results carry the {@link Pass} they were let through with. Those of calls that began before
 * the last change of state are stale: a storm's last answers neither open a breaker again that has
 * just closed nor close one that has just opened.
 */
public final class CircuitBreaker {

    /** What the breaker is doing. */
    public sealed interface State {

        /** Everybody passes. */
        record Closed() implements State {}

        /**
         * Nobody passes.
         *
         * @param untilNanos when a probe may pass, in the ticker's nanoseconds
         * @param times how often in a row it has opened, from 1
         */
        record Open(long untilNanos, int times) implements State {}

        /**
         * One probe is under way.
         *
         * @param times how often in a row it has opened
         * @param trustedNanos when the probe counts as let in although it is not answered yet, in
         *     the ticker's nanoseconds
         */
        record HalfOpen(int times, long trustedNanos) implements State {}
    }

    /**
     * Leave to make one call, to be handed back with its result.
     *
     * @param probe whether this call decides over the breaker
     * @param generation of the state it was given in
     */
    public record Pass(boolean probe, long generation) {}

    /**
     * When it opens and for how long.
     *
     * @param window how many recent results it looks at
     * @param threshold opens when so many of them are failures
     * @param consecutive opens after so many failures without a success between
     * @param openTime how long it stays open the first, second… time in a row
     */
    public record Settings(int window, int threshold, int consecutive, Backoff openTime) {}

    private record Phase(State state, long generation) {}

    private static final long NO_TIMER = Long.MAX_VALUE / 4;

    private final Settings settings;
    private final Ticker ticker;
    private final IntConsumer opened;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition leaderWakes = lock.newCondition();
    private final Condition othersWake = lock.newCondition();

    /** Written under the lock, also read without it. */
    private volatile Phase phase = new Phase(new State.Closed(), 0);

    /** All below: guarded by the lock. */
    private final boolean[] recent;

    private boolean led;
    private int next;
    private int recentFailures;
    private int failuresInARow;

    /** How long a probe may go unanswered before it counts as let in. */
    private long patience = NO_TIMER;

    /** How often it had opened before it closed on a probe that nobody had answered yet. */
    private int unproven;

    /**
     * A closed breaker.
     *
     * @param settings when it opens
     * @param ticker the time
     * @param opened called each time it opens, under the breaker's lock, with how often in a row it
     *     has; must be quick
     */
    public CircuitBreaker(Settings settings, Ticker ticker, IntConsumer opened) {
        this.settings = settings;
        this.ticker = ticker;
        this.opened = opened;
        this.recent = new boolean[settings.window()];
    }

    /**
     * What it is doing now.
     *
     * @return the state
     */
    public State state() {
        return phase.state();
    }

    /**
     * How long until a probe may pass.
     *
     * @return zero when closed or due; while a probe is under way, zero too
     */
    public Duration untilProbe() {
        return switch (phase.state()) {
            case State.Closed() -> Duration.ZERO;
            case State.HalfOpen _ -> Duration.ZERO;
            case State.Open(long until, int _) ->
                    Duration.ofNanos(Math.max(0, until - ticker.nanos()));
        };
    }

    /**
     * Passes if that is possible without waiting.
     *
     * @return the pass; empty while open, or while another caller's probe is under way
     */
    public Optional<Pass> tryEnter() {
        Phase now = phase;
        if (now.state() instanceof State.Closed) {
            return Optional.of(new Pass(false, now.generation()));
        }
        lock.lock();
        try {
            return Optional.ofNullable(passOrNull());
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until the breaker is closed, or the caller is the probe.
     *
     * @return the pass
     * @throws InterruptedException when the thread is interrupted
     */
    public Pass enter() throws InterruptedException {
        Optional<Pass> pass = tryEnter();
        if (pass.isPresent()) {
            return pass.get();
        }
        lock.lockInterruptibly();
        try {
            for (Pass late = passOrNull(); ; late = passOrNull()) {
                if (late != null) {
                    return late;
                }
                awaitChange();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Whether a pass still holds: the state has not changed since it was given.
     *
     * @param pass the pass
     * @return false when its holder must enter again before it calls
     */
    public boolean holds(Pass pass) {
        return pass.generation() == phase.generation();
    }

    /**
     * The call was answered.
     *
     * @param pass what it was let through with
     */
    public void succeeded(Pass pass) {
        lock.lock();
        try {
            if (!holds(pass)) {
                return;
            }
            if (pass.probe()) {
                close();
            } else {
                failuresInARow = 0;
                unproven = 0;
                remember(false);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * The call failed, which counts towards opening.
     *
     * @param pass what it was let through with
     * @param atLeast how long to stay open if this opens it, or if it is open already
     */
    public void failed(Pass pass, Duration atLeast) {
        lock.lock();
        try {
            if (!holds(pass)) {
                extend(atLeast);
            } else if (pass.probe()) {
                open(atLeast, NO_TIMER);
            } else {
                failuresInARow++;
                remember(true);
                if (recentFailures >= settings.threshold()
                        || failuresInARow >= settings.consecutive()) {
                    open(atLeast, NO_TIMER);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * The call failed in a way that makes others pointless: opens at once.
     *
     * @param pass what it was let through with
     * @param atLeast how long to stay open at least
     */
    public void trip(Pass pass, Duration atLeast) {
        trip(pass, atLeast, NO_TIMER);
    }

    /**
     * The call was refused: opens at once.
     *
     * @param pass what it was let through with
     * @param atLeast how long to stay open at least
     * @param patience a probe that is neither refused nor answered for so long counts as let in
     */
    public void refused(Pass pass, Duration atLeast, Duration patience) {
        trip(pass, atLeast, patience.toNanos());
    }

    private void trip(Pass pass, Duration atLeast, long patienceNanos) {
        lock.lock();
        try {
            if (holds(pass)) {
                open(atLeast, patienceNanos);
            } else {
                extend(atLeast);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * The call was not made, or its result says nothing; a probe's place becomes free for another.
     *
     * @param pass what it was let through with
     */
    public void abandoned(Pass pass) {
        lock.lock();
        try {
            if (pass.probe() && holds(pass) && phase.state() instanceof State.HalfOpen half) {
                become(new State.Open(ticker.nanos(), half.times()));
                leaderWakes.signal();
                othersWake.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Pass passOrNull() {
        return switch (phase.state()) {
            case State.Closed() -> new Pass(false, phase.generation());
            case State.HalfOpen(int times, long trusted) -> {
                if (ticker.nanos() - trusted < 0) {
                    yield null;
                }
                close();
                unproven = times;
                yield new Pass(false, phase.generation());
            }
            case State.Open(long until, int times) -> {
                long now = ticker.nanos();
                if (now - until < 0) {
                    yield null;
                }
                become(new State.HalfOpen(times, now + patience));
                yield new Pass(true, phase.generation());
            }
        };
    }

    private void awaitChange() throws InterruptedException {
        long until =
                switch (phase.state()) {
                    case State.Closed() -> NO_TIMER; // nobody waits then
                    case State.HalfOpen(int _, long trusted) -> trusted;
                    case State.Open(long end, int _) -> end;
                };
        if (led) {
            ticker.await(othersWake, NO_TIMER);
            return;
        }
        led = true;
        try {
            ticker.await(leaderWakes, until - ticker.nanos());
        } finally {
            led = false;
            othersWake.signal();
        }
    }

    private void close() {
        become(new State.Closed());
        Arrays.fill(recent, false);
        recentFailures = 0;
        failuresInARow = 0;
        unproven = 0;
        leaderWakes.signalAll();
        othersWake.signalAll();
    }

    private void open(Duration atLeast, long patienceNanos) {
        int times =
                switch (phase.state()) {
                    case State.Closed() -> unproven + 1;
                    case State.HalfOpen(int before, long _) -> before + 1;
                    case State.Open(long _, int before) -> before;
                };
        Duration openTime = settings.openTime().delay(times - 1);
        Duration longer = openTime.compareTo(atLeast) < 0 ? atLeast : openTime;
        patience = patienceNanos;
        become(new State.Open(ticker.nanos() + longer.toNanos(), times));
        opened.accept(times);
        leaderWakes.signal();
        othersWake.signal();
    }

    private void extend(Duration atLeast) {
        if (phase.state() instanceof State.Open(long until, int times)) {
            long later = ticker.nanos() + atLeast.toNanos();
            if (later - until > 0) {
                phase = new Phase(new State.Open(later, times), phase.generation());
            }
        }
    }

    private void become(State following) {
        phase = new Phase(following, phase.generation() + 1);
    }

    private void remember(boolean failure) {
        recentFailures += (failure ? 1 : 0) - (recent[next] ? 1 : 0);
        recent[next] = failure;
        next = (next + 1) % recent.length;
    }
}
