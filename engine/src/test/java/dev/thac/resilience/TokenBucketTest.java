package dev.thac.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

@Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TokenBucketTest {

    private final ManualTicker ticker = new ManualTicker();

    @Test
    void passesTheBurstAndThenTheRate() throws Exception {
        TokenBucket bucket = new TokenBucket(10, 5, ticker);
        List<Long> times = new CopyOnWriteArrayList<>();
        List<Thread> callers =
                IntStream.range(0, 25)
                        .mapToObj(_ -> Thread.ofVirtual().start(() -> timed(bucket, times)))
                        .toList();
        await().until(() -> times.size() == 5);

        for (int tenths = 1; tenths <= 20; tenths++) {
            int expected = 5 + tenths;
            ticker.advance(Duration.ofMillis(100));
            await().until(() -> times.size() >= expected);
            assertThat(times).hasSize(expected);
        }
        for (Thread caller : callers) {
            caller.join();
        }
    }

    @Test
    void firstComeIsFirstServedWhateverItTakes() throws Exception {
        TokenBucket bucket = new TokenBucket(1, 10, ticker);
        bucket.take(10);
        List<String> order = new CopyOnWriteArrayList<>();
        List<Thread> callers = new ArrayList<>();
        for (String name : List.of("large", "small")) {
            double amount = name.equals("large") ? 8 : 1;
            callers.add(
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        acquire(bucket, amount);
                                        order.add(name);
                                    }));
            int waiting = callers.size();
            await().until(() -> ticker.waiting() >= waiting);
        }

        ticker.advance(Duration.ofSeconds(8));
        await().until(() -> order.size() == 1);
        ticker.advance(Duration.ofSeconds(1));
        for (Thread caller : callers) {
            caller.join();
        }

        assertThat(order).containsExactly("large", "small");
    }

    @Test
    void moreThanTheBucketHoldsPassesInDebt() throws Exception {
        TokenBucket bucket = new TokenBucket(10, 100, ticker);

        bucket.acquire(350);

        assertThat(bucket.available()).isCloseTo(-250, within(1e-6));
        ticker.advance(Duration.ofSeconds(25));
        assertThat(bucket.available()).isCloseTo(0, within(1e-6));
    }

    @Test
    void returnedTokensWakeTheFirstWaiter() throws Exception {
        TokenBucket bucket = new TokenBucket(0.001, 100, ticker);
        bucket.take(100);
        Thread waiter = Thread.ofVirtual().start(() -> acquire(bucket, 50));
        await().until(() -> ticker.waiting() == 1);

        bucket.take(-60);

        waiter.join();
        assertThat(bucket.available()).isCloseTo(10, within(1e-3));
    }

    @Test
    void interruptedWaiterTakesNothingAndMakesRoom() throws Exception {
        TokenBucket bucket = new TokenBucket(1, 10, ticker);
        bucket.take(10);
        Thread first = Thread.ofVirtual().start(() -> acquire(bucket, 10));
        await().until(() -> ticker.waiting() == 1);
        Thread second = Thread.ofVirtual().start(() -> acquire(bucket, 1));

        first.interrupt();
        first.join();
        ticker.advance(Duration.ofSeconds(1));

        second.join();
        assertThat(bucket.available()).isCloseTo(0, within(1e-6));
    }

    @Test
    void stricterWordOfTheOtherSideIsBelieved() {
        TokenBucket bucket = new TokenBucket(100, 1000, ticker);

        bucket.correct(100, Duration.ofSeconds(20));

        assertThat(bucket.available()).isCloseTo(100, within(1e-6));
        ticker.advance(Duration.ofSeconds(10));
        assertThat(bucket.available())
                .as("what is left lasts until all is back")
                .isCloseTo(150, within(1e-6));
        bucket.correct(900, Duration.ofSeconds(1));
        assertThat(bucket.available()).isCloseTo(150, within(1e-6));
        ticker.advance(Duration.ofSeconds(1));
        assertThat(bucket.available())
                .as("900 in a second is no less")
                .isCloseTo(250, within(1e-6));
    }

    @Test
    void wordOfTheOtherSideIsForgottenWhenAllIsBack() {
        TokenBucket bucket = new TokenBucket(100, 1000, ticker);
        bucket.correct(0, Duration.ofSeconds(10));

        ticker.advance(Duration.ofSeconds(10));
        assertThat(bucket.available()).as("a twentieth of the rate").isCloseTo(50, within(1e-6));
        ticker.advance(Duration.ofSeconds(2));

        assertThat(bucket.available()).isCloseTo(250, within(1e-6));
    }

    private void timed(TokenBucket bucket, List<Long> times) {
        acquire(bucket, 1);
        times.add(ticker.nanos());
    }

    private static void acquire(TokenBucket bucket, double amount) {
        try {
            bucket.acquire(amount);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
