package dev.thac.model;

import static dev.thac.model.ScriptedAdapter.error;
import static dev.thac.model.ScriptedAdapter.reply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.thac.cost.PriceBook;
import dev.thac.meter.Meters;
import dev.thac.model.ModelException.Kind;
import dev.thac.resilience.ManualTicker;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/** A call that never ends is told from a provider that never answers. Time is simulated. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TimeoutsTest {

    private final ManualTicker ticker = new ManualTicker();

    @Test
    void timeoutWhileOthersAreAnsweredIsThrownAfterTwoMoreTries() throws Exception {
        AtomicInteger stuck = new AtomicInteger();
        ScriptedAdapter adapter =
                new ScriptedAdapter(
                        (_, _, request) -> {
                            ticker.sleep(Duration.ofSeconds(request.items() == 1 ? 60 : 1));
                            if (request.items() == 1) {
                                stuck.incrementAndGet();
                                throw error(Kind.TIMEOUT);
                            }
                            return reply();
                        });
        Models models = models(adapter, 64);
        FutureTask<Model.Paid> poison = ask(models, one());

        while (!poison.isDone()) {
            FutureTask<Model.Paid> other = ask(models);
            pass(Duration.ofSeconds(1), other::isDone);
        }

        assertThat(poison.exceptionNow())
                .isInstanceOfSatisfying(
                        ModelException.class, e -> assertThat(e.kind()).isEqualTo(Kind.TIMEOUT));
        assertThat(stuck).hasValue(3);
    }

    @Test
    void aCallThatTimesOutAloneEndsWhileAHarmlessOneIsAnswered() throws Exception {
        AtomicInteger stuck = new AtomicInteger();
        ScriptedAdapter adapter =
                new ScriptedAdapter(
                        (_, _, request) -> {
                            if (request.content().contains("Hàng đẹp")) {
                                stuck.incrementAndGet();
                                ticker.sleep(Duration.ofSeconds(60));
                                throw error(Kind.TIMEOUT);
                            }
                            ticker.sleep(Duration.ofSeconds(1));
                            return reply();
                        });
        Models models = models(adapter, 64);
        FutureTask<Model.Paid> poison = ask(models, single());

        pass(Duration.ofMillis(500), poison::isDone);

        assertThat(poison.exceptionNow())
                .isInstanceOfSatisfying(
                        ModelException.class, e -> assertThat(e.kind()).isEqualTo(Kind.TIMEOUT));
        assertThat(stuck).hasValue(3);
        assertThat(adapter.calls()).isEqualTo(6);
        assertThat(ticker.nanos()).isLessThan(Duration.ofMinutes(4).toNanos());
        assertThat(state(models)).isEqualTo(ModelHealth.Breaker.CLOSED);
        assertThat(models.health().getFirst().inFlight()).isZero();
    }

    @Test
    void severalItemsThatTimeOutAloneAreHandedBackToBeSplit() throws Exception {
        AtomicInteger stuck = new AtomicInteger();
        ScriptedAdapter adapter =
                new ScriptedAdapter(
                        (_, _, request) -> {
                            if (request.items() > 1) {
                                stuck.incrementAndGet();
                                ticker.sleep(Duration.ofSeconds(60));
                                throw error(Kind.TIMEOUT);
                            }
                            return reply();
                        });
        FutureTask<Model.Paid> poison = ask(models(adapter, 64));

        pass(Duration.ofMillis(500), poison::isDone);

        assertThat(poison.exceptionNow()).isInstanceOf(ModelException.class);
        assertThat(stuck).hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 40})
    void silenceOfTheWholeProviderIsNobodysOwn(int callers) throws Exception {
        AtomicInteger questions = new AtomicInteger();
        ScriptedAdapter adapter =
                new ScriptedAdapter(
                        (_, _, request) -> {
                            if (request.content().contains("Hàng đẹp")) {
                                questions.incrementAndGet();
                            }
                            if (ticker.nanos() < Duration.ofMinutes(20).toNanos()) {
                                ticker.sleep(Duration.ofSeconds(60));
                                throw error(Kind.TIMEOUT);
                            }
                            return reply();
                        });
        Models models = models(adapter, 64);
        List<FutureTask<Model.Paid>> calls =
                IntStream.range(0, callers).mapToObj(_ -> ask(models, single())).toList();

        pass(Duration.ofSeconds(1), () -> calls.stream().allMatch(FutureTask::isDone));

        assertThat(calls).allSatisfy(call -> assertThat(call.resultNow()).isNotNull());
        assertThat(questions).hasValueLessThanOrEqualTo(2 * callers + 8);
    }

    @Test
    void aStuckCallOnAnAccountWithOnePlaceEndsWhileOthersWaitForThePlace() throws Exception {
        ScriptedAdapter adapter =
                new ScriptedAdapter(
                        (_, _, request) -> {
                            if (request.content().contains("Hàng đẹp")) {
                                ticker.sleep(Duration.ofSeconds(60));
                                throw error(Kind.TIMEOUT);
                            }
                            ticker.sleep(Duration.ofSeconds(1));
                            return reply();
                        });
        Models models = models(adapter, 1);
        FutureTask<Model.Paid> poison = ask(models, single());
        await().until(() -> adapter.calls() == 1);

        while (!poison.isDone()) {
            FutureTask<Model.Paid> other = ask(models, one());
            pass(Duration.ofSeconds(1), other::isDone);
        }

        assertThat(poison.exceptionNow()).isInstanceOf(ModelException.class);
        assertThat(ticker.nanos()).isLessThan(Duration.ofMinutes(10).toNanos());
    }

    /** Lets time pass, a step every real millisecond. */
    private void pass(Duration step, BooleanSupplier done) {
        await().pollDelay(Duration.ZERO)
                .pollInterval(1, TimeUnit.MILLISECONDS)
                .atMost(100, TimeUnit.SECONDS)
                .until(
                        () -> {
                            ticker.advance(step);
                            return done.getAsBoolean();
                        });
    }

    private Models models(ScriptedAdapter adapter, int concurrency) {
        ModelSpec spec =
                Requests.spec(
                        Provider.ANTHROPIC,
                        "claude-haiku-5-5",
                        "http://localhost:1",
                        Requests.limits(concurrency));
        return Models.of(
                Map.of("small", spec),
                Map.of(),
                PriceBook.bundled(),
                new Meters(),
                ticker,
                List.of(adapter));
    }

    private static FutureTask<Model.Paid> ask(Models models) {
        return ask(models, Requests.twoReviews());
    }

    private static FutureTask<Model.Paid> ask(Models models, ModelRequest request) {
        FutureTask<Model.Paid> call = new FutureTask<>(() -> models.get("small").ask(request));
        Thread.ofVirtual().start(call);
        return call;
    }

    private static ModelHealth.Breaker state(Models models) {
        return models.health().getFirst().breaker();
    }

    private static ModelRequest one() {
        return new ModelRequest("", "{\"items\":[]}", Map.of("type", "object"), 1);
    }

    private static ModelRequest single() {
        ModelRequest two = Requests.twoReviews();
        return new ModelRequest(two.instructions(), two.content(), two.answerSchema(), 1);
    }
}
