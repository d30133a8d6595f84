package dev.thac.model;

import static dev.thac.model.ScriptedAdapter.error;
import static dev.thac.model.ScriptedAdapter.reply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.thac.cost.AtLimit;
import dev.thac.cost.PriceBook;
import dev.thac.cost.PriceSpec;
import dev.thac.cost.ScriptedSpending;
import dev.thac.cost.Spending;
import dev.thac.event.Money;
import dev.thac.event.ThacException;
import dev.thac.event.TokenUsage;
import dev.thac.meter.Meters;
import dev.thac.model.ModelException.Kind;
import dev.thac.resilience.ManualTicker;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** What a model's calls take from a budget. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PaidFromBudgetTest {

    private static final String URL = "http://localhost:1";
    private static final ModelSpec SMALL =
            Requests.spec(Provider.ANTHROPIC, "claude-haiku-5-5", URL);
    private static final ModelSpec SPARE =
            Requests.spec(Provider.ANTHROPIC, "claude-sonnet-5-5", "http://localhost:2");

    /** All output there may be, at the price of large requests. */
    private static final long OUTPUT = 4000L * 2500;

    private static final Money MUCH = new Money(1_000_000_000);
    private static final Money NONE = Money.ZERO;

    private final ManualTicker ticker = ManualTicker.jumping();

    @Test
    void theWorstCaseIsPutAsideAndTheRestComesBack() throws Exception {
        ScriptedSpending money = new ScriptedSpending(MUCH, AtLimit.PAUSE);
        Model model = model(money, new ScriptedAdapter((_, _, _) -> reply()), SMALL);

        model.ask(Requests.twoReviews());

        long cost = 100 * 100 + 50 * 500;
        assertThat(money.ends()).containsExactly("settled " + cost);
        assertThat(money.left()).isEqualTo(new Money(MUCH.nanos() - cost));
        assertThat(money.asked().getFirst().nanos())
                .isGreaterThan(OUTPUT + 500 * 1024)
                .isLessThan(OUTPUT + 500 * 4096);
    }

    @Test
    void pauseWaitsForMoneyWithoutACallAndGoesOnWithIt() throws Exception {
        ScriptedSpending money = new ScriptedSpending(NONE, AtLimit.PAUSE);
        ScriptedAdapter adapter = new ScriptedAdapter((_, _, _) -> reply());
        Models models = models(money, adapter, Map.of("small", SMALL));
        FutureTask<Model.Paid> call = ask(models.get("small"));
        await().until(() -> money.waits() > 0);

        assertThat(adapter.calls()).isZero();
        assertThat(models.health().getFirst().inFlight()).isZero();
        money.add(MUCH);

        assertThat(call.get().cost()).isPresent();
        assertThat(adapter.calls()).isEqualTo(1);
    }

    @Test
    void otherBudgetsPassTheShortageOn() {
        for (AtLimit atLimit : List.of(AtLimit.DEGRADE, AtLimit.DEAD_LETTER)) {
            ScriptedSpending money = new ScriptedSpending(NONE, atLimit);
            ScriptedAdapter adapter = new ScriptedAdapter((_, _, _) -> reply());
            Model model = model(money, adapter, SMALL);

            assertThatThrownBy(() -> model.ask(Requests.twoReviews()))
                    .hasMessageContaining("budget daily: a call can cost $0.01")
                    .isInstanceOfSatisfying(
                            ModelException.class,
                            e -> {
                                assertThat(e.kind()).isEqualTo(Kind.BUDGET);
                                assertThat(e.shortage().orElseThrow().atLimit()).isEqualTo(atLimit);
                            });
            assertThat(adapter.calls()).isZero();
        }
    }

    @Test
    void aFreeModelIsNeverStopped() throws Exception {
        ScriptedSpending money = new ScriptedSpending(NONE, AtLimit.DEAD_LETTER);
        ModelSpec own = priced(SMALL, new PriceSpec(none(), none(), none(), none(), none(), true));
        Model model = model(money, new ScriptedAdapter((_, _, _) -> reply()), own);

        assertThat(model.free()).isTrue();
        assertThat(model.ask(Requests.twoReviews()).cost()).contains(Money.ZERO);
        assertThat(money.asked()).isEmpty();
    }

    @Test
    void timeOutsAndBrokenConnectionsAreChargedInFullRefusalsNotAtAll() {
        ScriptedSpending money = new ScriptedSpending(MUCH, AtLimit.PAUSE);
        List<ModelException> trouble =
                List.of(
                        error(Kind.RATE_LIMIT),
                        error(Kind.SERVER),
                        error(Kind.NETWORK),
                        new ModelException(
                                Kind.NETWORK,
                                "refused",
                                Optional.empty(),
                                ModelException.Bill.NOTHING),
                        error(Kind.OVERLOADED));
        ScriptedAdapter adapter =
                new ScriptedAdapter(
                        (number, _, _) -> {
                            if (number <= trouble.size()) {
                                throw trouble.get(number - 1);
                            }
                            return reply();
                        });
        FutureTask<Model.Paid> call = ask(model(money, adapter, SMALL));
        await().pollInterval(Duration.ofMillis(1))
                .until(
                        () -> {
                            ticker.advance(Duration.ofMillis(100));
                            return call.isDone();
                        });

        assertThat(money.ends())
                .containsExactly(
                        "released", "released", "charged", "released", "released", "settled 35000");
        assertThat(money.held()).isZero();
    }

    @Test
    void aHarmlessQuestionAfterATimeOutIsAPaidCallToo() throws Exception {
        ScriptedSpending money = new ScriptedSpending(MUCH, AtLimit.PAUSE);
        ScriptedAdapter adapter =
                new ScriptedAdapter(
                        (number, _, _) -> {
                            if (number == 1) {
                                throw error(Kind.TIMEOUT);
                            }
                            return reply();
                        });
        Model model = model(money, adapter, SMALL);

        model.ask(Requests.twoReviews());

        assertThat(money.ends()).containsExactly("charged", "settled 35000", "settled 35000");
    }

    @Test
    void anAnswerThatDoesNotSayWhatItUsedIsChargedInFull() throws Exception {
        ScriptedSpending money = new ScriptedSpending(MUCH, AtLimit.PAUSE);
        ModelReply silent =
                new ModelReply(
                        "{\"items\":[]}",
                        ModelReply.Stop.COMPLETE,
                        TokenUsage.NONE,
                        OptionalDouble.empty(),
                        "req");
        Model model = model(money, new ScriptedAdapter((_, _, _) -> silent), SMALL);

        model.ask(Requests.twoReviews());

        assertThat(money.ends()).containsExactly("charged");
    }

    @Test
    void aFallbackReservesAtItsOwnPrice() throws Exception {
        ScriptedSpending money = new ScriptedSpending(MUCH, AtLimit.PAUSE);
        ScriptedAdapter adapter =
                new ScriptedAdapter(
                        (_, endpoint, _) -> {
                            if (endpoint.url().getPort() == 1) {
                                throw error(Kind.OVERLOADED);
                            }
                            return reply();
                        });
        Models models =
                models(
                        money,
                        adapter,
                        Map.of("small", Requests.withFallback(SMALL, "spare"), "spare", SPARE));

        assertThat(models.get("small").ask(Requests.twoReviews()).answeredBy()).isEqualTo("spare");

        assertThat(money.asked().getLast().nanos()).isGreaterThan(4000L * 10_000);
        assertThat(money.ends()).endsWith("settled " + (100 * 2000 + 50 * 10_000));
    }

    @Test
    void aBudgetNeverPaysForAnUnknownPrice() {
        ScriptedSpending money = new ScriptedSpending(MUCH, AtLimit.PAUSE);
        ScriptedAdapter adapter = new ScriptedAdapter((_, _, _) -> reply());
        ModelSpec unknown = Requests.spec(Provider.ANTHROPIC, "claude-unheard-of", URL);
        Model model = model(money, adapter, unknown);

        assertThatThrownBy(() -> model.ask(Requests.twoReviews()))
                .isInstanceOf(ThacException.class)
                .hasMessageContaining("no price of claude-unheard-of is known");
        assertThat(adapter.calls()).isZero();
    }

    @Test
    void askersShareAnAccountButNotTheirMoney() throws Exception {
        ScriptedSpending rich = new ScriptedSpending(MUCH, AtLimit.PAUSE);
        ScriptedSpending poor = new ScriptedSpending(NONE, AtLimit.DEAD_LETTER);
        Models all = models(Spending.UNLIMITED, new ScriptedAdapter((_, _, _) -> reply()), one());

        Model theirs = all.spending(_ -> rich).get("small");
        Model ours = all.spending(_ -> poor).get("small");

        assertThat(theirs.ask(Requests.twoReviews()).cost()).isPresent();
        assertThatThrownBy(() -> ours.ask(Requests.twoReviews()))
                .isInstanceOf(ModelException.class);
        assertThat(all.get("small").ask(Requests.twoReviews()).cost()).isPresent();
    }

    private static Map<String, ModelSpec> one() {
        return Map.of("small", SMALL);
    }

    private Model model(Spending money, ScriptedAdapter adapter, ModelSpec spec) {
        return models(money, adapter, Map.of("small", spec)).get("small");
    }

    private Models models(Spending money, ScriptedAdapter adapter, Map<String, ModelSpec> specs) {
        return Models.of(
                        specs,
                        Map.of(),
                        PriceBook.bundled(),
                        new Meters(),
                        ticker,
                        List.of(adapter))
                .spending(_ -> money);
    }

    private static FutureTask<Model.Paid> ask(Model model) {
        FutureTask<Model.Paid> call = new FutureTask<>(() -> model.ask(Requests.twoReviews()));
        Thread.ofVirtual().start(call);
        return call;
    }

    private static Optional<Double> none() {
        return Optional.empty();
    }

    private static ModelSpec priced(ModelSpec spec, PriceSpec price) {
        return new ModelSpec(
                spec.provider(),
                spec.url(),
                spec.apiKey(),
                spec.model(),
                spec.effort(),
                spec.maxOutputTokens(),
                spec.temperature(),
                Duration.ofSeconds(5),
                spec.limits(),
                Optional.of(price),
                spec.fallback());
    }
}
