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
            limit.succeeded();
        }

        assertThat(limit.limit()).isEqualTo(4);
    }

    @Test
    void afterARestartItDoublesEachRoundTripToHalfAndThenCreeps() throws Exception {
        ConcurrencyLimit limit = new ConcurrencyLimit(128, ticker);

        limit.restart();

        List<Integer> limits = new ArrayList<>();
        for (int roundTrip = 0; roundTrip < 6; roundTrip++) {
            int calls = limit.limit();
            limits.add(calls);
            for (int i = 0; i < calls; i++) {
                limit.acquire();
            }
            for (int i = 0; i < calls; i++) {
                limit.succeeded();
            }
        }
        assertThat(limits).startsWith(8, 16, 32, 64);
        assertThat(limits.get(4)).isBetween(69, 72);
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
}
