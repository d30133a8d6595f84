package dev.thac.model;

import static dev.thac.model.ScriptedAdapter.error;
import static dev.thac.model.ScriptedAdapter.reply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.thac.cost.PriceBook;
import dev.thac.cost.Terms;
import dev.thac.event.Money;
import dev.thac.event.ThacException;
import dev.thac.meter.Meters;
import dev.thac.meter.Metric;
import dev.thac.model.ModelException.Kind;
import dev.thac.resilience.ManualTicker;
import dev.thac.spec.Secret;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ModelsTest {

    private static final String URL = "http://localhost:1";
    private static final ModelSpec SMALL =
            Requests.spec(Provider.ANTHROPIC, "claude-haiku-5-5", URL);

    private final ManualTicker ticker = new ManualTicker();
    private final Meters meters = new Meters();

    @Test
    void answerIsPricedAtTheTimeItWasAskedFor() throws Exception {
        Models models = models(new ScriptedAdapter((_, _, _) -> reply()), Map.of("small", SMALL));

        Model.Paid paid = models.get("small").ask(Requests.twoReviews());

        assertThat(paid.cost()).contains(new Money(100 * 100 + 50 * 500));
        assertThat(paid.answeredBy()).isEqualTo("small");
        Terms terms = paid.terms().orElseThrow();
        assertThat(terms.model()).isEqualTo("claude-haiku-5-5");
        assertThat(terms.at()).isEqualTo(ticker.now());
        assertThat(terms.price()).isPresent();
        assertThat(meters.value(Metric.UNPRICED_CALLS, "small")).isZero();
    }

    @Test
    void unknownPriceIsEmptyAndCounted() throws Exception {
        ModelSpec unknown = Requests.spec(Provider.ANTHROPIC, "claude-unheard-of", URL);
        Models models = models(new ScriptedAdapter((_, _, _) -> reply()), Map.of("x", unknown));

        assertThat(models.get("x").ask(Requests.twoReviews()).cost()).isEmpty();
        assertThat(models.price("x")).isEmpty();
        assertThat(meters.value(Metric.UNPRICED_CALLS, "x")).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"INVALID", "TOO_LARGE"})
    void requestsOwnFaultIsThrownAtOnce(Kind kind) {
        ScriptedAdapter adapter =
                new ScriptedAdapter(
                        (_, _, _) -> {
                            throw error(kind);
                        });
        Model model = models(adapter, Map.of("small", SMALL)).get("small");

        assertThatThrownBy(() -> model.ask(Requests.twoReviews()))
                .isInstanceOfSatisfying(
                        ModelException.class, e -> assertThat(e.kind()).isEqualTo(kind));
        assertThat(adapter.calls()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"INVALID", "TOO_LARGE", "BUDGET"},
            mode = EnumSource.Mode.EXCLUDE)
    void providersTroubleIsWaitedOutForTenMinutes(Kind kind) throws Exception {
        ScriptedAdapter adapter =
                new ScriptedAdapter(
                        (_, _, _) -> {
                            if (ticker.nanos() < Duration.ofMinutes(10).toNanos()) {
                                throw error(kind);
                            }
                            return reply();
                        });
        Models models = models(adapter, Map.of("small", SMALL));

        Model.Paid paid = pump(models, Duration.ofMillis(500));

        assertThat(paid.reply().text()).isNotEmpty();
        assertThat(adapter.calls()).isBetween(10, 500);
        assertThat(models.health().getFirst().lastError()).contains(kind.toString());
        assertThat(models.health().getFirst().breaker()).isEqualTo(ModelHealth.Breaker.CLOSED);
        assertThat(meters.total(Metric.BREAKER_OPENED)).isPositive();
        int last = kind == Kind.TIMEOUT ? 2 : 1; // a harmless question is answered first
        assertThat(meters.total(Metric.RETRIES)).isEqualTo(adapter.calls() - last);
    }

    @Test
    void retryAfterIsHonouredByEverybody() throws Exception {
        AtomicInteger early = new AtomicInteger();
        ScriptedAdapter adapter =
                new ScriptedAdapter(
                        (number, _, _) -> {
                            if (number == 1) {
                                throw error(Kind.RATE_LIMIT, Duration.ofSeconds(30));
                            }
                            if (ticker.nanos() < Duration.ofSeconds(30).toNanos()) {
                                early.incrementAndGet();
                            }
                            return reply();
                        });
        Models models = models(adapter, Map.of("small", SMALL));
        FutureTask<Model.Paid> first = ask(models);
        await().until(() -> state(models) == ModelHealth.Breaker.OPEN);
        List<FutureTask<Model.Paid>> others = List.of(ask(models), ask(models), ask(models));

        pass(
                Duration.ofSeconds(1),
                () -> first.isDone() && others.stream().allMatch(FutureTask::isDone));

        assertThat(early).hasValue(0);
        assertThat(adapter.calls()).isEqualTo(5);
    }

    @Test
    void rotatedKeyIsFoundByTheProbe() throws Exception {
        Path file = Files.createTempFile("key", ".txt");
        Files.writeString(file, "old\n");
        ModelSpec spec = withKey(SMALL, "${file:" + file + "}");
        ScriptedAdapter adapter =
                new ScriptedAdapter(
                        (_, endpoint, _) -> {
                            if (endpoint.key().read().orElseThrow().equals("old")) {
                                throw error(Kind.AUTH);
                            }
                            return reply();
                        });
        Models models = models(adapter, Map.of("small", spec));
        FutureTask<Model.Paid> call = ask(models);
        pass(Duration.ofSeconds(1), () -> adapter.calls() >= 3);

        Files.writeString(file, "new\n");

        pass(Duration.ofSeconds(1), () -> call.isDone());
        assertThat(call.resultNow().reply().text()).isNotEmpty();
        Files.delete(file);
    }

    @Test
    void callsRefusedTogetherDoNotPutTheProbeOff() {
        int together = 20;
        CountDownLatch allOnTheirWay = new CountDownLatch(together);
        ScriptedAdapter adapter =
                new ScriptedAdapter(
                        (_, _, _) -> {
                            allOnTheirWay.countDown();
                            allOnTheirWay.await();
                            throw error(Kind.AUTH);
                        });
        Models models = models(adapter, Map.of("small", SMALL));
        List<FutureTask<Model.Paid>> calls =
                IntStream.range(0, together).mapToObj(_ -> ask(models)).toList();

        await().until(() -> meters.total(Metric.RETRIES) == together);

        assertThat(models.health().getFirst().untilProbe())
                .isLessThanOrEqualTo(Duration.ofSeconds(1));
        calls.forEach(call -> call.cancel(true));
    }

    @Test
    void missingKeyOfARemoteEndpointWaitsAndSaysWhich() throws Exception {
        ModelSpec remote =
                Requests.spec(Provider.ANTHROPIC, "claude-haiku-5-5", "https://api.example");
        ScriptedAdapter adapter =
                new ScriptedAdapter(
                        (_, endpoint, _) -> {
                            assertThat(endpoint.key().read()).isPresent();
                            return reply();
                        });
        Models models = models(adapter, Map.of("small", remote));
        FutureTask<Model.Paid> call = ask(models);

        await().until(() -> state(models) == ModelHealth.Breaker.OPEN);

        assertThat(models.health().getFirst().lastError().orElseThrow())
                .contains("ANTHROPIC_API_KEY");
        assertThat(call.isDone()).isFalse();
        call.cancel(true);
    }

    @Test
    void fallbackAnswersWhileTheBreakerIsOpenAndThePrimaryReturns() throws Exception {
        Map<String, ModelSpec> specs = new TreeMap<>();
        specs.put("small", Requests.withFallback(SMALL, "spare"));
        specs.put("spare", Requests.spec(Provider.ANTHROPIC, "claude-haiku-4-5", URL));
        ScriptedAdapter adapter =
                new ScriptedAdapter(
                        (_, endpoint, _) -> {
                            if (endpoint.spec().model().equals("claude-haiku-5-5")
                                    && ticker.nanos() < Duration.ofSeconds(60).toNanos()) {
                                throw error(Kind.SPEND_CAP);
                            }
                            return reply();
                        });
        Models models = models(adapter, specs);

        Model.Paid during = pump(models, Duration.ofMillis(10));
        ticker.advance(Duration.ofMinutes(2));
        Model.Paid after = models.get("small").ask(Requests.twoReviews());

        assertThat(during.answeredBy()).isEqualTo("spare");
        assertThat(during.cost()).contains(new Money(100 * 1000 + 50 * 5000));
        assertThat(after.answeredBy()).isEqualTo("small");
    }

    @Test
    void circleOfFallbacksEndsAndUnknownOnesAreRefused() {
        Map<String, ModelSpec> circle =
                Map.of(
                        "a", Requests.withFallback(SMALL, "b"),
                        "b", Requests.withFallback(SMALL, "a"));
        ScriptedAdapter adapter = new ScriptedAdapter((_, _, _) -> reply());

        assertThat(models(adapter, circle).names()).containsExactly("a", "b");
        assertThatThrownBy(
                        () -> models(adapter, Map.of("a", Requests.withFallback(SMALL, "nobody"))))
                .isInstanceOf(ThacException.class)
                .hasMessageContaining("nobody");
    }

    @Test
    void namesOfOneModelShareItsLimits() throws Exception {
        Map<String, ModelSpec> specs =
                Map.of(
                        "one", withLimits(Requests.limits(3)),
                        "two", withLimits(Requests.limits(2)));
        AtomicInteger inFlight = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        ScriptedAdapter adapter =
                new ScriptedAdapter(
                        (_, _, _) -> {
                            most.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
                            ticker.sleep(Duration.ofSeconds(1));
                            inFlight.decrementAndGet();
                            return reply();
                        });
        Models models = models(adapter, specs);
        List<FutureTask<Model.Paid>> calls =
                IntStream.range(0, 20)
                        .mapToObj(i -> ask(models.get(i % 2 == 0 ? "one" : "two"), one()))
                        .toList();

        pass(Duration.ofMillis(100), () -> calls.stream().allMatch(FutureTask::isDone));

        assertThat(most).hasValue(2);
    }

    @Test
    void interruptedCallsGiveEverythingBack() throws Exception {
        ScriptedAdapter adapter =
                new ScriptedAdapter(
                        (number, _, _) -> {
                            if (number <= 2) {
                                ticker.sleep(Duration.ofDays(1));
                            }
                            return reply();
                        });
        Models models = models(adapter, Map.of("small", withLimits(Requests.limits(2))));
        FutureTask<Model.Paid> first = new FutureTask<>(() -> ask(models).get());
        Thread one = Thread.ofVirtual().start(() -> run(models));
        Thread two = Thread.ofVirtual().start(() -> run(models));
        Thread waiting = Thread.ofVirtual().start(() -> run(models));
        await().until(() -> adapter.calls() == 2);

        waiting.interrupt();
        one.interrupt();
        two.interrupt();
        one.join();
        two.join();
        waiting.join();
        first.run();

        assertThat(first.resultNow().reply().text()).isNotEmpty();
        assertThat(models.health().getFirst().inFlight()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"1000000, true", "4, false"})
    void aCallThatFailsAgainAndAgainWhileOthersAreAnsweredIsItsOwnTrouble(
            int othersFailEach, boolean own) {
        AtomicInteger others = new AtomicInteger();
        ScriptedAdapter adapter =
                new ScriptedAdapter(
                        (_, _, request) -> {
                            if (request.items() == 1
                                    || others.incrementAndGet() % othersFailEach == 0) {
                                throw error(Kind.SERVER);
                            }
                            return reply();
                        });
        Models models = models(adapter, Map.of("small", SMALL));
        FutureTask<Model.Paid> broken = ask(models, one());

        pass(
                Duration.ofMillis(100),
                () -> {
                    FutureTask<Model.Paid> _ = ask(models);
                    return broken.isDone() || ticker.nanos() > Duration.ofMinutes(5).toNanos();
                });

        assertThat(broken.isDone()).isEqualTo(own);
        if (own) {
            assertThatThrownBy(broken::get).hasCauseInstanceOf(ModelException.class);
            assertThat(ticker.nanos()).isLessThan(Duration.ofMinutes(1).toNanos());
        }
    }

    @Test
    void aCallThatNobodyWantsAnyMoreIsNotMadeWhenItsTurnComes() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        ScriptedAdapter adapter =
                new ScriptedAdapter(
                        (_, _, _) -> {
                            answer.await();
                            return reply();
                        });
        Models models = models(adapter, Map.of("small", withLimits(Requests.limits(1))));
        Model small = models.get("small");
        AtomicBoolean abandoned = new AtomicBoolean();
        FutureTask<Model.Paid> underWay = ask(small, one());
        await().until(() -> adapter.calls() == 1);
        FutureTask<Model.Paid> waiting = new FutureTask<>(() -> small.ask(one(), abandoned::get));
        Thread waiter = Thread.ofVirtual().start(waiting);
        await().until(() -> waiter.getState() != Thread.State.RUNNABLE);

        abandoned.set(true);
        answer.countDown();

        assertThatThrownBy(waiting::get).hasCauseInstanceOf(InterruptedException.class);
        assertThat(underWay.get().reply().text()).isNotEmpty();
        assertThat(adapter.calls()).isOne();
        assertThat(models.health().getFirst().inFlight()).isZero();
        assertThat(ask(small, one()).get().reply().text()).isNotEmpty();
    }

    private void run(Models models) {
        try {
            Model.Paid paid = models.get("small").ask(Requests.twoReviews());
            throw new AssertionError("answered: " + paid);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (ModelException e) {
            throw new AssertionError(e);
        }
    }

    private Model.Paid pump(Models models, Duration step) throws Exception {
        FutureTask<Model.Paid> call = ask(models);
        pass(step, call::isDone);
        return call.get();
    }

    /** Lets time pass, a step every real millisecond. */
    private void pass(Duration step, BooleanSupplier done) {
        await().pollDelay(Duration.ZERO)
                .pollInterval(1, TimeUnit.MILLISECONDS)
                .atMost(50, TimeUnit.SECONDS)
                .until(
                        () -> {
                            ticker.advance(step);
                            return done.getAsBoolean();
                        });
    }

    private static FutureTask<Model.Paid> ask(Models models) {
        return ask(models, Requests.twoReviews());
    }

    private static FutureTask<Model.Paid> ask(Models models, ModelRequest request) {
        return ask(models.get("small"), request);
    }

    private static FutureTask<Model.Paid> ask(Model model, ModelRequest request) {
        FutureTask<Model.Paid> call = new FutureTask<>(() -> model.ask(request));
        Thread.ofVirtual().start(call);
        return call;
    }

    private static ModelHealth.Breaker state(Models models) {
        return models.health().getFirst().breaker();
    }

    private static ModelRequest one() {
        return new ModelRequest("", "{\"items\":[]}", Map.of("type", "object"), 1);
    }

    private Models models(ScriptedAdapter adapter, Map<String, ModelSpec> specs) {
        return Models.of(specs, Map.of(), PriceBook.bundled(), meters, ticker, List.of(adapter));
    }

    private static ModelSpec withLimits(ModelLimitsSpec limits) {
        return Requests.spec(Provider.ANTHROPIC, "claude-haiku-5-5", URL, limits);
    }

    private static ModelSpec withKey(ModelSpec spec, String reference) {
        return new ModelSpec(
                spec.provider(),
                spec.url(),
                Optional.of(new Secret(reference)),
                spec.model(),
                spec.effort(),
                spec.maxOutputTokens(),
                spec.temperature(),
                spec.timeout(),
                spec.limits(),
                spec.price(),
                spec.fallback());
    }
}
