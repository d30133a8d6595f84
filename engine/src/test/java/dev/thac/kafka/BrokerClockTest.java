package dev.thac.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thac.resilience.ManualTicker;

import org.junit.jupiter.api.Test;

import java.time.Duration;

class BrokerClockTest {

    private final ManualTicker ticker = new ManualTicker();
    private final BrokerClock clock = new BrokerClock(ticker);

    @Test
    void ourClockIsBelievedUntilTheBrokersIsKnown() {
        assertThat(clock.millis()).isEqualTo(now());

        clock.read(now() - 60_000);

        assertThat(clock.millis()).isEqualTo(now());
    }

    @Test
    void aClockOfOursThatIsAheadIsNotBelievedOnceTheBrokerHasStampedARecord() {
        long ahead = Duration.ofMinutes(10).toMillis();
        long stamped = now() - ahead;
        ticker.advance(Duration.ofMillis(30));

        clock.acknowledged(stamped);
        ticker.advance(Duration.ofSeconds(5));

        assertThat(clock.millis()).isEqualTo(stamped + 5_000);
    }

    @Test
    void theQuickestAcknowledgementOfTheLastMinutesCounts() {
        long broker = now() + 1_000;
        clock.acknowledged(broker - 200);
        clock.acknowledged(broker - 3);
        clock.acknowledged(broker - 90);
        assertThat(clock.millis()).isEqualTo(broker - 3);

        ticker.advance(Duration.ofMinutes(6));
        clock.acknowledged(now() + 500);
        ticker.advance(Duration.ofMinutes(6));
        clock.acknowledged(now() + 400);

        assertThat(clock.millis()).isEqualTo(now() + 500);
    }

    @Test
    void aBrokersClockThatIsAheadOfOursIsBelievedAtOnce() {
        clock.read(now() + 7_000);

        assertThat(clock.millis()).isEqualTo(now() + 7_000);
    }

    private long now() {
        return ticker.now().toEpochMilli();
    }
}
