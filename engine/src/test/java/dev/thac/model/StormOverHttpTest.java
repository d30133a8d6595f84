package dev.thac.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.thac.cost.PriceBook;
import dev.thac.meter.Meters;
import dev.thac.meter.Metric;
import dev.thac.resilience.TaskScope;
import dev.thac.resilience.Ticker;
import dev.thac.testkit.simulator.Fault;
import dev.thac.testkit.simulator.Latency;
import dev.thac.testkit.simulator.Reply;
import dev.thac.testkit.simulator.Simulator;
import dev.thac.testkit.simulator.SimulatorSettings;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * 128 callers over real HTTP, in real time, and a simulated provider that refuses everything for a
 * while: few calls are refused, and full speed is back soon after.
 */
@Timeout(value = 420, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Isolated
class StormOverHttpTest {

    private static final int CALLERS = 128;

    /**
     * Of calls in flight when refusals begin, those alone that set out before the first is back.
     */
    private static final long FEW = 100;

    private static final Duration BACK_BY = Duration.ofSeconds(5);
    private static final double FULL_SPEED = 0.9;

    /** On a machine that does other things as well, no two seconds are alike. */
    private static final double BUSY_MACHINE = 0.7;

    private static final Duration WINDOW = Duration.ofSeconds(1);

    /** Slow enough for a machine that is busy with other things to keep all callers waiting. */
    private static final Duration LATENCY = Duration.ofMillis(500);

    private final Meters meters = new Meters();

    @Test
    void anEightSecondStormCostsFewCallsAndFullSpeedIsBackSoon() throws Exception {
        Figures figures = storm(Fault.RATE_LIMITED_BARE, LATENCY, Duration.ofSeconds(8));

        assertThat(figures.refused()).isLessThan(FEW);
        assertThat(figures.bestAfter()).isGreaterThan(BUSY_MACHINE * figures.before());
        assertThat(meters.value(Metric.PROVIDER_ERRORS, "m", "rate_limit"))
                .isEqualTo((double) figures.refused());
    }

    /** Such failures come as late as answers: the calls in flight meet them all. */
    @Test
    void aBurstOfServerErrorsCostsTheCallsInFlightAndFullSpeedIsBackSoon() throws Exception {
        Figures figures = storm(Fault.SERVER_ERROR, LATENCY, Duration.ofSeconds(4));

        assertThat(figures.refused()).isLessThan(CALLERS + FEW);
        assertThat(figures.bestAfter()).isGreaterThan(BUSY_MACHINE * figures.before());
    }

    @Tag("faults")
    @ParameterizedTest
    @CsvSource({
        "RATE_LIMITED_BARE, 42, 20",
        "RATE_LIMITED_BARE, 500, 20",
        "RATE_LIMITED, 42, 20",
        "OVERLOADED, 42, 20",
        "RATE_LIMITED_BARE, 42, 300",
    })
    void longStormsCostFewCallsAndFullSpeedIsBackSoon(Fault fault, int millis, int seconds)
            throws Exception {
        Figures figures = storm(fault, Duration.ofMillis(millis), Duration.ofSeconds(seconds));

        int probes = seconds - 20; // what twenty seconds cost, and a probe a second after them
        assertThat(figures.refused()).isLessThan(FEW + probes);
        assertThat(figures.bestAfter()).isGreaterThan(FULL_SPEED * figures.before());
    }

    /**
     * What a storm cost.
     *
     * @param before answers in a second before it
     * @param refused calls that met it
     * @param bestAfter most answers in a second that began in time after it
     */
    private record Figures(double before, long refused, double bestAfter) {}

    private Figures storm(Fault fault, Duration latency, Duration length) throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        AtomicLong answers = new AtomicLong();
        try (Simulator simulator =
                        Simulator.start(
                                SimulatorSettings.DEFAULT.withLatency(new Latency.Fixed(latency)));
                TaskScope scope = TaskScope.failFast("caller")) {
            Model model = model(simulator);
            for (int caller = 0; caller < CALLERS; caller++) {
                scope.fork(
                        () -> {
                            while (!over.get()) {
                                assertThat(model.ask(Requests.twoReviews())).isNotNull();
                                answers.incrementAndGet();
                            }
                            return over;
                        });
            }
            pass(Duration.ofSeconds(3));
            double before = best(answers, Duration.ofSeconds(2));
            simulator.script(_ -> Reply.fault(fault));
            pass(length);
            simulator.unscript();
            double after = best(answers, BACK_BY.plus(WINDOW));
            over.set(true);
            scope.joinOrThrow();
            Figures figures = new Figures(before, simulator.stats().errors(fault), after);
            System.out.printf("%s for %s, answers after %s: %s%n", fault, length, latency, figures);
            return figures;
        }
    }

    private Model model(Simulator simulator) {
        ModelSpec spec =
                Requests.spec(
                        Provider.ANTHROPIC,
                        "claude-haiku-5-5",
                        simulator.baseUri().toString(),
                        Requests.limits(CALLERS));
        return Models.of(
                        Map.of("m", spec),
                        Map.of("ANTHROPIC_API_KEY", "any"),
                        PriceBook.bundled(),
                        meters,
                        Ticker.system())
                .get("m");
    }

    /** The most answers in a window that ends within the time given. */
    private static double best(AtomicLong answers, Duration within) {
        double best = 0;
        long end = System.nanoTime() + within.toNanos();
        while (end - System.nanoTime() >= WINDOW.toNanos()) {
            long began = System.nanoTime();
            long count = answers.get();
            pass(WINDOW);
            double seconds = (System.nanoTime() - began) / 1e9;
            best = Math.max(best, (answers.get() - count) / seconds);
        }
        return best;
    }

    private static void pass(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        await().atMost(time.plusSeconds(30))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> System.nanoTime() - end >= 0);
    }
}
