package dev.thac.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thac.event.Money;
import dev.thac.event.TokenUsage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import java.util.Random;

class PriceBookTest {

    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
    private static final PriceBook BOOK = PriceBook.bundled();

    @Test
    void unknownModelHasNoPrice() {
        assertThat(BOOK.price("claude-unheard-of", NOW)).isEmpty();
        assertThat(BOOK.price("", NOW)).isEmpty();
    }

    @Test
    void priceIsEmptyBeforeItsFirstDay() {
        assertThat(BOOK.price("claude-haiku-5-5", Instant.parse("2026-10-06T23:59:59Z"))).isEmpty();
        assertThat(BOOK.price("claude-haiku-5-5", Instant.parse("2026-10-07T00:00:00Z")))
                .isPresent();
    }

    @Test
    void everyModelOfTheBookHasOnePriceOnAnyDayItCovers() {
        assertThat(BOOK.models()).hasSizeGreaterThan(40);
        assertThat(BOOK.compiled()).isEqualTo(LocalDate.of(2026, 11, 20));
        assertThat(BOOK.models()).allMatch(model -> BOOK.price(model, NOW).isPresent());
        assertThat(BOOK.price("local", NOW).orElseThrow().free()).isTrue();
    }

    /** The workload of the reference: a prompt of 200 shared by ten, 50 in and 100 out each. */
    @ParameterizedTest
    @CsvSource({
        "claude-haiku-5-5, 57.00",
        "gpt-6-luna, 57.00",
        "gemini-3.5-flash-lite, 271.00",
        "claude-haiku-4-5, 570.00",
        "claude-sonnet-5-5, 1140.00",
        "claude-sonnet-4-6, 1710.00",
        "claude-opus-5-5, 2280.00",
        "claude-3-haiku, 142.50"
    })
    void millionReviewsCostWhatTheReferenceSays(String model, BigDecimal usd) {
        TokenUsage batch = new TokenUsage(200 + 10 * 50, 0, 0, 10 * 100, 0);
        Money cost = BOOK.price(model, NOW).orElseThrow().cost(batch, NOW);

        assertThat(new Money(cost.nanos() * 100_000)).isEqualTo(Money.usd(usd));
    }

    @Test
    void pricesChangeOnTheDayTheySay() {
        TokenUsage usage = new TokenUsage(1_000_000, 0, 0, 0, 0);
        Instant before = Instant.parse("2026-12-31T23:59:59Z");
        Instant after = Instant.parse("2027-01-01T00:00:00Z");

        assertThat(BOOK.price("gemini-3.8-flash", before).orElseThrow().cost(usage, before))
                .isEqualTo(Money.usd(new BigDecimal("0.75")));
        assertThat(BOOK.price("gemini-3.8-flash", after).orElseThrow().cost(usage, after))
                .isEqualTo(Money.usd(new BigDecimal("1.5")));
    }

    @Test
    void largeRequestsAreChargedWholeAtTheHigherStep() {
        Price haiku = BOOK.price("claude-haiku-5-5", NOW).orElseThrow();

        assertThat(haiku.cost(new TokenUsage(60_000, 30_000, 10_000, 1000, 0), NOW))
                .isEqualTo(new Money(60_000 * 100L + 30_000 * 10 + 10_000 * 125 + 1000 * 500));
        assertThat(haiku.cost(new TokenUsage(60_000, 30_000, 10_001, 1000, 0), NOW))
                .isEqualTo(new Money(60_000 * 500L + 30_000 * 50 + 10_001 * 625 + 1000 * 2500));
        Price sol = BOOK.price("gpt-6-sol", NOW).orElseThrow();
        assertThat(sol.cost(new TokenUsage(272_001, 0, 0, 100, 0), NOW))
                .isEqualTo(new Money(272_001 * 4000L + 100 * 15_000));
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-20T02:00:00Z, 0.30",
        "2026-11-20T05:00:00Z, 0.15",
        "2026-11-20T06:00:00Z, 0.30",
        "2026-11-20T10:00:00Z, 0.15",
        "2026-11-21T02:00:00Z, 0.15"
    })
    void offPeakHoursAreCheaper(Instant at, BigDecimal usd) {
        Price price = BOOK.price("deepseek-flash", at).orElseThrow();

        assertThat(price.cost(new TokenUsage(1_000_000, 0, 0, 0, 0), at)).isEqualTo(Money.usd(usd));
        assertThat(price.worstPerMillion(TokenKind.INPUT))
                .isEqualTo(Money.usd(new BigDecimal("0.30")));
    }

    @ParameterizedTest
    @CsvSource({"claude-haiku-4-5-20251001, claude-haiku-4-5", "gpt-4.1-2025-04-14, gpt-4.1"})
    void snapshotsHaveThePriceOfTheirFamily(String snapshot, String family) {
        TokenUsage usage = new TokenUsage(123, 45, 6, 78, 9);

        assertThat(BOOK.price(snapshot, NOW).orElseThrow().cost(usage, NOW))
                .isEqualTo(BOOK.price(family, NOW).orElseThrow().cost(usage, NOW));
    }

    @Test
    void ownPriceNeedsInputAndOutputOrFree() {
        assertThat(Price.of(spec(Optional.empty(), Optional.empty(), false))).isEmpty();
        assertThat(Price.of(spec(Optional.of(1.0), Optional.empty(), false))).isEmpty();
        assertThat(Price.of(spec(Optional.empty(), Optional.empty(), true)).orElseThrow().free())
                .isTrue();
        Price own = Price.of(spec(Optional.of(0.1), Optional.of(0.5), false)).orElseThrow();
        assertThat(own.cost(new TokenUsage(10, 10, 10, 10, 10), NOW))
                .isEqualTo(new Money(30 * 100 + 20 * 500));
    }

    @Test
    void worstCostBoundsEveryCost() {
        Random random = new Random(1);
        for (String model : BOOK.models()) {
            Price price = BOOK.price(model, NOW).orElseThrow();
            for (int i = 0; i < 50; i++) {
                TokenUsage usage =
                        new TokenUsage(
                                random.nextLong(300_000),
                                random.nextLong(50_000),
                                random.nextLong(50_000),
                                random.nextLong(4_000),
                                random.nextLong(4_000));
                long input = usage.input() + usage.cacheRead() + usage.cacheWrite();

                assertThat(price.cost(usage, NOW))
                        .isLessThanOrEqualTo(
                                price.worstCost(input, usage.output() + usage.thinking()));
            }
        }
    }

    @Test
    void sumsAreExactAndOnlyTheSumIsRoundedUp() {
        Tariff tariff = new Tariff(37_500_001, 3, 5, 7, 999_999_999_999L);
        Random random = new Random(2);
        for (int i = 0; i < 1_000; i++) {
            TokenUsage usage =
                    new TokenUsage(
                            random.nextLong(1L << random.nextInt(1, 30)),
                            random.nextLong(1L << 20),
                            random.nextLong(1L << 20),
                            random.nextLong(1L << random.nextInt(1, 25)),
                            random.nextLong(1L << 20));
            BigInteger sum = BigInteger.ZERO;
            for (TokenKind kind : TokenKind.values()) {
                sum =
                        sum.add(
                                BigInteger.valueOf(kind.of(usage))
                                        .multiply(BigInteger.valueOf(tariff.of(kind))));
            }
            BigInteger million = BigInteger.valueOf(1_000_000);
            BigInteger up = sum.add(million.subtract(BigInteger.ONE)).divide(million);

            assertThat(tariff.cost(usage)).isEqualTo(new Money(up.longValueExact()));
        }
    }

    @Test
    void aDayOfABookBeginsAtMidnightOfItsOwnZone() throws Exception {
        PriceBook own =
                book(
                        "Asia/Ho_Chi_Minh",
                        row("m", 1, "\"valid_to\": \"2026-11-20\""),
                        row("m", 2, "\"valid_from\": \"2026-11-21\""));

        assertThat(input(own, "m", "2026-11-20T16:59:59.999Z")).isEqualTo(1_000_000_000L);
        assertThat(input(own, "m", "2026-11-20T17:00:00Z")).isEqualTo(2_000_000_000L);
    }

    @Test
    void anOwnPriceWinsOnItsDaysAndNowhereElse() throws Exception {
        PriceBook both =
                BOOK.under(book("UTC", row("gpt-4.1", 7, "\"valid_from\": \"2026-11-21\"")));

        assertThat(input(both, "gpt-4.1", "2026-11-20T23:59:59Z")).isEqualTo(2_000_000_000L);
        assertThat(input(both, "gpt-4.1", "2026-11-21T00:00:00Z")).isEqualTo(7_000_000_000L);
        assertThat(input(both, "claude-opus-5-5", "2026-11-21T00:00:00Z"))
                .isEqualTo(4_000_000_000L);
    }

    @Test
    void everythingWrongWithABookIsSaidAtOnce() {
        assertThatThrownBy(
                        () ->
                                book(
                                        "UTC",
                                        row("twice", 1, "\"valid_to\": \"2026-11-20\""),
                                        row("twice", 2, "\"valid_from\": \"2026-11-20\""),
                                        "{ \"id\": \"half\", \"input\": 1 }",
                                        row("dated", 1, "\"valid_from\": \"soon\"")))
                .hasMessageContaining("twice: two rows hold on the same day")
                .hasMessageContaining("half: it lacks its output")
                .hasMessageContaining("dated: Text 'soon'");
        assertThatThrownBy(() -> PriceBook.read(new ByteArrayInputStream(new byte[] {'{', '}'})))
                .hasMessageContaining("thac-prices/1");
    }

    @Test
    void batchEndpointsTakeTheirDiscountOffAndThoseWithoutOneHaveNoPrice() {
        Price half = BOOK.price("claude-haiku-5-5", NOW).orElseThrow().inBatches().orElseThrow();
        assertThat(half.perMillion(TokenKind.INPUT).nanos()).isEqualTo(50_000_000L);
        assertThat(half.perMillion(TokenKind.OUTPUT).nanos()).isEqualTo(250_000_000L);
        assertThat(BOOK.price("deepseek-flash", NOW).orElseThrow().inBatches()).isEmpty();
    }

    @Test
    void whatIsCachedForAnHourCostsMoreThanForFiveMinutes() {
        Price sonnet = BOOK.price("claude-sonnet-5-5", NOW).orElseThrow();

        assertThat(sonnet.cost(new TokenUsage(0, 0, 1_000, 1_000, 0, 0), NOW))
                .isEqualTo(new Money(1_000 * 2_500L + 1_000 * 4_000));
    }

    private static long input(PriceBook book, String model, String at) {
        return book.price(model, Instant.parse(at))
                .orElseThrow()
                .perMillion(TokenKind.INPUT)
                .nanos();
    }

    private static String row(String id, int input, String validity) {
        return "{ \"id\": \"%s\", \"input\": %d, \"output\": 9, %s }"
                .formatted(id, input, validity);
    }

    private static PriceBook book(String zone, String... rows) throws IOException {
        String json =
                "{ \"schema\": \"thac-prices/1\", \"compiled\": \"2026-11-20\", \"zone\": \"%s\","
                                .formatted(zone)
                        + " \"models\": ["
                        + String.join(",", rows)
                        + "] }";
        return PriceBook.read(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
    }

    private static PriceSpec spec(Optional<Double> input, Optional<Double> output, boolean free) {
        return new PriceSpec(
                input, output, Optional.empty(), Optional.empty(), Optional.empty(), free);
    }
}
