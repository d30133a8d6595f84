package dev.thac.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;

import dev.thac.app.CommandRun;
import dev.thac.app.terminal.Json;
import dev.thac.testkit.broker.EmbeddedKafka;
import dev.thac.testkit.broker.TopicReader;
import dev.thac.testkit.broker.TopicWriter;
import dev.thac.testkit.simulator.Simulator;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

class BudgetCommandIT {

    private static final Duration LONG = Duration.ofMinutes(2);
    private static final int EVENTS = 60;

    private static EmbeddedKafka kafka;
    private static Simulator simulator;

    @TempDir private Path folder;

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.start();
        simulator = Simulator.start();
    }

    @AfterAll
    static void stop() {
        simulator.close();
        kafka.close();
    }

    private static CommandRun thac() {
        return CommandRun.here()
                .with("THAC_BROKERS", kafka.bootstrapServers())
                .with("ANTHROPIC_BASE_URL", simulator.baseUri().toString())
                .with("ANTHROPIC_API_KEY", "simulated");
    }

    @Test
    void aBudgetIsShownRaisedSetPausedAndResumedWithTheBrokersAlone() throws Exception {
        String file = pipeline("shown");
        produce("shown", EVENTS);

        try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
            CommandRun run = thac();
            Future<CommandRun.Result> running =
                    thread.submit(() -> run.run("run", file, "--port", "0"));
            await().atMost(LONG).until(() -> "paused".equals(budget("shown").get("state")));

            Map<?, ?> used = budget("shown");
            assertThat(usd(used, "limitUsd")).isEqualByComparingTo("0.05");
            assertThat(usd(used, "spentUsd"))
                    .isLessThanOrEqualTo(new BigDecimal("0.05"))
                    .isGreaterThan(new BigDecimal("0.01"));
            assertThat(usd(used, "forecastUsd")).isGreaterThanOrEqualTo(usd(used, "spentUsd"));
            assertThat(String.valueOf(used.get("reason"))).startsWith("used up: calls wait until");
            assertThat(thac().run("status", "shown").out())
                    .contains("budget             shown  paused  $0.0")
                    .contains("of $0.05 per month, used up: calls wait until");
            assertThat(thac().run("budget", "show", "shown").out()).contains("  live       $0.0");

            thac().run("budget", "pause", "shown");
            CommandRun.Result raised = thac().run("budget", "raise", "shown", "1", "USD");
            assertThat(raised.out() + raised.err()).contains("the limit is $1.05 until ");
            await().atMost(LONG)
                    .until(
                            () ->
                                    "paused by an operator: calls wait"
                                            .equals(budget("shown").get("reason")));
            assertThat(out("shown")).isLessThan(EVENTS);
            assertThat(thac().run("budget", "resume", "shown").code()).isZero();
            await().atMost(LONG).until(() -> out("shown") == EVENTS);

            assertThat(thac().run("budget", "set", "shown", "3 USD").code()).isZero();
            await().atMost(LONG)
                    .until(
                            () ->
                                    usd(budget("shown"), "limitUsd").compareTo(new BigDecimal(3))
                                            == 0);
            assertThat(thac().run("budget", "raise", "shown", "1").err())
                    .contains("was set to $3.00");
            assertThat(thac().run("budget", "set", "shown", "file").code()).isZero();
            await().atMost(LONG)
                    .until(
                            () ->
                                    usd(budget("shown"), "limitUsd")
                                                    .compareTo(new BigDecimal("0.05"))
                                            == 0);
            thread.shutdownNow();
            assertThat(running.get().err()).doesNotContain("defect");
        }
        CommandRun.Result nothing = thac().run("budget", "reset", "shown", "--execute");
        assertThat(nothing.out()).contains("released  $0.00 of 0 dead instances");
    }

    @Test
    void aRunToTheEndSaysWhenTheMoneyEndsFirst() throws Exception {
        String file = pipeline("ending");
        produce("ending", EVENTS);

        CommandRun.Result result = thac().run("run", file, "--exit-at-end", "--port", "0");

        assertThat(result.code()).isEqualTo(4);
        assertThat(result.err())
                .contains("budget ending: used up: calls wait until")
                .doesNotContain("defect");
    }

    @Test
    void aBudgetWithoutAPriceIsRefusedWithTheExitCodeForPrices() throws Exception {
        String file = pipeline("priceless");
        Path changed = Path.of(file);
        Files.writeString(
                changed, Files.readString(changed).replace("claude-sonnet-5-5", "unheard-of"));

        assertThat(thac().run("check", file).code()).isEqualTo(4);
        CommandRun.Result run = thac().run("run", file);
        assertThat(run.code()).isEqualTo(4);
        assertThat(run.err()).contains("there is no known price of \"unheard-of\"");
        assertThat(thac().run("budget", "show", "nobody").err())
                .contains("no budget \"nobody\" is known");
        assertThat(thac().run("budget", "set", "nobody", "much").code()).isEqualTo(2);
    }

    private static Map<?, ?> budget(String name) throws JsonProcessingException {
        CommandRun.Result shown = thac().run("budget", "list", "-o", "json");
        if (Json.read(shown.out()) instanceof List<?> all) {
            for (Object each : all) {
                if (each instanceof Map<?, ?> tree && name.equals(tree.get("budget"))) {
                    return tree;
                }
            }
        }
        return Map.of();
    }

    private static BigDecimal usd(Map<?, ?> tree, String key) {
        Object text = tree.get(key);
        return text == null ? BigDecimal.ZERO.negate() : new BigDecimal(text.toString());
    }

    private static long out(String name) {
        return TopicReader.readCommitted(kafka.bootstrapServers()).drain(name + ".out").size();
    }

    private static void produce(String name, int count) {
        try (TopicWriter writer = new TopicWriter(kafka.bootstrapServers())) {
            writer.writeAll(
                    name + ".in",
                    IntStream.range(0, count)
                            .mapToObj(i -> "{\"id\":" + i + ",\"text\":\"tốt " + i + "\"}")
                            .toList());
        }
    }

    private String pipeline(String name) throws IOException {
        kafka.createTopic(name + ".in", 2);
        kafka.createTopic(name + ".out", 2);
        kafka.createTopic(name + ".dlq", 1);
        Path file = folder.resolve(name + ".yaml");
        Files.writeString(
                file,
                """
                pipeline: %1$s
                source: { topic: %1$s.in, group: %1$s, start: earliest }
                analyses:
                  mood:
                    task: Say what mood the text is in.
                    input: "{{ value.text }}"
                    output: { mood: { enum: [good, bad] } }
                    tiers: [ { model: dear } ]
                routes: [ { to: %1$s.out } ]
                budget: { limit: 0.05 USD, per: month }
                models:
                  dear: { provider: anthropic, model: claude-sonnet-5-5, maxOutputTokens: 500 }
                """
                        .formatted(name));
        return file.toString();
    }
}
