package dev.thac.model;

import static dev.thac.model.ScriptedAdapter.error;
import static dev.thac.model.ScriptedAdapter.reply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.thac.cost.PriceBook;
import dev.thac.meter.Meters;
import dev.thac.model.ModelException.Kind;
import dev.thac.resilience.ManualTicker;
import dev.thac.resilience.TaskScope;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** 128 callers and a provider that refuses everything for a while. Time is simulated. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Isolated
class StormTest {

    private static final int CALLERS = 128;
    private static final Duration LATENCY = Duration.ofMillis(40);
    private static final Duration FULL_SPEED_FROM = Duration.ofSeconds(1);
    private static final Duration STORM_BEGINS = Duration.ofSeconds(2);
    private static final Duration STORM_ENDS = Duration.ofSeconds(22);
    private static final Duration BACK_BY = Duration.ofSeconds(27);
    private static final Duration END = Duration.ofSeconds(28);

    /**
     * The first refusal stops everybody; refused are what set out before it came back, and some
     * probes.
     */
    private static final int FEW = 100;

    /** Failures that look like answers until they come: all calls in flight, and some probes. */
    private static final int FEW_FAILURES = 2 * CALLERS + 12;

    private static final double FULL_SPEED = 0.9;

    private final ManualTicker ticker = new ManualTicker();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger answersBefore = new AtomicInteger();
    private final AtomicInteger answersAfter = new AtomicInteger();
    private final AtomicBoolean over = new AtomicBoolean();

    @Test
    void twentySecondsOfRefusalsWithoutRetryAfterCostFewCalls() throws Exception {
        run(models(Duration.ZERO, Kind.RATE_LIMIT));

        assertThat(refused).hasValueLessThan(FEW);
        assertFullSpeedIsBack();
    }

    @Test
    void twentySecondsOfRefusalsWithRetryAfterCostFewCalls() throws Exception {
        run(models(Duration.ofSeconds(2), Kind.RATE_LIMIT));

        assertThat(refused).hasValueLessThan(FEW);
        assertFullSpeedIsBack();
    }

    @Test
    void burstsOfServerErrorsCostFewCalls() throws Exception {
        run(models(Duration.ZERO, Kind.SERVER));

        assertThat(refused).hasValueLessThan(FEW_FAILURES);
        assertFullSpeedIsBack();
    }

    /** The control: the same storm against callers that each wait by themselves. */
    @Test
    void withoutTheSharedGateTheStormCostsThousands() throws Exception {
        ModelClient client = adapter(Duration.ZERO, Kind.RATE_LIMIT).client(null);
        run(
                () -> {
                    for (int failures = 0; ; failures++) {
                        try {
                            return client.call(Requests.twoReviews(), Duration.ofSeconds(5));
                        } catch (ModelException _) {
                            ticker.sleep(Duration.ofMillis(100L << Math.min(failures, 3)));
                        }
                    }
                });

        assertThat(refused).hasValueGreaterThan(10 * FEW);
    }

    private Call models(Duration retryAfter, Kind kind) {
        Models models =
                Models.of(
                        Map.of(
                                "small",
                                Requests.spec(
                                        Provider.ANTHROPIC,
                                        "claude-haiku-5-5",
                                        "http://localhost:1",
                                        Requests.limits(CALLERS))),
                        Map.of(),
                        PriceBook.bundled(),
                        new Meters(),
                        ticker,
                        List.of(adapter(retryAfter, kind)));
        Model model = models.get("small");
        return () -> model.ask(Requests.twoReviews()).reply();
    }

    private ScriptedAdapter adapter(Duration retryAfter, Kind kind) {
        return new ScriptedAdapter(
                (_, _, _) -> {
                    if (storming()) {
                        refused.incrementAndGet();
                        ticker.sleep(Duration.ofMillis(2));
                        throw retryAfter.isZero() ? error(kind) : error(kind, retryAfter);
                    }
                    ticker.sleep(LATENCY);
                    if (within(FULL_SPEED_FROM, STORM_BEGINS)) {
                        answersBefore.incrementAndGet();
                    } else if (within(BACK_BY, END)) {
                        answersAfter.incrementAndGet();
                    }
                    return reply();
                });
    }

    private boolean storming() {
        return within(STORM_BEGINS, STORM_ENDS);
    }

    private boolean within(Duration from, Duration until) {
        long now = ticker.nanos();
        return now >= from.toNanos() && now < until.toNanos();
    }

    /** Compares the second before the storm with one that begins five seconds after it. */
    private void assertFullSpeedIsBack() {
        assertThat((double) answersAfter.get()).isGreaterThan(FULL_SPEED * answersBefore.get());
    }

    private interface Call {
        ModelReply ask() throws ModelException, InterruptedException;
    }

    private void run(Call call) throws Exception {
        try (TaskScope scope = TaskScope.failFast("caller")) {
            for (int caller = 0; caller < CALLERS; caller++) {
                int first = caller;
                scope.fork(
                        () -> {
                            ticker.sleep(Duration.ofNanos(first * LATENCY.toNanos() / CALLERS));
                            while (!over.get()) {
                                assertThat(call.ask()).isNotNull();
                            }
                            return first;
                        });
            }
            await().pollDelay(Duration.ZERO)
                    .pollInterval(1, TimeUnit.MILLISECONDS)
                    .atMost(100, TimeUnit.SECONDS)
                    .until(
                            () -> {
                                ticker.advance(Duration.ofMillis(10));
                                return ticker.nanos() > END.toNanos();
                            });
            over.set(true);
        }
    }
}
