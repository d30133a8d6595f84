package dev.thac.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.thac.testkit.simulator.Call;
import dev.thac.testkit.simulator.Simulator;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/** When calls are made, as their provider sees it. */
class BatchingIT {

    private static final String SMALL = "claude-haiku-5-5";
    private static final Duration WAIT = Duration.ofSeconds(2);

    private static Scene scene;
    private static Simulator simulator;

    @BeforeAll
    static void start() {
        scene = Scene.start();
        simulator = Simulator.start();
    }

    @AfterAll
    static void stop() {
        simulator.close();
        scene.close();
    }

    @BeforeEach
    void beginANewBill() {
        simulator.resetStats();
    }

    @Test
    void aHundredEventsInBatchesOfTenMakeExactlyTenCalls() {
        try (Run run = scene.run(Example.of("reviews", "hundred"), simulator)) {
            run.write("reviews.raw", reviews(100));
            run.awaitSettled(100);

            assertThat(callSizes()).hasSize(10).containsOnly(10);
            assertThat(run.written("reviews.analyzed")).hasSize(100);
        }
    }

    @Test
    void oneEventAfterAQuietTimeWaitsForOthersOnceAndNoLonger() {
        try (Run run =
                scene.run(
                        Example.of("reviews", "quiet").uncached().with("wait: 5s", "wait: 2s"),
                        simulator)) {
            run.write("reviews.raw", reviews(10));
            run.awaitSettled(10);
            Instant quiet = Instant.now().plus(WAIT).plus(WAIT.dividedBy(2));
            await("a quiet time longer than a batch waits").until(() -> past(quiet));
            simulator.resetStats();

            Instant written = Instant.now();
            run.write("reviews.raw", reviews(1));
            run.awaitSettled(11);

            Duration waited = Duration.between(written, small().getFirst().time());
            assertThat(callSizes()).containsExactly(1);
            assertThat(waited).isBetween(WAIT, WAIT.multipliedBy(2));
        }
    }

    @Test
    void withSizeAloneABatchWaitsUntilItIsFullOrThePipelineEnds() {
        Example example =
                Example.of("reviews", "size").with("{ size: 10, wait: 5s }", "{ size: 10 }");
        try (Run run = scene.run(example, simulator)) {
            run.write("reviews.raw", reviews(25));
            run.until(
                    "two calls, and the rest of five waiting",
                    () -> simulator.stats().items() >= 20 && run.status().inFlight() == 5);
            assertThat(callSizes()).containsExactly(10, 10);

            run.stop();

            assertThat(callSizes()).containsExactly(10, 10, 5);
            assertThat(run.written("reviews.analyzed")).hasSize(25);
        }
    }

    @Test
    void withTimeAloneABatchTakesWhatComesMeanwhile() {
        Example example =
                Example.of("reviews", "time").with("{ size: 10, wait: 5s }", "{ wait: 2s }");
        try (Run run = scene.run(example, simulator)) {
            Instant written = Instant.now();
            run.write("reviews.raw", reviews(12));
            run.awaitSettled(12);

            assertThat(callSizes()).containsExactly(12);
            assertThat(Duration.between(written, small().getFirst().time()))
                    .isGreaterThanOrEqualTo(WAIT);
        }
    }

    private static boolean past(Instant time) {
        return Instant.now().isAfter(time);
    }

    /** Calls to the small model, which gathers; what it is not sure about goes on alone. */
    private static List<Call> small() {
        return simulator.calls().stream().filter(call -> call.model().equals(SMALL)).toList();
    }

    private static List<Integer> callSizes() {
        return small().stream().map(Call::items).toList();
    }

    private static List<String> reviews(int count) {
        return IntStream.range(0, count)
                .mapToObj(
                        i -> "{\"id\":\"r-" + i + "\",\"text\":\"Giao nhanh, máy đẹp " + i + "\"}")
                .toList();
    }
}
