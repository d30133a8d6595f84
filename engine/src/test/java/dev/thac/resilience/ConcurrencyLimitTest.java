package dev.thac.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

@Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ConcurrencyLimitTest {

    private final ManualTicker ticker = new ManualTicker();

    @Test
    void placesAreHandedOutInTurn() throws Exception {
        ConcurrencyLimit limit = new ConcurrencyLimit(1, ticker);
        limit.acquire();
        List<Integer> order = new CopyOnWriteArrayList<>();
        List<Thread> waiters = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            int number = i;
            waiters.add(
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        acquire(limit);
                                        order.add(number);
                                        limit.release();
                                    }));
            await().until(() -> waiters.getLast().getState() == Thread.State.TIMED_WAITING);
        }

        limit.release();
        for (Thread waiter : waiters) {
            waiter.join();
        }

        assertThat(order).containsExactly(0, 1, 2, 3, 4);
        assertThat(limit.inFlight()).isZero();
    }

    @Test
    void competingFlowsGetPlacesByWeight() throws Exception {
        ConcurrencyLimit limit = new ConcurrencyLimit(1, ticker);
        ConcurrencyLimit.Flow heavy = new ConcurrencyLimit.Flow();
        heavy.weight(3);
        ConcurrencyLimit.Flow light = new ConcurrencyLimit.Flow();
        limit.acquire();
        List<String> order = new CopyOnWriteArrayList<>();
        List<Thread> waiters = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            boolean first = i < 20;
            waiters.add(
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        acquire(limit, first ? light : heavy);
                                        order.add(first ? "light" : "heavy");
                                        limit.release();
                                    }));
            await().until(() -> waiters.getLast().getState() == Thread.State.TIMED_WAITING);
        }

        limit.release();
        for (Thread waiter : waiters) {
            waiter.join();
        }

        assertThat(order.subList(0, 20)).filteredOn("heavy"::equals).hasSizeBetween(14, 16);
        assertThat(order.subList(28, 40)).as("what one leaves").containsOnly("light");
    }

    @Test
    void itGrowsByTheClockWhileNobodyIsAnsweredAndNobodyElseComes() throws Exception {
        ConcurrencyLimit limit = new ConcurrencyLimit(8, ticker);
        limit.acquire();
        limit.declare(1);
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            callers.add(Thread.ofVirtual().start(() -> acquire(limit)));
            await().until(() -> callers.getLast().getState() == Thread.State.TIMED_WAITING);
        }

        limit.declare(8);
        for (int places = 2; places <= 8; places *= 2) {
            ticker.advance(Duration.ofMillis(500));
            int expected = places;
            await().until(() -> limit.inFlight() == expected);
        }

        for (Thread caller : callers) {
            caller.join();
        }
        assertThat(limit.inFlight()).isEqualTo(8);
    }

    @Test
    void aLargerNumberHoldsAtOnceWhereNobodyHasAskedYet() throws Exception {
        ConcurrencyLimit limit = new ConcurrencyLimit(128, ticker);
        limit.declare(1);

        limit.declare(128);

        assertThat(limit.limit()).isEqualTo(128);
    }

    @Test
    void aSmallerNumberHoldsAtOnceAndALargerOneIsGrownTo() throws Exception {
        ConcurrencyLimit limit = new ConcurrencyLimit(64, ticker);
        limit.acquire();
        limit.release();
        ticker.advance(Duration.ofSeconds(1));

        limit.declare(8);
        assertThat(limit.limit()).isEqualTo(8);
        limit.declare(32);

        assertThat(limit.limit()).isEqualTo(8);
        assertThat(roundTrips(limit, 3)).containsExactly(8, 16, 32);
    }

    @Test
    void oneCongestedMomentCutsOnce() {
        ConcurrencyLimit limit = new ConcurrencyLimit(100, ticker);
        for (int i = 0; i < 100; i++) {
            limit.force();
        }
        ticker.advance(Duration.ofSeconds(1));

        for (int i = 0; i < 50; i++) {
            limit.congested(0);
        }

        assertThat(limit.limit()).isEqualTo(70);
        limit.congested(ticker.nanos());
        assertThat(limit.limit()).isEqualTo(49);
    }

    @Test
    void neverFallsBelowOneOrRisesAboveTheDeclared() throws Exception {
        ConcurrencyLimit limit = new ConcurrencyLimit(4, ticker);
        for (int i = 0; i < 20; i++) {
            ticker.advance(Duration.ofSeconds(1));
            limit.force();
            limit.congested(ticker.nanos());
        }
        assertThat(limit.limit()).isEqualTo(1);

        for (int i = 0; i < 1_000; i++) {
            limit.acquire();
            limit.succeeded(ticker.nanos());
        }

        assertThat(limit.limit()).isEqualTo(4);
    }

    @Test
    void afterARestartItDoublesEachRoundTripToWhatItWas() throws Exception {
        ConcurrencyLimit limit = new ConcurrencyLimit(128, ticker);

        limit.restart();

        assertThat(roundTrips(limit, 5)).containsExactly(16, 32, 64, 128, 128);
    }

    @Test
    void aSecondPauseWhileItGrowsBackHalvesWhatItDoublesTo() throws Exception {
        ConcurrencyLimit limit = new ConcurrencyLimit(128, ticker);
        limit.restart();
        roundTrips(limit, 2);
        assertThat(limit.limit()).isEqualTo(64);

        limit.restart();

        List<Integer> limits = roundTrips(limit, 6);
        assertThat(limits).startsWith(4, 8, 16, 32);
        assertThat(limits.get(4)).isBetween(37, 40);
    }

    @Test
    void aCutThatWasThePausesBeginningIsForgiven() throws Exception {
        ConcurrencyLimit limit = new ConcurrencyLimit(128, ticker);
        limit.force();
        limit.congested(0);
        assertThat(limit.limit()).isEqualTo(89);

        limit.restart();

        assertThat(roundTrips(limit, 4)).containsExactly(16, 32, 64, 128);
    }

    @Test
    void pausesWithoutAnAnswerBetweenThemCountAsOne() throws Exception {
        ConcurrencyLimit limit = new ConcurrencyLimit(128, ticker);

        for (int i = 0; i < 10; i++) {
            limit.restart();
        }

        assertThat(roundTrips(limit, 4)).containsExactly(16, 32, 64, 128);
    }

    @Test
    void answersThatWereOnTheirWayBeforeAPauseDoNotEndIt() throws Exception {
        ConcurrencyLimit limit = new ConcurrencyLimit(128, ticker);
        for (int i = 0; i < 100; i++) {
            limit.acquire();
        }
        ticker.advance(Duration.ofSeconds(1));

        for (int i = 0; i < 4; i++) {
            limit.restart();
            for (int answer = 0; answer < 25; answer++) {
                limit.succeeded(0);
            }
        }

        assertThat(limit.inFlight()).isZero();
        assertThat(roundTrips(limit, 4)).containsExactly(16, 32, 64, 128);
    }

    @Test
    void slowAnswersDoNotMakeItGrowBackSlowly() throws Exception {
        ConcurrencyLimit limit = new ConcurrencyLimit(128, ticker);
        limit.restart();
        ticker.advance(Duration.ofMinutes(1));

        List<Integer> limits = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            limit.acquire();
            limits.add(limit.limit());
            ticker.advance(Duration.ofMillis(500));
        }

        assertThat(limits).containsExactly(16, 32, 64, 128, 128);
    }

    /** The limit at the beginning of each round trip; all places are used. */
    private List<Integer> roundTrips(ConcurrencyLimit limit, int count)
            throws InterruptedException {
        List<Integer> limits = new ArrayList<>();
        for (int roundTrip = 0; roundTrip < count; roundTrip++) {
            int calls = limit.limit();
            limits.add(calls);
            for (int i = 0; i < calls; i++) {
                limit.acquire();
            }
            for (int i = 0; i < calls; i++) {
                limit.succeeded(ticker.nanos());
            }
        }
        return limits;
    }

    @Test
    void interruptedWaitersKeepNoPlace() throws Exception {
        ConcurrencyLimit limit = new ConcurrencyLimit(1, ticker);
        limit.acquire();
        Thread waiter = Thread.ofVirtual().start(() -> acquire(limit));
        await().until(() -> ticker.waiting() == 1);

        waiter.interrupt();
        waiter.join();
        limit.release();

        limit.acquire();
        assertThat(limit.inFlight()).isEqualTo(1);
    }

    private static void acquire(ConcurrencyLimit limit) {
        try {
            limit.acquire();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static void acquire(ConcurrencyLimit limit, ConcurrencyLimit.Flow flow) {
        try {
            limit.acquire(flow);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
