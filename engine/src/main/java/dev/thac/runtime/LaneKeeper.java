package dev.thac.runtime;

import dev.thac.event.ErrorCategory;
import dev.thac.event.ErrorCode;
import dev.thac.event.ThacException;
import dev.thac.kafka.Lane;
import dev.thac.kafka.LaneStatus;
import dev.thac.resilience.Ticker;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Keeps one lane running: an error ends a lane (its transaction is aborted, it leaves the group),
 * and a new one is started after a pause that doubles, up to 16 s. Brokers that cannot be reached,
 * or that do not know the user for a while, are waited for without end. Several quick failures of
 * another kind in a row mean that starting again does not help: then the last error stands. So does
 * one that somebody has to put right. A lane whose place was taken by another process is started
 * again once within a minute: the two would go on taking each other's place for ever. Thread-safe;
 * a virtual thread of its own watches.
 */
final class LaneKeeper {

    private static final Logger LOGGER = LoggerFactory.getLogger(LaneKeeper.class);
    private static final int MAX_QUICK_FAILURES = 5;
    private static final Duration QUICK = Duration.ofMinutes(1);
    private static final Duration AGAIN = Duration.ofMinutes(1);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final int MAX_DOUBLINGS = 6;

    private final Supplier<Lane> lanes;
    private final UnaryOperator<Throwable> diagnosis;
    private final Tally tally;
    private final Ticker ticker;
    private final Consumer<LaneKeeper> whenEnded;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Object lock = new Object();
    private @Nullable Lane lane;
    private Duration drain = Duration.ZERO;
    private boolean paused;
    private final AtomicInteger restarts = new AtomicInteger();
    private volatile @Nullable Throwable failure;

    /** When the lane ended by an error that is cured once; used by the watching thread only. */
    private final Map<ErrorCode, Long> last = new EnumMap<>(ErrorCode.class);

    LaneKeeper(
            Supplier<Lane> lanes,
            UnaryOperator<Throwable> diagnosis,
            Tally tally,
            Ticker ticker,
            Consumer<LaneKeeper> whenEnded) {
        this.lanes = lanes;
        this.diagnosis = diagnosis;
        this.tally = tally;
        this.ticker = ticker;
        this.whenEnded = whenEnded;
    }

    void start() {
        Thread.ofVirtual().name("thac-lane-keeper").start(this::keep);
    }

    /** Asks for the end; returns at once. */
    void stop(Duration longestDrain) {
        synchronized (lock) {
            drain = longestDrain;
            stopped.countDown();
            if (lane != null) {
                lane.stop(longestDrain);
            }
        }
    }

    /** Lets no more events in, or lets them in again; a lane that is started later is told too. */
    void pause(boolean wanted) {
        synchronized (lock) {
            paused = wanted;
            if (lane != null) {
                tell(lane);
            }
        }
    }

    private void tell(Lane running) {
        if (paused) {
            running.pause();
        } else {
            running.resume();
        }
    }

    /** What the lane was doing a moment ago. */
    LaneStatus status() {
        synchronized (lock) {
            return lane == null ? LaneStatus.empty(LaneStatus.State.STARTING) : lane.status();
        }
    }

    int restarts() {
        return restarts.get();
    }

    /** The error that starting again did not cure. */
    Optional<Throwable> failure() {
        return Optional.ofNullable(failure);
    }

    private void keep() {
        try {
            int quick = 0;
            while (true) {
                long begun = ticker.nanos();
                Lane running = begin();
                running.awaitEnd();
                Optional<Throwable> error = running.failure();
                if (error.isEmpty()) {
                    return;
                }
                quick = ticker.nanos() - begun < QUICK.toNanos() ? quick + 1 : 1;
                if (!again(diagnosis.apply(error.get()), quick)) {
                    return;
                }
                restarts.incrementAndGet();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failure = e;
        } finally {
            whenEnded.accept(this);
        }
    }

    private Lane begin() {
        synchronized (lock) {
            Lane fresh = lanes.get();
            lane = fresh;
            tell(fresh);
            if (stopped.getCount() == 0) {
                fresh.stop(drain);
            }
            return fresh;
        }
    }

    /** Whether starting again may help. */
    private boolean curable(Throwable error) {
        if (!(error instanceof ThacException known)
                || known.code().category() != ErrorCategory.CONFIG) {
            return true;
        }
        if (known.code() != ErrorCode.INSTANCE_FENCED && known.code() != ErrorCode.TOPIC_CUT) {
            return false;
        }
        long now = ticker.nanos();
        Long before = last.put(known.code(), now);
        return before == null || now - before > AGAIN.toNanos();
    }

    /** Waits out the pause; returns whether to start again. */
    private boolean again(Throwable error, int quick) throws InterruptedException {
        boolean stopping = stopped.getCount() == 0;
        LOGGER.atError()
                .setCause(error)
                .addKeyValue("failuresInARow", quick)
                .log("a lane ended by an error");
        if (stopping || hopeless(error, quick)) {
            failure = error;
            return false;
        }
        tally.trouble("lane started again after: " + error.getMessage());
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(quick, MAX_DOUBLINGS));
        return !stopped.await(pause.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Brokers come back, however long that takes; the rest needs a person in the end. */
    private boolean hopeless(Throwable error, int quick) {
        boolean kafkaIsAway =
                error instanceof ThacException known && known.code() == ErrorCode.KAFKA_UNAVAILABLE;
        return !kafkaIsAway && (quick >= MAX_QUICK_FAILURES || !curable(error));
    }
}
