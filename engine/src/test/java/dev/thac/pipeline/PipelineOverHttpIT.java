package dev.thac.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thac.cost.PriceBook;
import dev.thac.event.Delivery;
import dev.thac.event.Outcome;
import dev.thac.event.RecordId;
import dev.thac.event.Verdict;
import dev.thac.meter.Meters;
import dev.thac.meter.Metric;
import dev.thac.model.Models;
import dev.thac.resilience.Ticker;
import dev.thac.runtime.PipelineFiles;
import dev.thac.testkit.simulator.ErrorMix;
import dev.thac.testkit.simulator.ModelPrice;
import dev.thac.testkit.simulator.Reply;
import dev.thac.testkit.simulator.Simulator;
import dev.thac.testkit.simulator.SimulatorSettings;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The whole way of an event but for Kafka: real adapters, real HTTP, a simulated provider. */
class PipelineOverHttpIT {

    private static final int EVENTS = 300;

    @TempDir private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "anthropic | none",
                "openai | none",
                "anthropic |"
                    + " 429:0.05,529:0.02,500:0.02,truncate:0.03,notjson:0.03,fenced:0.03,missing:0.05",
                "anthropic |"
                    + " duplicate:0.05,foreign:0.05,shuffle:0.1,schema:0.05,refusal:0.03,empty:0.03",
                "openai | 429-ms:0.05,503:0.02,truncate:0.03,notjson:0.03,missing:0.05,schema:0.05"
            })
    void everyEventEndsOnceAndItsTokensAndMoneyAreTheProvidersBill(String provider, String errors)
            throws Exception {
        SimulatorSettings settings =
                SimulatorSettings.DEFAULT
                        .withErrors(ErrorMix.parse(errors))
                        .withRetryAfter(Duration.ofMillis(50))
                        .withPrices(
                                Map.of(
                                        "small-1", ModelPrice.of("1", "5"),
                                        "strong-1", ModelPrice.of("3", "15")));
        try (Simulator simulator = Simulator.start(settings)) {
            Meters meters = new Meters();
            try (Pipeline pipeline = pipeline(provider, simulator, meters)) {
                List<Outcome> outcomes = judge(pipeline);

                long tokens = 0;
                long nanos = 0;
                for (Outcome outcome : outcomes) {
                    tokens += outcome.trail().usage().total();
                    nanos += outcome.trail().cost().nanos();
                }
                assertThat(outcomes).hasSize(EVENTS);
                assertThat(headerSum(outcomes, "thac.tokens")).isEqualTo(tokens);
                assertThat(headerSum(outcomes, "thac.cost.nanos")).isEqualTo(nanos);
                assertThat(tokens)
                        .isEqualTo(
                                simulator.stats().inputTokens() + simulator.stats().outputTokens())
                        .isEqualTo((long) meters.total(Metric.TOKENS));
                assertThat(nanos).isEqualTo(simulator.stats().usdNanos());
                assertThat(outcomes.stream().filter(Outcome.Routed.class::isInstance).count())
                        .isGreaterThan(EVENTS * 9 / 10);
                if (errors.equals("none")) {
                    assertThat(outcomes).allMatch(Outcome.Routed.class::isInstance);
                    assertThat(tiers(outcomes)).contains("rules", "small");
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"redact", "nothing"})
    void personalDataIsInNoRequestAndInEveryOutputAndRule(String kept) throws Exception {
        List<String> bodies = Collections.synchronizedList(new ArrayList<>());
        try (Simulator simulator = Simulator.start(SimulatorSettings.DEFAULT)) {
            simulator.script(
                    call -> {
                        bodies.add(call.body());
                        return Reply.normal();
                    });
            try (Pipeline pipeline = redacting(kept.equals("redact"), simulator)) {
                List<Outcome> outcomes = new ArrayList<>();
                List<String> inputs = new ArrayList<>();
                for (int i = 0; i < 20; i++) {
                    Delivery event = personal(i);
                    outcomes.add(pipeline.process(event));
                    inputs.addAll(pipeline.inputs(event).values());
                }

                // what differs in personal data alone is the same input, so it is asked once
                assertThat(bodies).hasSize(kept.equals("redact") ? 1 : 20);
                List<String> personal =
                        List.of("0912345", "lan@thu.vn", "4111111111111111", "C-7", "KH-77");
                for (String data : personal) {
                    // the second run is the negative control: without redact all of it is there
                    assertThat(bodies.stream().anyMatch(body -> body.contains(data)))
                            .as(data)
                            .isEqualTo(kept.equals("nothing"));
                    assertThat(inputs.stream().anyMatch(input -> input.contains(data)))
                            .as(data)
                            .isEqualTo(kept.equals("nothing"));
                    assertThat(outcomes).allMatch(outcome -> written(outcome).contains(data));
                }
                assertThat(outcomes).allMatch(outcome -> written(outcome).contains("ruled"));
            }
        }
    }

    /** Events that differ in personal data alone. */
    private static Delivery personal(int number) {
        String json =
                """
                {"customer":"C-7%02d","note":"Gọi 0912345%03d hoặc lan@thu.vn, mã C-7%02d",
                 "profile":{"card":4111111111111111,"code":"KH-77%02d","mood":"tốt"}}
                """
                        .formatted(number, number, number, number);
        return new Delivery(
                new RecordId("in", 0, number),
                0,
                null,
                json.getBytes(StandardCharsets.UTF_8),
                List.of());
    }

    private static String written(Outcome outcome) {
        StringBuilder text = new StringBuilder();
        if (outcome instanceof Outcome.Routed routed) {
            routed.records()
                    .forEach(
                            record ->
                                    text.append(record.topic())
                                            .append(
                                                    new String(
                                                            Objects.requireNonNull(record.value()),
                                                            StandardCharsets.UTF_8)));
        }
        return text.toString();
    }

    private Pipeline redacting(boolean redact, Simulator simulator) throws IOException {
        String yaml =
                """
                pipeline: reviews
                source: { topic: in, group: g, start: earliest }
                %s
                analyses:
                  review:
                    task: You analyse product reviews written in Vietnamese.
                    input: "{{ value.note }} {{ value.customer }} {{ value.profile }}"
                    output:
                      sentiment: { enum: [positive, negative, neutral] }
                    tiers:
                      - { model: small, batch: { size: 4, wait: 5ms } }
                  ruled:
                    task: Rules see what came.
                    input: "{{ value.note }}"
                    output: { known: { type: boolean } }
                    tiers:
                      - rules:
                          - when: value.note.contains('0912345') && value.profile.card > 0
                            then: { known: true }
                          - when: "true"
                            then: { known: false }
                routes: [ { to: ruled, when: analysis.ruled.known }, { to: out } ]
                models:
                  small: { provider: anthropic, url: "%s", model: small-1, price: { input: 1, output: 5 } }
                """
                        .formatted(
                                redact
                                        ? "redact: { kinds: [email, phone, card],"
                                                + " custom: { code: 'KH-[0-9]+' },"
                                                + " fields: [value.customer] }"
                                        : "",
                                simulator.baseUri());
        Path file = Files.writeString(folder.resolve("redacting.yaml"), yaml);
        FlowSpec spec = PipelineFiles.load(file).flow();
        Meters meters = new Meters();
        Models models =
                Models.of(
                        spec.models(),
                        Map.of("ANTHROPIC_API_KEY", "any"),
                        PriceBook.bundled(),
                        meters,
                        Ticker.system());
        return Pipeline.of(spec, models::get, meters, Ticker.system());
    }

    private Pipeline pipeline(String provider, Simulator simulator, Meters meters)
            throws IOException {
        String yaml =
                """
                pipeline: reviews
                source: { topic: in, group: g, start: earliest }
                analyses:
                  review:
                    task: You analyse product reviews written in Vietnamese.
                    input: "{{ value.text }}"
                    output:
                      sentiment: { enum: [positive, negative, neutral] }
                      score: { type: integer, minimum: 1, maximum: 5 }
                      urgent: { type: boolean }
                      summary: { type: string, maxLength: 200 }
                    tiers:
                      - rules:
                          - when: value.text.startsWith('Mua lại')
                            then: { sentiment: positive, score: 5, urgent: false, summary: Hài lòng }
                      - { model: small, accept: { confidence: 0.7 }, batch: { size: 10, wait: 20ms } }
                      - { model: strong }
                routes: [ { to: out } ]
                failures: { retry: { attempts: 3, backoff: 1ms, maxBackoff: 1ms } }
                models:
                  small:
                    { provider: %1$s, url: "%2$s", model: small-1, price: { input: 1, output: 5 } }
                  strong:
                    { provider: %1$s, url: "%2$s", model: strong-1, price: { input: 3, output: 15 } }
                """
                        .formatted(provider, simulator.baseUri());
        Path file = Files.writeString(folder.resolve("pipeline.yaml"), yaml);
        FlowSpec spec = PipelineFiles.load(file).flow();
        Map<String, String> environment =
                Map.of("ANTHROPIC_API_KEY", "any", "OPENAI_API_KEY", "any");
        Models models =
                Models.of(spec.models(), environment, PriceBook.bundled(), meters, Ticker.system());
        return Pipeline.of(spec, models::get, meters, Ticker.system());
    }

    private static List<Outcome> judge(Pipeline pipeline) throws Exception {
        List<String> texts =
                List.of(
                        "Hàng đẹp, giao nhanh, rất hài lòng",
                        "hang loi, goi bao hanh khong ai nghe may",
                        "Mua lại lần thứ ba rồi",
                        "Cũng được");
        List<Outcome> outcomes = new ArrayList<>();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Outcome>> futures = new ArrayList<>();
            for (int i = 0; i < EVENTS; i++) {
                byte[] value =
                        ("{\"text\": \"" + texts.get(i % texts.size()) + " " + i + "\"}")
                                .getBytes(StandardCharsets.UTF_8);
                Delivery delivery =
                        new Delivery(new RecordId("in", 0, i), 0, null, value, List.of());
                futures.add(executor.submit(() -> pipeline.process(delivery)));
            }
            for (Future<Outcome> future : futures) {
                outcomes.add(future.get());
            }
        }
        return outcomes;
    }

    private static long headerSum(List<Outcome> outcomes, String header) {
        return outcomes.stream()
                .map(
                        outcome ->
                                switch (outcome) {
                                    case Outcome.Routed routed -> routed.records().getFirst();
                                    case Outcome.DeadLettered letter -> letter.record();
                                    default -> throw new IllegalStateException("no record");
                                })
                .flatMap(record -> record.headers().stream())
                .filter(one -> one.key().equals(header))
                .mapToLong(one -> Long.parseLong(one.text()))
                .sum();
    }

    private static List<String> tiers(List<Outcome> outcomes) {
        return outcomes.stream()
                .flatMap(outcome -> outcome.trail().verdicts().stream())
                .map(Verdict::tier)
                .distinct()
                .toList();
    }
}
