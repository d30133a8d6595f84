package dev.thac.app.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.thac.app.CommandRun;
import dev.thac.event.Money;
import dev.thac.testkit.simulator.ModelPrice;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A budget shared by real processes that are killed and started again at random, while events come
 * at a steady pace: the provider's bill stays under the limit, and nothing is lost.
 */
@Tag("faults")
class BudgetFaultsIT {

    private static final int INSTANCES = Integer.getInteger("thac.budget.instances", 8);
    private static final int KILLS = Integer.getInteger("thac.budget.kills", 20);
    private static final int EVENTS = Integer.getInteger("thac.budget.events", 10_000);
    private static final int RUNS = Integer.getInteger("thac.budget.runs", 5);
    private static final Duration PACED = Duration.ofSeconds(60);
    private static final Duration QUIET = Duration.ofSeconds(20);
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** Less than the events cost, by the price below. */
    private static final Money LIMIT = new Money(EVENTS * 100_000L);

    private static Stage stage;

    @BeforeAll
    static void start() {
        stage = new Stage(Duration.ofMillis(200));
        stage.simulator()
                .update(
                        settings ->
                                settings.withPrices(
                                        Map.of("claude-haiku-5-5", ModelPrice.of("2", "10"))));
    }

    @AfterAll
    static void stop() {
        stage.close();
    }

    @Test
    void theBillStaysUnderTheLimitThroughKillsAndRestarts() throws Exception {
        for (int run = 0; run < RUNS; run++) {
            once(run);
        }
    }

    private static void once(int number) throws Exception {
        Random random = new Random(number);
        Site site =
                stage.site(
                        "budget-" + number,
                        16,
                        "budget: { limit: %s USD, per: month }\n"
                                .formatted(LIMIT.toUsd().toPlainString()),
                        file ->
                                file.replace(
                                        "maxOutputTokens: 4000",
                                        "maxOutputTokens: 1000\n"
                                                + "    price: { input: 2, output: 10 }"));
        stage.simulator().resetStats();
        List<Program> programs = new ArrayList<>();
        try (Follower outputs = site.follow()) {
            for (int i = 0; i < INSTANCES; i++) {
                programs.add(site.start("i" + i));
            }
            site.awaitMembers(1, programs.getFirst());
            Thread producer = Thread.ofPlatform().start(() -> produce(site));
            for (int kill = 0; kill < KILLS; kill++) {
                pause(PACED.toMillis() / KILLS / 2 + random.nextLong(PACED.toMillis() / KILLS));
                int victim = random.nextInt(INSTANCES);
                programs.get(victim).kill();
                programs.set(victim, site.start("i" + victim));
            }
            producer.join();
            programs.forEach(program -> assertThat(program.alive()).as(program.output()).isTrue());
            await().atMost(PATIENCE).pollInterval(QUIET).until(BudgetFaultsIT::quiet);

            Money bill = bill();
            int done = outputs.events();
            Figures.print(
                    "budget, run %d: %d instances, %d kills, %d of %d events done when the money"
                                    .formatted(number, INSTANCES, KILLS, done, EVENTS)
                            + " was used up; the bill is "
                            + bill
                            + " of "
                            + LIMIT);
            assertThat(bill).isLessThanOrEqualTo(LIMIT);
            assertThat(bill.nanos()).as("it did spend").isGreaterThan(LIMIT.nanos() / 10);
            assertThat(done).as("the limit bites").isLessThan(EVENTS);

            release(number, bill, outputs);
            budget("set", number, "500 USD");
            outputs.await(EVENTS, PATIENCE, programs.toArray(Program[]::new));
            programs.forEach(Program::terminate);
            for (Program program : programs) {
                assertThat(program.awaitExit(Duration.ofSeconds(60))).isEqualTo(Program.TERMINATED);
            }
        } finally {
            programs.forEach(Program::close);
        }
        Stage.verify("budget, run " + number, site);
    }

    private static void produce(Site site) {
        int portions = (int) PACED.toSeconds();
        for (int i = 0; i < portions; i++) {
            site.produce(EVENTS * i / portions, EVENTS * (i + 1) / portions);
            pause(500);
        }
    }

    /** Whether no call comes any more. */
    private static boolean quiet() {
        long calls = stage.simulator().stats().calls();
        pause(QUIET.toMillis());
        return stage.simulator().stats().calls() == calls;
    }

    /** What the dead held is spent by those that live. */
    private static void release(int number, Money bill, Follower outputs) {
        String reset = budget("reset", number, "--execute");
        await().atMost(PATIENCE).pollInterval(QUIET).until(BudgetFaultsIT::quiet);
        Figures.print(
                "budget, run %d: %s; then %d of %d events done, the bill is %s of %s"
                        .formatted(
                                number,
                                reset.lines().findFirst().orElse(""),
                                outputs.events(),
                                EVENTS,
                                bill(),
                                LIMIT));
        assertThat(bill()).as("what the dead held is used").isGreaterThan(bill);
        assertThat(bill().nanos())
                .as("but for calls made after an instance's last report, nothing is paid twice")
                .isLessThan(LIMIT.nanos() * 115 / 100);
    }

    private static String budget(String what, int number, String argument) {
        CommandRun.Result result =
                CommandRun.here()
                        .with("THAC_BROKERS", stage.kafka().bootstrapServers())
                        .run("budget", what, "budget-" + number, argument);
        assertThat(result.code()).as(result.err()).isZero();
        return result.out();
    }

    private static Money bill() {
        return new Money(stage.simulator().stats().usdNanos());
    }

    /** The pace of the world outside, not a wait for anything. */
    private static void pause(long millis) {
        Duration pace = Duration.ofMillis(millis);
        await().pollDelay(pace).atMost(pace.plus(PATIENCE)).until(() -> true);
    }
}
