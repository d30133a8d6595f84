package dev.thac.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

@Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PaceTest {

    private final ManualTicker ticker = new ManualTicker();
    private final Pace pace = new Pace(ticker);
    private final AtomicInteger started = new AtomicInteger();

    @Test
    void callsWithoutAnyAnswerStartInOneSmallBunchAndThenOneByOne() {
        start(100);
        await().until(() -> started.get() == 32 && ticker.waiting() == 68);

        ticker.advance(Duration.ofMillis(100));

        await().until(() -> started.get() == 57);
    }

    @Test
    void aRoundTripsCallsAreSpreadOverMostOfARoundTrip() {
        pace.answered(Duration.ofMillis(500).toNanos(), 128);

        start(128);

        for (int millis = 0; millis < 384; millis += 2) {
            int due = 2 + (int) (1.3 * 128 * millis / 500.0);
            await().pollInterval(Duration.ofMillis(1)).until(() -> started.get() >= due - 2);
            assertThat(started).hasValueLessThanOrEqualTo(due + 1);
            ticker.advance(Duration.ofMillis(2));
        }
        await().until(() -> started.get() == 128);
    }

    @Test
    void whoWaitsHearsOfFasterAnswers() {
        pace.answered(Duration.ofSeconds(60).toNanos(), 1);
        start(50);
        await().until(() -> started.get() == 2);

        for (int i = 0; i < 400; i++) {
            pace.answered(Duration.ofMillis(1).toNanos(), 128);
        }
        ticker.advance(Duration.ofMillis(2));

        await().until(() -> started.get() == 50);
    }

    private void start(int callers) {
        for (int i = 0; i < callers; i++) {
            Thread.ofVirtual()
                    .start(
                            () -> {
                                try {
                                    pace.acquire();
                                    started.incrementAndGet();
                                } catch (InterruptedException _) {
                                    Thread.currentThread().interrupt();
                                }
                            });
        }
    }
}
