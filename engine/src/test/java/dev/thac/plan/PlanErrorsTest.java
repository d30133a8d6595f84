package dev.thac.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.thac.cascade.Prompt;
import dev.thac.cost.AtLimit;
import dev.thac.cost.BudgetPeriod;
import dev.thac.cost.BudgetSpec;
import dev.thac.cost.PriceBook;
import dev.thac.event.Money;
import dev.thac.model.ModelLimitsSpec;
import dev.thac.pipeline.FlowSpec;
import dev.thac.runtime.PipelineFiles;
import dev.thac.spec.Rate;
import dev.thac.spec.Share;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** Errors that published estimates of such pipelines make, each avoided. */
class PlanErrorsTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final Sketch sketch = new Sketch().model("small", 0.25, 1.25).model("strong", 3, 15);

    @TempDir private Path folder;

    private static TierLoad full(String model, int size) {
        return Sketch.tier(model, size, Optional.empty(), 200, 50, 100);
    }

    private static TierLoad windowed(String model, int size) {
        return Sketch.tier(model, size, Optional.of(Sketch.WINDOW), 200, 50, 100);
    }

    private static double day(Plan plan) {
        return plan.usdPerDay().orElseThrow();
    }

    private static List<String> advice(Plan plan, Advice.Kind kind) {
        return plan.advice().stream()
                .filter(each -> each.kind() == kind)
                .map(Advice::text)
                .toList();
    }

    @Test
    void aLargerBatchSavesTwoPercentOfTheMoneyAndNotThirty() {
        double ten = day(sketch.plan(10_000, Sketch.analysis(0, full("strong", 10))));
        double more = day(sketch.plan(10_000, Sketch.analysis(0, full("strong", 25))));
        double all = day(sketch.plan(10_000, Sketch.analysis(0, full("strong", 1_000_000))));

        assertThat(more / ten - 1).isCloseTo(-0.021, within(0.0005));
        assertThat(all / ten - 1).isCloseTo(-0.035, within(0.0005));
        assertThat(
                        advice(
                                sketch.plan(10_000, Sketch.analysis(0, full("strong", 10))),
                                Advice.Kind.CHEAPER))
                .anySatisfy(text -> assertThat(text).contains("output is 87.7 %"));
    }

    @Test
    void aBatchWhoseAnswerIsCutIsAProblem() {
        Sketch narrow = new Sketch().model("strong", 3, 15, 2000);

        Plan fits = narrow.plan(10_000, Sketch.analysis(0, full("strong", 20)));
        Plan cut = narrow.plan(10_000, Sketch.analysis(0, full("strong", 25)));

        assertThat(advice(fits, Advice.Kind.PROBLEM)).isEmpty();
        assertThat(advice(cut, Advice.Kind.PROBLEM))
                .anySatisfy(
                        text ->
                                assertThat(text)
                                        .contains("25 events takes about 2,500 output tokens")
                                        .contains("may write 2,000"))
                // and it takes too long
                .anySatisfy(text -> assertThat(text).contains("its timeout is 60 s"));
        assertThat(fits.alternatives())
                .filteredOn(each -> each.name().equals("batch 25"))
                .singleElement()
                .satisfies(each -> assertThat(each.note()).contains("does not fit"));
    }

    @Test
    void thinkingCountsAgainstTheAnswersRoom() {
        TierLoad tier = full("strong", 15);
        TierLoad thoughtful =
                new TierLoad(
                        "strong",
                        15,
                        Optional.empty(),
                        tier.input(),
                        tier.output(),
                        new Tokens(600, 0),
                        tier.confidence(),
                        0,
                        0,
                        CallTime.USUAL);
        Sketch narrow = new Sketch().model("strong", 3, 15, 2000);

        assertThat(advice(narrow.plan(10, Sketch.analysis(0, tier)), Advice.Kind.PROBLEM))
                .isEmpty();
        assertThat(advice(narrow.plan(10, Sketch.analysis(0, thoughtful)), Advice.Kind.PROBLEM))
                .singleElement()
                .asString()
                .contains("2,100 output tokens, thinking included");
    }

    @Test
    void howMuchCheaperTheSmallModelIsComesFromThePrices() {
        double small = day(sketch.plan(1000, Sketch.analysis(0, full("small", 10))));
        double strong = day(sketch.plan(1000, Sketch.analysis(0, full("strong", 10))));

        assertThat(strong / small).isCloseTo(12, within(1e-9));
    }

    @Test
    void theSmallTierCostsWhatItsTokensCostBatchedAndAlone() {
        assertThat(day(sketch.plan(1, Sketch.analysis(0, full("small", 10)))))
                .isCloseTo(0.0001425, within(5e-11));
        assertThat(day(sketch.plan(1, Sketch.analysis(0, full("small", 1)))))
                .isCloseTo(0.0001875, within(5e-11));
    }

    @Test
    void everyTierAnEventReachesIsPaid() {
        Plan plan =
                sketch.plan(
                        10_000,
                        Sketch.analysis(
                                0.4, full("small", 10).passingOn(1 / 6.0), full("strong", 10)));

        List<TierPlan> tiers = plan.analyses().getFirst().tiers();
        assertThat(tiers.get(0).events()).isCloseTo(6000, within(1e-6));
        assertThat(tiers.get(1).events()).isCloseTo(1000, within(1e-6));
    }

    @Test
    void limitsAreTokensAMinuteAndNotOnlyCalls() {
        // 100,000 a day: 7 calls a minute look harmless, 6,944 output tokens are not
        Sketch entry =
                sketch.limited(
                        "strong",
                        new ModelLimitsSpec(
                                64,
                                Optional.of(new Rate(50, MINUTE)),
                                Optional.of(new Rate(30_000, MINUTE)),
                                Optional.of(new Rate(6_000, MINUTE))));

        Plan plan = entry.plan(100_000, Sketch.analysis(0, full("strong", 10)));

        AccountPlan account = plan.accounts().getFirst();
        assertThat(account.callsPerMinute().mean()).isCloseTo(6.94, within(0.005));
        assertThat(account.inputTokensPerMinute().mean()).isCloseTo(4861, within(0.5));
        assertThat(account.outputTokensPerMinute().mean()).isCloseTo(6944, within(0.5));
        assertThat(advice(plan, Advice.Kind.PROBLEM))
                .singleElement()
                .asString()
                .contains("6,944 output tokens/min, the limit is 6,000: events pile up");
    }

    @Test
    void theBusiestHourIsHeldAgainstTheLimitsAndNotOnlyTheMean() {
        List<Double> evening = new java.util.ArrayList<>(Collections.nCopies(24, 1.0));
        evening.set(20, 25.0);
        Traffic traffic = new Traffic(100_000, evening, java.time.ZoneOffset.UTC, 1);
        Sketch limited =
                sketch.limited(
                        "strong",
                        new ModelLimitsSpec(
                                64,
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of(new Rate(16_000, MINUTE))));

        Plan plan =
                Planner.plan(
                        limited.request(
                                traffic,
                                new Workload(
                                        1, 1, List.of(Sketch.analysis(0, full("strong", 10))))));

        assertThat(plan.accounts().getFirst().outputTokensPerMinute().peak())
                .isCloseTo(100_000 * 25 / 48.0 / 60 * 100, within(1e-6));
        assertThat(advice(plan, Advice.Kind.PROBLEM))
                .singleElement()
                .asString()
                .contains("events wait until quieter hours");
    }

    @Test
    void anUndeclaredLimitIsNoUnlimitedAccount() {
        Plan plan = sketch.plan(1_000_000, Sketch.analysis(0, full("strong", 10)));

        assertThat(advice(plan, Advice.Kind.NOTE))
                .anySatisfy(
                        text ->
                                assertThat(text)
                                        .contains("no limits are declared")
                                        .contains("48,611 input tokens")
                                        .contains("69,444 output tokens"));
    }

    @Test
    void theWrapperOfAnEventIsCounted() throws IOException {
        FlowSpec flow = reviews("");
        Tokenizer tokenizer = new Tokenizer();
        Expectations.Known known =
                new Expectations.Known(
                        new Given(
                                Map.of(), OptionalDouble.of(50), OptionalDouble.of(100), Map.of()),
                        Optional.empty(),
                        Optional.empty());

        TierLoad tier =
                Expectations.of(flow, known, tokenizer)
                        .workload()
                        .analyses()
                        .getFirst()
                        .tiers()
                        .getFirst();

        assertThat(tier.input().perItem()).isBetween(55.0, 65.0);
        assertThat(tier.input().perCall())
                .isCloseTo(
                        tokenizer.perCall(
                                Prompt.of(
                                                flow.analyses().values().iterator().next(),
                                                true,
                                                "claude-haiku-5-5")
                                        .request(List.of())),
                        within(1e-9));
    }

    @Test
    void latencyComesFromTheOutputAndTheWindowAndNotFromASmallCall() {
        Plan plan = sketch.plan(1_000_000, Sketch.analysis(0, windowed("strong", 10)));
        Plan idle = sketch.plan(1000, Sketch.analysis(0, windowed("strong", 10)));

        // 1,000 output tokens at 70 a second
        assertThat(plan.latency().calls().getFirst().p50()).isCloseTo(14.9, within(0.1));
        assertThat(plan.latency().p95()).isGreaterThan(20);
        // one event a call, after the whole window
        assertThat(idle.latency().p50()).isCloseTo(5 + 0.6 + 106 / 70.0, within(0.3));
    }

    @Test
    void aSharePassedOnNamesWhatItIsAShareOf() {
        Plan plan =
                sketch.plan(
                        10_000,
                        Sketch.analysis(
                                0.4, full("small", 10).passingOn(1 / 6.0), full("strong", 10)));

        assertThat(advice(plan, Advice.Kind.CHEAPER))
                .anySatisfy(
                        text ->
                                assertThat(text)
                                        .contains("16.7 % of what it sees")
                                        .contains("10 % of all"));
        assertThat(plan.tree().toString())
                .contains("passedOnOfSeen=0.166666667")
                .contains("passedOnOfAsked=0.1,");
    }

    @Test
    void aPromptBelowTheFloorIsNeverCached() {
        Plan plan = sketch.plan(1000, Sketch.analysis(0, full("strong", 10)));

        assertThat(advice(plan, Advice.Kind.NOTE))
                .anySatisfy(
                        text ->
                                assertThat(text)
                                        .contains("200 tokens is below the 1,024")
                                        .contains("saves nothing"));
        assertThat(CacheFloor.of("claude-haiku-4-5")).isEqualTo(4096);
    }

    @Test
    void anUnknownPriceIsUnknownAndNeverZero() {
        PlanRequest request =
                sketch.request(
                        Traffic.flat(1000),
                        new Workload(
                                1,
                                1,
                                List.of(
                                        Sketch.analysis(
                                                0,
                                                full("small", 10).passingOn(0.1),
                                                full("nobody", 1)))));

        Plan plan = Planner.plan(request);

        assertThat(plan.unpriced()).containsExactly("nobody");
        assertThat(plan.usdPerDay()).isEmpty();
        assertThat(plan.use().calls()).isCloseTo(200, within(1e-6));
        assertThat(plan.tree().toString()).contains("usdPerMonth=null");
    }

    @Test
    void highRatesAreJudgedByPriceAndNotByRule() {
        // a million an hour: $1.23 million a month then, $41,040 at a cheap model of today
        Plan then = sketch.plan(24e6, Sketch.analysis(0, full("strong", 10)));
        Plan today =
                new Sketch()
                        .model("haiku", 0.10, 0.50)
                        .plan(24e6, Sketch.analysis(0, full("haiku", 10)));

        assertThat(day(then)).isCloseTo(41_040, within(0.5));
        assertThat(today.usdPerMonth().orElseThrow()).isCloseTo(41_040, within(0.5));
        assertThat(advice(today, Advice.Kind.NO_MODEL))
                .singleElement()
                .asString()
                .contains("a sample of 1 %");
    }

    @Test
    void pricesAreThoseOfTheHourAndTheWeekday() {
        PriceBook book = PriceBook.bundled();
        TierLoad tier = Sketch.tier("deepseek-flash", 1, Optional.empty(), 0, 1000, 0);
        Plan plan = Planner.plan(priced(book, tier, Collections.nCopies(24, 1.0)));
        List<Double> night = new java.util.ArrayList<>(Collections.nCopies(24, 0.0));
        night.set(20, 1.0);
        Plan offPeak = Planner.plan(priced(book, tier, night));

        // 7 of 24 hours on 5 of 7 days at $0.30, the others at $0.15
        double peak = 7 / 24.0 * 5 / 7;
        assertThat(plan.usdPerMillion().orElseThrow() / 1000)
                .isCloseTo(0.15 * (1 - peak) + 0.30 * peak, within(1e-9));
        assertThat(offPeak.usdPerMillion().orElseThrow() / 1000).isCloseTo(0.15, within(1e-9));
    }

    private PlanRequest priced(PriceBook book, TierLoad tier, List<Double> profile) {
        return new PlanRequest(
                "p",
                new Workload(1, 1, List.of(Sketch.analysis(0, tier))),
                new Traffic(1e6, profile, java.time.ZoneOffset.UTC, 1),
                new HashMap<>(),
                book::price,
                Instant.parse("2026-11-20T00:00:00Z"),
                30,
                Optional.empty(),
                List.of());
    }

    @Test
    void theRateThatABudgetLastsForIsSaid() {
        PlanRequest free =
                sketch.request(
                        Traffic.flat(10_000),
                        new Workload(1, 1, List.of(Sketch.analysis(0, full("strong", 10)))));
        PlanRequest capped =
                new PlanRequest(
                        free.pipeline(),
                        free.workload(),
                        free.traffic(),
                        free.models(),
                        free.prices(),
                        free.at(),
                        free.monthDays(),
                        Optional.of(
                                new BudgetSpec(
                                        Money.usd(new BigDecimal("171")),
                                        BudgetPeriod.DAY,
                                        "UTC",
                                        new Share(0.8),
                                        AtLimit.PAUSE)),
                        free.assumptions());

        assertThat(Planner.plan(capped).breakEvens())
                .filteredOn(line -> line.what().equals("budget"))
                .singleElement()
                .satisfies(line -> assertThat(line.at()).isCloseTo(100_000, within(1e-6)));
    }

    @Test
    void aPipelineWithoutAModelIsSaidToNeedNone() {
        Plan plan = sketch.plan(1e6);

        assertThat(plan.usdPerDay()).hasValue(0);
        assertThat(advice(plan, Advice.Kind.NO_MODEL)).isNotEmpty();
        assertThat(
                        advice(
                                sketch.plan(1000, Sketch.analysis(0.995, full("small", 1))),
                                Advice.Kind.NO_MODEL))
                .singleElement()
                .asString()
                .contains("rules decide 99.5 %");
    }

    @Test
    void sharesThatAreNotKnownAreAssumptionsAndSaidToBe() throws IOException {
        Expectations expected =
                Expectations.of(reviews(""), Expectations.Known.FILE_ONLY, new Tokenizer());

        assertThat(expected.assumptions())
                .filteredOn(each -> each.what().equals("review.small passes on"))
                .singleElement()
                .satisfies(
                        each -> {
                            assertThat(each.basis()).isEqualTo(Basis.ASSUMED);
                            assertThat(each.value()).isEqualTo("16.7 % of what it sees");
                            assertThat(each.source()).contains("--share small=10%");
                        });
        assertThat(expected.assumptions())
                .filteredOn(each -> each.what().equals("review: rules decide"))
                .singleElement()
                .satisfies(each -> assertThat(each.basis()).isEqualTo(Basis.ASSUMED));
        assertThatThrownBy(
                        () ->
                                Expectations.of(
                                        reviews(""),
                                        new Expectations.Known(
                                                new Given(
                                                        Map.of("big", 0.1),
                                                        OptionalDouble.empty(),
                                                        OptionalDouble.empty(),
                                                        Map.of()),
                                                Optional.empty(),
                                                Optional.empty()),
                                        new Tokenizer()))
                .hasMessageContaining("there is no tier big; there are rules, cache");
    }

    private FlowSpec reviews(String more) throws IOException {
        String text =
                """
                pipeline: reviews
                source: { topic: reviews.raw, group: reviews, start: earliest }
                analyses:
                  review:
                    task: You judge reviews.
                    input: "{{ value.text }}"
                    output:
                      sentiment: { enum: [positive, negative, neutral] }
                    tiers:
                      - rules:
                          - when: "value.rating == 5"
                            then: { sentiment: positive }
                      - model: small
                        accept: { confidence: 0.7 }
                      - model: strong
                routes:
                  - to: reviews.out
                models:
                  small:  { provider: anthropic, model: claude-haiku-5-5,  effort: low }
                  strong: { provider: anthropic, model: claude-sonnet-5-5, effort: low }
                """
                        + more;
        return PipelineFiles.load(Files.writeString(folder.resolve("pipeline.yaml"), text)).flow();
    }
}
