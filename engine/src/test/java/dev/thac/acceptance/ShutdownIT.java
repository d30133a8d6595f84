package dev.thac.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thac.runtime.PipelineState;
import dev.thac.testkit.simulator.Latency;
import dev.thac.testkit.simulator.Simulator;
import dev.thac.testkit.simulator.SimulatorSettings;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** A pipeline that is stopped while answers are on their way, and one that goes on after it. */
class ShutdownIT {

    private static final int EVENTS = 300;
    private static final Duration SLOW = Duration.ofSeconds(1);

    private static Scene scene;
    private static Simulator simulator;

    @BeforeAll
    static void start() {
        scene = Scene.start();
        simulator = Simulator.start(SimulatorSettings.DEFAULT.withLatency(new Latency.Fixed(SLOW)));
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
    void whatIsOpenIsFinishedWithinTheDrainLimitAndNothingIsPaidTwice() {
        Example example = example("drained");
        long before;
        try (Run first = stoppedMidFlight(example)) {
            long begun = System.nanoTime();
            first.stop();

            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .isLessThan(Duration.ofSeconds(20));
            assertThat(first.status().state()).isEqualTo(PipelineState.STOPPED);
            before = first.status().settled();
            assertThat(before).isBetween(60L, EVENTS - 1L);
            assertThat(first.written("reviews.analyzed")).hasSize((int) before);
        }
        assertThat(simulator.stats().models().get("claude-haiku-5-5").items()).isEqualTo(before);

        theSecondFinishes(example, before);
        assertThat(simulator.stats().models().get("claude-haiku-5-5").items()).isEqualTo(EVENTS);
    }

    @Test
    void whatIsNotFinishedInTimeIsLeftToTheNextOneAndWrittenOnce() {
        Example example = example("hurried");
        long before;
        try (Run first = stoppedMidFlight(example)) {
            long begun = System.nanoTime();
            first.stop(Duration.ofMillis(100));

            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .isLessThan(Duration.ofSeconds(10));
            before = first.status().settled();
            assertThat(before).isLessThan(EVENTS);
        }

        theSecondFinishes(example, before);
    }

    /** A pipeline that has settled some events and has others in flight. */
    private static Run stoppedMidFlight(Example example) {
        Run run = scene.run(example, simulator);
        run.write("reviews.raw", reviews());
        run.awaitSettled(60);
        run.until("events in flight", () -> run.status().inFlight() > 0);
        return run;
    }

    private static void theSecondFinishes(Example example, long before) {
        try (Run second = scene.run(example, simulator)) {
            second.awaitSettled(EVENTS - before);
            second.stop();

            assertThat(second.status().settled()).isEqualTo(EVENTS - before);
            second.verify(
                    "reviews.raw",
                    _ -> false,
                    "reviews.dlq",
                    List.of("reviews.analyzed", "reviews.urgent"));
            assertThat(second.written("reviews.analyzed")).hasSize(EVENTS);
            assertThat(second.written("reviews.dlq")).isEmpty();
        }
    }

    private static Example example(String name) {
        return Example.of("reviews", name)
                .with("wait: 5s", "wait: 500ms")
                .and("limits: { openEvents: 60, drain: 20s }");
    }

    private static List<String> reviews() {
        return IntStream.range(0, EVENTS)
                .mapToObj(i -> "{\"id\":\"r-" + i + "\",\"text\":\"Pin yếu, sạc chậm " + i + "\"}")
                .toList();
    }
}
