package dev.thac.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thac.app.CommandRun;
import dev.thac.app.terminal.Json;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

class PlanCommandTest {

    private static final Path EXAMPLES =
            Path.of(System.getProperty("thac.root", "..")).resolve("examples").toAbsolutePath();

    private static final String PIPELINE =
            """
            pipeline: reviews
            source: { topic: reviews, group: g, start: earliest }
            filter:
              - value: { text: [ { exists: true } ] }
            analyses:
              review:
                task: You judge reviews.
                input: "{{ value.text }}"
                output: { sentiment: { enum: [positive, negative, neutral] } }
                tiers:
                  - rules:
                      - when: "value.rating == 5"
                        then: { sentiment: positive }
                  - model: small
                    accept: { confidence: 0.7 }
                    batch: { size: 10, wait: 5s }
                  - model: strong
            routes: [ { to: out } ]
            models:
              small:  { provider: anthropic, model: claude-haiku-5-5, effort: low }
              strong: { provider: anthropic, model: claude-sonnet-5-5, effort: low }
            """;

    @TempDir private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "reviews",
                "complaints",
                "intents",
                "moderation",
                "orders",
                "order-events",
                "payments",
                "payments/disputes.yaml",
                "sentiment-intent"
            })
    void everyExampleHasAPlan(String example) {
        CommandRun.Result result =
                CommandRun.here().run("plan", EXAMPLES.resolve(example).toString());

        assertThat(result.err()).isEmpty();
        assertThat(result.code()).isZero();
        assertThat(result.out())
                .contains("10,000 events a day")
                .contains("a month of 30.4 days")
                .contains("what this rests on");
    }

    @Test
    void aModelWithoutAPriceIsRefusedAndItsMoneyUnknown() throws IOException {
        write("p.yaml", PIPELINE.replace("claude-haiku-5-5", "claude-haiku-9"));

        CommandRun.Result result = CommandRun.here().in(folder).run("plan", "p.yaml");

        assertThat(result.code()).isEqualTo(4);
        assertThat(result.out()).contains("unknown a day").doesNotContain("$0.00 a day");
        assertThat(result.err())
                .contains("no price is known for small")
                .contains("price: { input: 0.10, output: 0.50 }");
    }

    @Test
    void aRateWithAProfileAndSharesIsPlanned() throws IOException {
        write("p.yaml", PIPELINE);
        String evening = "0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1,1,1,1,0,0";

        CommandRun.Result result =
                CommandRun.here()
                        .in(folder)
                        .run(
                                "plan",
                                "p.yaml",
                                "--rate",
                                "86.4k/day",
                                "--profile",
                                evening,
                                "--share",
                                "rules=40%",
                                "--share",
                                "review.small=0.1",
                                "--month-days",
                                "30");

        assertThat(result.code()).isZero();
        assertThat(result.out())
                .contains("86,400 events a day (1 a second on average, 6 in the busiest hour)")
                .contains("a month of 30 days")
                .contains("40 % of what it is asked about")
                .contains("10.0 % of seen");
    }

    @Test
    void realEventsAndTheModelsThemselvesReplaceAssumptions() throws IOException {
        write("p.yaml", PIPELINE);
        StringBuilder events = new StringBuilder();
        for (int i = 0; i < 60; i++) {
            events.append("{\"text\":\"Hàng tốt số ")
                    .append(i)
                    .append("\",\"rating\":")
                    .append(1 + i % 5)
                    .append("}\n");
        }
        write("events.jsonl", events.append("{\"rating\":1}\n").toString());

        CommandRun.Result counted =
                CommandRun.here().in(folder).run("plan", "p.yaml", "--from", "events.jsonl");
        CommandRun.Result measured =
                CommandRun.here()
                        .in(folder)
                        .run(
                                "plan",
                                "p.yaml",
                                "--from",
                                "events.jsonl",
                                "--calibrate",
                                "60",
                                "--simulate");

        assertThat(counted.out()).contains("20 % of what it is asked about").contains("61 events");
        assertThat(measured.err()).contains("asking the simulator about 60 events");
        assertThat(measured.out()).contains("measured").contains("reported by the model for");
    }

    @Test
    void jsonHasTheSameFigures() throws IOException {
        write("p.yaml", PIPELINE);

        CommandRun.Result result = CommandRun.here().in(folder).run("plan", "p.yaml", "-o", "json");

        assertThat(result.code()).isZero();
        assertThat(Json.read(result.out()))
                .asInstanceOf(
                        org.assertj.core.api.InstanceOfAssertFactories.map(
                                String.class, Object.class))
                .containsKeys(
                        "total",
                        "analyses",
                        "accounts",
                        "latency",
                        "alternatives",
                        "breakEvens",
                        "advice",
                        "assumptions")
                .extracting(tree -> ((Map<?, ?>) tree.get("total")).get("usdPerMonth"))
                .isInstanceOf(Number.class);
    }

    @Test
    void twoFilesAreCompared() throws IOException {
        write("p.yaml", PIPELINE);
        write("q.yaml", PIPELINE.replace("size: 10, wait: 5s", "size: 10, wait: 60s"));

        CommandRun.Result result =
                CommandRun.here().in(folder).run("plan", "p.yaml", "--compare", "q.yaml");

        assertThat(result.code()).isZero();
        assertThat(result.out()).contains("p.yaml").contains("q.yaml").contains("a million events");
    }

    @Test
    void whatIsNoRateOrShareOrTierIsAUsageError() throws IOException {
        write("p.yaml", PIPELINE);
        CommandRun here = CommandRun.here().in(folder);

        assertThat(here.run("plan", "p.yaml", "--rate", "many").code()).isEqualTo(2);
        assertThat(here.run("plan", "p.yaml", "--profile", "1,2,3").code()).isEqualTo(2);
        assertThat(here.run("plan", "p.yaml", "--share", "small=most").code()).isEqualTo(2);
        assertThat(here.run("plan", "p.yaml", "--share", "big=10%").err())
                .contains("there is no tier big");
        assertThat(here.run("plan", "p.yaml", "--calibrate", "10").err()).contains("--from");
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }
}
