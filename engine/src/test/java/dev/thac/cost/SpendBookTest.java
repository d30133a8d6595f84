package dev.thac.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.thac.event.Money;
import dev.thac.event.TokenUsage;
import dev.thac.meter.Meters;
import dev.thac.meter.Metric;

import org.junit.jupiter.api.Test;

import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

class SpendBookTest {

    private static final ZoneId HANOI = ZoneId.of("Asia/Ho_Chi_Minh");
    private static final Instant NOON = Instant.parse("2026-11-20T05:00:00Z");
    private static final PriceBook PRICES = PriceBook.bundled();

    private final Meters meters = new Meters();
    private final SpendBook book = new SpendBook("p", HANOI, meters);
    private final SpendBook.Tier rules = book.tier("mood", "rules", SpendTier.RULES);
    private final SpendBook.Tier small = book.tier("mood", "small", SpendTier.MODEL);
    private final SpendBook.Tier strong = book.tier("mood", "strong", SpendTier.LAST_MODEL);

    @Test
    void aDayBeginsAtMidnightOfTheDeclaredZone() {
        small.paid(call(Instant.parse("2026-11-20T16:59:59Z"), 100, 10), payers(1, 1));
        small.paid(call(Instant.parse("2026-11-20T17:00:00Z"), 200, 20), payers(1, 1));

        assertThat(book.snapshot(NOON))
                .extracting(SpendDay::day, day -> day.lines().getFirst().tokens().input())
                .containsExactly(
                        tuple(LocalDate.of(2026, 11, 20), 100L),
                        tuple(LocalDate.of(2026, 11, 21), 200L));
    }

    @Test
    void metricsSayWhatTheBookSays() {
        TokenUsage usage = new TokenUsage(1000, 200, 30, 4, 50, 6);
        SpendBook.Call call = call(NOON, usage);
        small.paid(call, payers(2, 2));
        small.paid(call, payers(0, 0));

        SpendLine line = book.snapshot(NOON).getFirst().lines().getFirst();
        assertThat(line.tokens()).isEqualTo(usage.plus(usage));
        assertThat(line.total()).isEqualTo(new Money(2 * call.cost().orElseThrow().nanos()));
        assertThat(line.model()).isEqualTo("claude-haiku-5-5");
        for (TokenKind kind : TokenKind.values()) {
            assertThat(meters.value(Metric.TOKENS, "p", "small", line.model(), kind.label()))
                    .isEqualTo(2 * kind.of(usage));
            assertThat(meters.value(Metric.COST, "p", "small", line.model(), kind.label()))
                    .isCloseTo(line.cost().get(kind).nanos() / 1e9, within(1e-15));
        }
        assertThat(Math.round(meters.total(Metric.COST) * 1e9)).isEqualTo(line.total().nanos());
    }

    @Test
    void theKindsOfACallAddUpToItsCostWhateverItIs() {
        Random random = new Random(7);
        for (String model : List.of("claude-haiku-5-5", "gpt-6-luna", "deepseek-flash")) {
            for (int i = 0; i < 2_000; i++) {
                TokenUsage usage =
                        new TokenUsage(
                                random.nextLong(1 << random.nextInt(1, 20)),
                                random.nextLong(3),
                                random.nextLong(1 << random.nextInt(1, 20)),
                                random.nextLong(5),
                                random.nextLong(1 << random.nextInt(1, 12)),
                                random.nextLong(7));
                Price price = PRICES.price(model, NOON).orElseThrow();
                Map<TokenKind, Money> kinds = price.costByKind(usage, NOON);

                assertThat(kinds.values().stream().mapToLong(Money::nanos).sum())
                        .isEqualTo(price.cost(usage, NOON).nanos());
                assertThat(kinds)
                        .allSatisfy(
                                (kind, amount) ->
                                        assertThat(amount.nanos())
                                                .isBetween(
                                                        0L,
                                                        kind.of(usage) == 0 ? 1 : Long.MAX_VALUE));
            }
        }
        assertThat(Portions.of(new Money(5), _ -> BigInteger.ZERO).get(TokenKind.INPUT))
                .isEqualTo(new Money(5));
    }

    @Test
    void rulesSaveTheMeanPriceOfAnEventThatWentToTheModels() {
        for (int i = 0; i < 30; i++) {
            rules.settledFree();
        }
        small.paid(call(NOON, 10_000, 0), payers(4, 4));
        strong.paid(call(NOON, 30_000, 0), payers(0, 1));

        // 4 events went to the models and paid 4,000,000 nano-USD, all calls together
        assertThat(saved(Saving.RULES)).isEqualTo(new Money(30 * 4_000_000L / 4));
    }

    @Test
    void rulesSaveNothingThatWasMeasuredWhereNoEventWentToAModel() {
        rules.settledFree();
        rules.settled("", NOON, false);

        SpendDay day = book.snapshot(NOON).getFirst();
        assertThat(day.lines().getFirst().events()).isEqualTo(2);
        assertThat(day.saved()).isEmpty();
    }

    @Test
    void aCascadeSavesWhatEarlyAnswersSpareMinusAllThatTheEarlyTierCost() {
        small.paid(call(NOON, 10_000, 0), payers(10, 10));
        for (int i = 0; i < 9; i++) {
            small.settled("claude-haiku-5-5", NOON, true);
        }
        strong.paid(call(NOON, 20_000, 0), payers(0, 1));
        strong.settled("claude-haiku-5-5", NOON, true);

        assertThat(saved(Saving.CASCADE)).isEqualTo(new Money(9 * 2_000_000L - 1_000_000));
    }

    @Test
    void aCascadeThatEscalatesNearlyEverythingCostsMoney() {
        small.paid(call(NOON, 10_000, 0), payers(10, 10));
        strong.paid(call(NOON, 10_000, 0), payers(0, 10));

        assertThat(saved(Saving.CASCADE)).isEqualTo(new Money(-1_000_000));
    }

    @Test
    void aBatchSavesTheSharedPartOfItsInputForEveryAnswerBeyondTheFirst() {
        SpendBook.Call call = call(NOON, 10_000, 500);
        small.paid(call, payers(10, 10));
        small.shared(call, 9, 0.25);

        assertThat(saved(Saving.BATCHING)).isEqualTo(new Money(9 * 250_000));
        book.report();
        assertThat(meters.scrape())
                .contains("thac_cost_saved_usd{cause=\"batching\",pipeline=\"p\"} 0.00225");
    }

    @Test
    void thePromptCacheSavesWhatItsTokensWouldHaveCostAsPlainInput() {
        small.paid(call(NOON, new TokenUsage(100, 10_000, 0, 0, 50, 0)), payers(1, 1));
        long read = saved(Saving.PROMPT_CACHE).nanos();
        small.paid(call(NOON, new TokenUsage(100, 0, 10_000, 0, 50, 0)), payers(1, 1));
        long both = saved(Saving.PROMPT_CACHE).nanos();

        assertThat(read).isEqualTo(10_000 * (100 - 10)); // nano-dollars a token
        assertThat(both - read).isEqualTo(10_000 * (100 - 125)); // a write costs more
    }

    @Test
    void aCallWithoutAKnownPriceIsCountedAndItsMoneyIsNot() {
        TokenUsage usage = new TokenUsage(7, 0, 0, 3, 0);
        small.paid(
                new SpendBook.Call(
                        new Terms("unheard-of", NOON, Optional.empty()), usage, Optional.empty()),
                payers(1, 1));

        SpendLine line = book.snapshot(NOON).getFirst().lines().getFirst();
        assertThat(line.unpriced()).isEqualTo(1);
        assertThat(line.tokens()).isEqualTo(usage);
        assertThat(line.cost()).isEmpty();
    }

    private Money saved(Saving cause) {
        Money sum = Money.ZERO;
        for (SpendDay day : book.snapshot(NOON)) {
            for (SpendDay.Saved saved : day.saved()) {
                sum = saved.cause() == cause ? sum.plus(saved.amount()) : sum;
            }
        }
        assertThat(book.saved(cause)).isEqualTo(sum);
        return sum;
    }

    private static SpendBook.Payers payers(int entered, int asked) {
        return new SpendBook.Payers(entered, asked);
    }

    private static SpendBook.Call call(Instant at, long input, long output) {
        return call(at, new TokenUsage(input, 0, 0, output, 0));
    }

    private static SpendBook.Call call(Instant at, TokenUsage usage) {
        Optional<Price> price = PRICES.price("claude-haiku-5-5", at);
        return new SpendBook.Call(
                new Terms("claude-haiku-5-5", at, price),
                usage,
                price.map(each -> each.cost(usage, at)));
    }
}
