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
 * for longer.
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
         */
        record HalfOpen(int times) implements State {}
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
     * @param threshold opens when the weights of the failures among them reach this
     * @param consecutive opens when the weights of failures without a success between reach this
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
    private final int[] recent;

    private boolean led;
    private int next;
    private int recentWeight;
    private int runWeight;

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
        this.recent = new int[settings.window()];
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
                runWeight = 0;
                remember(0);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * The call failed, which counts towards opening.
     *
     * @param pass what it was let through with
     * @param weight how much it counts, at least 1
     * @param atLeast how long to stay open if this opens it, or if it is open already
     */
    public void failed(Pass pass, int weight, Duration atLeast) {
        lock.lock();
        try {
            if (!holds(pass)) {
                extend(atLeast);
            } else if (pass.probe()) {
                open(atLeast);
            } else {
                runWeight += weight;
                remember(weight);
                if (recentWeight >= settings.threshold() || runWeight >= settings.consecutive()) {
                    open(atLeast);
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
        lock.lock();
        try {
            if (holds(pass)) {
                open(atLeast);
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
            if (pass.probe() && holds(pass) && phase.state() instanceof State.HalfOpen(int times)) {
                become(new State.Open(ticker.nanos(), times));
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
            case State.HalfOpen _ -> null;
            case State.Open(long until, int times) -> {
                if (ticker.nanos() - until < 0) {
                    yield null;
                }
                become(new State.HalfOpen(times));
                yield new Pass(true, phase.generation());
            }
        };
    }

    private void awaitChange() throws InterruptedException {
        if (led || !(phase.state() instanceof State.Open(long until, int _))) {
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
        Arrays.fill(recent, 0);
        recentWeight = 0;
        runWeight = 0;
        leaderWakes.signalAll();
        othersWake.signalAll();
    }

    private void open(Duration atLeast) {
        int times =
                switch (phase.state()) {
                    case State.Closed() -> 1;
                    case State.HalfOpen(int before) -> before + 1;
                    case State.Open(long _, int before) -> before;
                };
        Duration openTime = settings.openTime().delay(times - 1);
        Duration longer = openTime.compareTo(atLeast) < 0 ? atLeast : openTime;
        become(new State.Open(ticker.nanos() + longer.toNanos(), times));
        opened.accept(times);
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

    private void remember(int weight) {
        recentWeight += weight - recent[next];
        recent[next] = weight;
        next = (next + 1) % recent.length;
    }
}
