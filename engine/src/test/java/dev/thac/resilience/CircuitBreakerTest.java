package dev.thac.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.thac.resilience.CircuitBreaker.Pass;
import dev.thac.resilience.CircuitBreaker.State;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

@Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CircuitBreakerTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final ManualTicker ticker = new ManualTicker();
    private final List<Integer> opened = new ArrayList<>();
    private final CircuitBreaker breaker =
            new CircuitBreaker(
                    new CircuitBreaker.Settings(
                            10, 5, 4, new Backoff(SECOND, Duration.ofSeconds(8), 0, () -> 0)),
                    ticker,
                    opened::add);

    @Test
    void opensAfterFailuresInARow() {
        for (int i = 0; i < 3; i++) {
            breaker.failed(pass(), Duration.ZERO);
        }
        assertThat(breaker.state()).isInstanceOf(State.Closed.class);

        breaker.failed(pass(), Duration.ZERO);

        assertThat(breaker.state()).isInstanceOf(State.Open.class);
        assertThat(opened).containsExactly(1);
    }

    @Test
    void opensAfterTooManyFailuresAmongTheRecentResults() {
        for (int i = 0; i < 4; i++) {
            breaker.failed(pass(), Duration.ZERO);
            breaker.succeeded(pass());
        }
        assertThat(breaker.state()).isInstanceOf(State.Closed.class);

        breaker.failed(pass(), Duration.ZERO);

        assertThat(breaker.state()).isInstanceOf(State.Open.class);
    }

    @Test
    void oldFailuresAreForgotten() {
        for (int i = 0; i < 20; i++) {
            breaker.failed(pass(), Duration.ZERO);
            breaker.succeeded(pass());
            breaker.succeeded(pass());
        }

        assertThat(breaker.state()).isInstanceOf(State.Closed.class);
    }

    @Test
    void letsOneProbeThroughAndDoublesTheWaitWhenItFails() {
        breaker.trip(pass(), Duration.ZERO);
        assertThat(breaker.tryEnter()).isEmpty();
        ticker.advance(SECOND);

        Pass probe = pass();

        assertThat(probe.probe()).isTrue();
        assertThat(breaker.tryEnter()).isEmpty();
        breaker.failed(probe, Duration.ZERO);
        assertThat(breaker.untilProbe()).isEqualTo(Duration.ofSeconds(2));
        ticker.advance(SECOND);
        assertThat(breaker.tryEnter()).isEmpty();
        ticker.advance(SECOND);
        breaker.succeeded(pass());
        assertThat(breaker.state()).isInstanceOf(State.Closed.class);
        assertThat(opened).containsExactly(1, 2);
    }

    @Test
    void lateResultsOfEarlierCallsNeitherOpenNorClose() {
        Pass before = pass();
        breaker.trip(pass(), Duration.ZERO);
        breaker.succeeded(before);
        assertThat(breaker.state()).isInstanceOf(State.Open.class);
        ticker.advance(SECOND);
        breaker.succeeded(pass());

        for (int i = 0; i < 100; i++) {
            breaker.failed(before, Duration.ZERO);
        }

        assertThat(breaker.state()).isInstanceOf(State.Closed.class);
    }

    @Test
    void lateRetryAfterProlongsTheWait() {
        Pass before = pass();
        breaker.trip(pass(), Duration.ZERO);

        breaker.trip(before, Duration.ofSeconds(30));

        assertThat(breaker.untilProbe()).isEqualTo(Duration.ofSeconds(30));
        assertThat(opened).containsExactly(1);
    }

    @Test
    void aProbeThatIsNotRefusedInTimeCountsAsLetIn() throws Exception {
        breaker.refused(pass(), Duration.ZERO, Duration.ofMillis(200));
        ticker.advance(SECOND);
        Pass probe = pass();
        FutureTask<Pass> waiter = new FutureTask<>(breaker::enter);
        Thread.ofVirtual().start(waiter);
        ticker.advance(Duration.ofMillis(199));
        assertThat(breaker.tryEnter()).isEmpty();

        ticker.advance(Duration.ofMillis(1));

        await().until(waiter::isDone);
        assertThat(waiter.get().probe()).isFalse();
        assertThat(breaker.state()).isInstanceOf(State.Closed.class);
        breaker.failed(probe, Duration.ZERO);
        assertThat(breaker.state()).isInstanceOf(State.Closed.class);
    }

    @Test
    void failuresThatAreNoRefusalsNeedAnAnswer() {
        breaker.refused(pass(), Duration.ZERO, Duration.ofMillis(200));
        ticker.advance(SECOND);
        breaker.failed(pass(), Duration.ZERO);
        ticker.advance(Duration.ofSeconds(2));

        assertThat(pass().probe()).isTrue();
        ticker.advance(Duration.ofHours(1));

        assertThat(breaker.tryEnter()).isEmpty();
    }

    @Test
    void refusalsAfterAProbeThatNobodyAnsweredGoOnCounting() {
        breaker.refused(pass(), Duration.ZERO, Duration.ofMillis(200));
        ticker.advance(SECOND);
        pass();
        ticker.advance(Duration.ofMillis(200));

        breaker.refused(pass(), Duration.ZERO, Duration.ofMillis(200));

        assertThat(opened).containsExactly(1, 2);
        assertThat(breaker.untilProbe()).isEqualTo(Duration.ofSeconds(2));
        ticker.advance(Duration.ofSeconds(2));
        pass();
        ticker.advance(Duration.ofMillis(200));
        breaker.succeeded(pass());
        breaker.refused(pass(), Duration.ZERO, Duration.ofMillis(200));
        assertThat(opened).containsExactly(1, 2, 1);
    }

    @Test
    void abandonedProbeLeavesItsPlaceToAnother() {
        breaker.trip(pass(), Duration.ZERO);
        ticker.advance(SECOND);
        breaker.abandoned(pass());

        assertThat(pass().probe()).isTrue();
    }

    @Test
    void thousandWaitersYieldOneProbeAndAllPassAfterItsSuccess() throws Exception {
        breaker.trip(pass(), Duration.ZERO);
        List<FutureTask<Pass>> waiters = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            FutureTask<Pass> waiter = new FutureTask<>(breaker::enter);
            waiters.add(waiter);
            Thread.ofVirtual().start(waiter);
        }

        ticker.advance(SECOND);

        await().until(() -> waiters.stream().filter(FutureTask::isDone).count() == 1);
        Pass probe = waiters.stream().filter(FutureTask::isDone).findFirst().orElseThrow().get();
        assertThat(probe.probe()).isTrue();
        breaker.succeeded(probe);
        await().until(() -> waiters.stream().allMatch(FutureTask::isDone));
        assertThat(waiters.stream().filter(waiter -> waiter.resultNow().probe())).hasSize(1);
    }

    @Test
    void interruptedLeaderHandsTheTimerOn() throws Exception {
        breaker.trip(pass(), Duration.ZERO);
        FutureTask<Pass> leader = new FutureTask<>(breaker::enter);
        Thread leading = Thread.ofVirtual().start(leader);
        await().until(() -> ticker.waiting() == 1);
        FutureTask<Pass> follower = new FutureTask<>(breaker::enter);
        Thread.ofVirtual().start(follower);

        leading.interrupt();
        leading.join();
        ticker.advance(SECOND);

        await().until(follower::isDone);
        assertThat(follower.get().probe()).isTrue();
    }

    private Pass pass() {
        return breaker.tryEnter().orElseThrow();
    }
}
