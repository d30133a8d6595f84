package dev.thac.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import java.time.Duration;

class RampTest {

    private final ManualTicker ticker = new ManualTicker();
    private final Ramp ramp = new Ramp(Duration.ofSeconds(10), Duration.ofSeconds(2), ticker);

    @Test
    void risesToTheWholeAfterAStart() {
        assertShare(0.125);

        after(5, 0.625);
        after(5, 1);
        assertThat(ramp.rising()).isFalse();
    }

    @Test
    void fallsAtOnceAndRisesLate() {
        after(10, 1);

        ramp.aim(0.25);
        assertShare(0.25);
        assertThat(ramp.granted()).isEqualTo(0.25);
        ramp.aim(0.5);

        after(1, 0.25);
        assertThat(ramp.granted()).isEqualTo(0.25);
        after(2, 0.35);
        assertThat(ramp.granted()).isEqualTo(0.5);
        after(2, 0.5);
    }

    @Test
    void fromNothingItRisesWithoutDelay() {
        ramp.aim(0);
        after(10, 0);

        ramp.aim(0.4);

        assertShare(0.05);
        assertThat(ramp.granted()).isEqualTo(0.4);
        after(1, 0.15);
    }

    @Test
    void aRiseThatIsOvertakenByAFallGoesNoFurther() {
        after(10, 1);
        ramp.aim(0.2);
        ramp.aim(0.8);
        after(3, 0.3);

        ramp.aim(0.4);

        assertShare(0.3);
        after(10, 0.4);
    }

    private void after(int seconds, double share) {
        ticker.advance(Duration.ofSeconds(seconds));
        assertShare(share);
    }

    private void assertShare(double share) {
        assertThat(ramp.share()).isCloseTo(share, within(1e-9));
    }
}
