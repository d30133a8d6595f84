package dev.thac.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.time.Duration;

class BackoffTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @Test
    void doublesUpToTheCap() {
        Backoff backoff = new Backoff(SECOND, MINUTE, 0, () -> 0.5);

        assertThat(backoff.delay(0)).isEqualTo(SECOND);
        assertThat(backoff.delay(3)).isEqualTo(Duration.ofSeconds(8));
        assertThat(backoff.delay(6)).isEqualTo(MINUTE);
        assertThat(backoff.delay(Integer.MAX_VALUE)).isEqualTo(MINUTE);
    }

    @Test
    void fullJitterReachesFromZeroToTheWholeWait() {
        assertThat(Backoff.fullJitter(SECOND, MINUTE, () -> 0).delay(4)).isZero();
        assertThat(Backoff.fullJitter(SECOND, MINUTE, () -> 0.5).delay(1)).isEqualTo(SECOND);
        assertThat(new Backoff(SECOND, MINUTE, 0.5, () -> 0).delay(1)).isEqualTo(SECOND);
    }

    @Test
    void policyEndsAfterItsAttempts() {
        RetryPolicy policy = new RetryPolicy(3, new Backoff(SECOND, MINUTE, 0, () -> 0));

        assertThat(policy.after(1)).contains(SECOND);
        assertThat(policy.after(2)).contains(Duration.ofSeconds(2));
        assertThat(policy.after(3)).isEmpty();
    }

    @Test
    void nonsenseIsRefused() {
        assertThatThrownBy(() -> new Backoff(MINUTE, SECOND, 0, () -> 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RetryPolicy(0, new Backoff(SECOND, MINUTE, 0, () -> 0)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void deadlineExpiresAtItsMoment() {
        ManualTicker ticker = new ManualTicker();
        Deadline deadline = Deadline.after(SECOND, ticker);
        assertThat(deadline.remaining()).isEqualTo(SECOND);
        assertThat(deadline.expired()).isFalse();

        ticker.advance(SECOND);

        assertThat(deadline.expired()).isTrue();
        assertThat(deadline.remaining()).isZero();
    }
}
