package dev.thac.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thac.meter.Metric;
import dev.thac.testkit.simulator.CallView;
import dev.thac.testkit.simulator.Fault;
import dev.thac.testkit.simulator.Latency;
import dev.thac.testkit.simulator.Reply;
import dev.thac.testkit.simulator.Simulator;
import dev.thac.testkit.simulator.SimulatorSettings;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/** Answers that are slow, and answers that never come. */
class SlowModelIT {

    private static final int PLACES = 16;
    private static final int OPEN = 64;
    private static final String STUCK = "stuck";

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
    void behaveAgain() {
        simulator.unscript();
        simulator.update(_ -> SimulatorSettings.DEFAULT);
        simulator.resetStats();
    }

    @Test
    void slowAnswersKeepEveryPlaceBusyAndTheOpenEventsBounded() {
        int events = 200;
        double meanSeconds = 0.5 * Math.exp(0.6 * 0.6 / 2);
        simulator.update(settings -> settings.withLatency(Latency.parse("lognormal:500ms,0.6")));
        AtomicLong mostOpen = new AtomicLong();
        try (Run run = scene.run(example("slow", "60s"), simulator)) {
            run.write("reviews.raw", reviews("nice", 5));
            run.awaitSettled(5);
            long began = System.nanoTime();
            run.write("reviews.raw", reviews("nice", events));
            run.until(
                    "settling",
                    () -> {
                        mostOpen.accumulateAndGet(run.status().inFlight(), Math::max);
                        return run.status().settled() >= events + 5;
                    });
            double seconds = (System.nanoTime() - began) / 1e9;

            assertThat(run.meters().total(Metric.PROVIDER_ERRORS)).isZero();
            assertThat(simulator.stats().maxConcurrency()).isGreaterThanOrEqualTo(PLACES);
            assertThat(mostOpen).hasValueLessThanOrEqualTo(OPEN);
            // with what it takes to begin and to end; the benchmark measures what is between
            assertThat(events / seconds).isGreaterThan(0.5 * PLACES / meanSeconds);
        }
    }

    @Test
    void aStuckCallDelaysNobodyElseAndEndsInItsOwnDeadLetter() {
        int others = 100;
        simulator.script(SlowModelIT::stuckForever);
        try (Run run = scene.run(example("stuck", "7s"), simulator)) {
            run.write("reviews.raw", reviews(STUCK, 1));
            run.until("the stuck call", () -> simulator.stats().errors(Fault.HANG) > 0);
            run.write("reviews.raw", reviews("nice", others));
            run.awaitSettled(others);

            assertThat(run.status().outcomes()).containsEntry("routed", (long) others);
            assertThat(run.status().deadLetters()).isEmpty();
            run.until("all but one to end", () -> run.status().inFlight() == 1);
            run.awaitSettled(others + 1);
            theStuckEventIsDead(run, others);
        }
    }

    @Test
    void aStuckCallEndsAlsoWhenNothingElseRuns() {
        simulator.script(SlowModelIT::stuckForever);
        try (Run run = scene.run(example("alone", "1s"), simulator)) {
            run.write("reviews.raw", reviews(STUCK, 1));
            run.awaitSettled(1);

            theStuckEventIsDead(run, 0);
            // the harmless questions in between are paid for, and belong to no event
            assertThat(simulator.stats().items()).isPositive();
            assertThat(run.meters().total(Metric.COST)).isPositive();
        }
    }

    private static void theStuckEventIsDead(Run run, int others) {
        run.stop();
        assertThat(run.written("reviews.analyzed")).hasSize(others);
        assertThat(run.written("reviews.dlq"))
                .singleElement()
                .satisfies(
                        letter -> {
                            assertThat(letter.header("thac.reason")).isEqualTo("model-timeout");
                            assertThat(letter.header("thac.attempts")).isEqualTo("1");
                        });
        assertThat(run.meters().total(Metric.PROVIDER_ERRORS)).isGreaterThanOrEqualTo(3);
    }

    private static Reply stuckForever(CallView call) {
        return call.inputs().stream().anyMatch(text -> text.contains(STUCK))
                ? Reply.fault(Fault.HANG)
                : Reply.normal();
    }

    /** One tier, one event in a call, one attempt. */
    private static Example example(String name, String timeout) {
        return Example.of("reviews", name)
                .uncached()
                .with("        accept: { confidence: 0.7 }\n", "")
                .with("        batch: { size: 10, wait: 5s }\n", "")
                .with("      - model: strong\n", "")
                .with(
                        "  strong: { provider: anthropic, model: claude-sonnet-5-5, effort: low,"
                                + " maxOutputTokens: 4000 }\n",
                        "")
                .with("attempts: 3", "attempts: 1")
                .with(
                        "effort: low, maxOutputTokens: 4000 }",
                        "effort: low, maxOutputTokens: 4000, timeout: "
                                + timeout
                                + ", limits: { concurrency: "
                                + PLACES
                                + " } }")
                .and("limits: { openEvents: " + OPEN + " }");
    }

    private static List<String> reviews(String text, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "{\"id\":\"r-" + i + "\",\"text\":\"Hàng " + text + ' ' + i + "\"}")
                .toList();
    }
}
