package dev.thac.app.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.thac.testkit.broker.TopicReader;
import dev.thac.testkit.simulator.ErrorMix;
import dev.thac.testkit.simulator.Fault;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;

/** A provider that refuses every call for minutes, and the real program before it. */
@Tag("faults")
class ProviderStormIT {

    private static final Duration PATIENCE = Duration.ofSeconds(180);
    private static final Duration LENGTH =
            Duration.ofSeconds(Integer.getInteger("thac.faults.storm", 300));

    private static Stage stage;

    @BeforeAll
    static void start() {
        stage = new Stage(Duration.ofMillis(500));
    }

    @AfterAll
    static void stop() {
        stage.close();
    }

    @Test
    void row20MinutesOfRefusalsAreWaitedOutAndNoEventPaysForThem() {
        Site site = stage.site("refused", 8, "");
        site.produce(0, 10_000);
        try (Follower outputs = site.follow();
                Program program = site.start("a")) {
            outputs.await(2_000, PATIENCE, program);
            stage.simulator().update(now -> now.withErrors(ErrorMix.parse("429-bare:1.0")));
            long before = stage.simulator().stats().errors(Fault.RATE_LIMITED_BARE);
            int events = 10_000;
            Instant end = Instant.now().plus(LENGTH);
            while (Instant.now().isBefore(end)) {
                site.produce(events, events + 100);
                events += 100;
                Instant next = Instant.now().plusSeconds(2);
                await().until(() -> Instant.now().isAfter(next));
            }
            long refused = stage.simulator().stats().errors(Fault.RATE_LIMITED_BARE) - before;
            stage.simulator().update(now -> now.withErrors(ErrorMix.NONE));
            Instant over = Instant.now();
            outputs.await(events, PATIENCE, program);
            Figures.print(
                    "429 for %s: %d calls refused; first output %s after its end, the last of %d after %s"
                            .formatted(
                                    LENGTH,
                                    refused,
                                    Duration.between(over, outputs.firstAfter(over).orElseThrow()),
                                    events,
                                    Duration.between(over, outputs.last())));
            program.terminate();
            assertThat(program.awaitExit(Duration.ofSeconds(30))).isEqualTo(Program.TERMINATED);
        } finally {
            stage.simulator().update(now -> now.withErrors(ErrorMix.NONE));
        }
        Stage.verify("429 for " + LENGTH, site, site.paidOnce());
        assertThat(
                        TopicReader.readCommitted(stage.kafka().bootstrapServers())
                                .drain(site.deadLetters()))
                .isEmpty();
    }
}
