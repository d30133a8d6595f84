package dev.thac.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.thac.event.ErrorCode;
import dev.thac.event.Money;
import dev.thac.resilience.ShiftedTicker;
import dev.thac.runtime.BudgetOrder;
import dev.thac.runtime.BudgetStatus;
import dev.thac.testkit.simulator.Simulator;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** The provider's bill never passes the limit, and what then happens is what the file says. */
class BudgetIT {

    private static final int EVENTS = 300;
    private static final Money LIMIT = usd("0.25");
    private static final Duration QUIET = Duration.ofSeconds(2);

    private static final String FILE =
            """
            pipeline: NAME.pipeline
            source: { topic: NAME.in, group: NAME.group, start: earliest }
            analyses:
              mood:
                task: Say what mood the text is in.
                input: "{{ value.text }}"
                output:
                  mood: { enum: [good, bad] }
                tiers:
                  - rules:
                      - when: "value.text == 'hello'"
                        then: { mood: good }
            TIERS
            routes: [ { to: NAME.out } ]
            failures: { deadLetter: NAME.dlq }
            limits: { openEvents: 400 }
            budget: { limit: 0.25 USD, per: month, atLimit: ATLIMIT }
            models:
              own: { provider: anthropic, model: local-mood, maxOutputTokens: 1000, price: { free: true } }
              dear: { provider: anthropic, model: claude-sonnet-5-5, maxOutputTokens: 1000, limits: { concurrency: 16 } }
            """;

    private static final String DEAR = "      - model: dear";
    private static final String OWN_THEN_DEAR =
            "      - { model: own, accept: { confidence: 1.0 } }\n" + DEAR;

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
    void newBill() {
        simulator.resetStats();
    }

    @Test
    void pauseWaitsAndARestartOrAnotherInstanceBuysNothing() {
        Example example = example("pause", "pause", DEAR);
        try (Run run = scene.run(example, simulator)) {
            run.write("in", texts(EVENTS));
            run.until("the money being used up", () -> waits(run));
            run.until("no call any more", BudgetIT::quiet);

            assertThat(bill()).isBetween(usd("0.20"), LIMIT);
            assertThat(run.status().settled()).isBetween(50L, EVENTS - 50L);
            assertThat(run.status().budgets().getFirst().reason())
                    .startsWith("used up: calls wait");
        }
        Money spent = bill();
        try (Run again = scene.run(example, simulator)) {
            again.write("in", List.of("{\"text\":\"hello\"}"));
            again.until("what is free being done", () -> again.status().settled() >= 1);
            again.until("the money being used up", () -> waits(again));
            again.until("no call any more", BudgetIT::quiet);

            assertThat(bill()).isBetween(spent, LIMIT);
            assertThat(again.written("dlq")).isEmpty();

            again.budgets(raised("5"));
            again.until(
                    "everything being done",
                    () -> again.status().inFlight() == 0 && again.status().lagRecords() == 0);
            again.stop();
            verified(again);
            assertThat(again.written("out")).hasSize(EVENTS + 1);
            assertThat(bill()).isBetween(LIMIT, usd("5"));
        }
    }

    @Test
    void degradeGivesTheBestAnswerThereIsAndSaysSo() {
        Example example = example("degrade", "degrade", OWN_THEN_DEAR);
        try (Run run = scene.run(example, simulator)) {
            run.write("in", texts(EVENTS));
            run.awaitSettled(EVENTS);
            run.stop();

            verified(run);
            List<Written> degraded =
                    run.written("out").stream()
                            .filter(each -> each.header("thac.mood.reason").endsWith("; budget"))
                            .toList();
            assertThat(degraded).hasSizeBetween(50, EVENTS - 20);
            assertThat(degraded)
                    .allSatisfy(
                            each -> {
                                assertThat(each.header("thac.mood.tier")).isEqualTo("own");
                                assertThat(each.analysis("mood").path("mood").asText())
                                        .isNotEmpty();
                            });
            assertThat(bill()).isBetween(usd("0.15"), LIMIT);
        }
        simulator.resetStats();
        try (Run after = scene.run(example, simulator)) {
            after.write("in", texts(40));
            after.awaitSettled(40);

            assertThat(after.status().budgets().getFirst().state())
                    .isEqualTo(BudgetStatus.State.DEGRADED);
            assertThat(bill().nanos()).isLessThan(usd("0.05").nanos());
        }
    }

    @Test
    void deadLetterKeepsEveryEventWithTheReason() {
        Example example = example("dead", "dead-letter", DEAR);
        try (Run run = scene.run(example, simulator)) {
            run.write("in", texts(EVENTS));
            run.awaitSettled(EVENTS);
            run.stop();

            verified(run);
            assertThat(bill()).isBetween(usd("0.20"), LIMIT);
            List<Written> dead = run.written("dlq");
            assertThat(dead).hasSizeBetween(50, EVENTS - 50);
            assertThat(dead)
                    .allSatisfy(
                            each ->
                                    assertThat(each.header("thac.reason"))
                                            .isEqualTo(ErrorCode.BUDGET.label()));
        }
        int before = simulator.calls().size();
        try (Run after = scene.run(example, simulator)) {
            after.write("in", texts(20));
            after.awaitSettled(20);

            assertThat(bill()).isLessThanOrEqualTo(LIMIT);
            assertThat(simulator.calls().size() - before).isLessThan(5);
        }
    }

    @Test
    void aNewPeriodBringsNewMoney() {
        Duration sinceTheHour = Duration.ofMinutes(ZonedDateTime.now(ZoneOffset.UTC).getMinute());
        ShiftedTicker lastHour =
                new ShiftedTicker(sinceTheHour.plus(Duration.ofMinutes(30)).negated());
        Example example = example("period", "pause", DEAR).with("per: month", "per: hour");
        try (Run run = scene.run(example, Scene.environment(simulator), lastHour)) {
            run.write("in", texts(EVENTS));
            run.until("the money being used up", () -> waits(run));
            run.until("no call any more", BudgetIT::quiet);
            assertThat(bill()).isBetween(usd("0.20"), LIMIT);
            long done = run.status().settled();

            lastHour.set(Duration.ZERO);
            run.until("events being judged again", () -> run.status().settled() > done);
            run.until(
                    "everything being done, or the new money being used up",
                    () -> run.status().settled() == EVENTS || (waits(run) && quiet()));

            assertThat(bill().nanos())
                    .isGreaterThan(LIMIT.nanos())
                    .isLessThanOrEqualTo(2 * LIMIT.nanos());
        }
    }

    @Test
    void anOperatorsPauseStopsCallsAndNothingElse() {
        Example example = example("stopped", "dead-letter", DEAR);
        try (Run run = scene.run(example, simulator)) {
            run.budgets(
                    Map.of(
                            example.name() + ".pipeline",
                            new BudgetOrder(Optional.empty(), Optional.empty(), true)));
            run.write("in", texts(5));
            run.write("in", List.of("{\"text\":\"hello\"}"));
            run.awaitSettled(1);
            run.until("the pause being felt", () -> run.status().inFlight() == 5);

            assertThat(simulator.calls()).isEmpty();
            assertThat(run.status().budgets().getFirst().reason())
                    .isEqualTo("paused by an operator: calls wait");
            run.budgets(Map.of());
            run.awaitSettled(6);
            assertThat(run.written("dlq")).isEmpty();
        }
    }

    private static void verified(Run run) {
        run.verify("in", _ -> false, "dlq", List.of("out"));
    }

    private static boolean waits(Run run) {
        return run.status().budgets().getFirst().state() == BudgetStatus.State.PAUSED;
    }

    /** Whether no call has come for a while, though there are some that wait. */
    private static boolean quiet() {
        int calls = simulator.calls().size();
        await().pollDelay(QUIET).atMost(QUIET.multipliedBy(10)).until(() -> true);
        return simulator.calls().size() == calls;
    }

    private static Map<String, BudgetOrder> raised(String limit) {
        return Map.of(
                "pause.pipeline",
                new BudgetOrder(Optional.of(usd(limit)), Optional.empty(), false));
    }

    private static Money bill() {
        return new Money(simulator.stats().usdNanos());
    }

    private static Money usd(String amount) {
        return Money.usd(new BigDecimal(amount));
    }

    private static Example example(String name, String atLimit, String tiers) {
        return new Example(
                name,
                FILE.replace("NAME", name).replace("ATLIMIT", atLimit).replace("TIERS", tiers));
    }

    private static List<String> texts(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "{\"id\":" + i + ",\"text\":\"Giao nhanh, máy đẹp " + i + "\"}")
                .toList();
    }
}
