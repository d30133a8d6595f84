package dev.thac.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thac.testkit.simulator.Call;
import dev.thac.testkit.simulator.Fault;
import dev.thac.testkit.simulator.Latency;
import dev.thac.testkit.simulator.Reply;
import dev.thac.testkit.simulator.Simulator;
import dev.thac.testkit.simulator.SimulatorSettings;
import dev.thac.testkit.simulator.SpendCap;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Two questions about each event, asked of two providers at the same time. */
@Isolated
class SentimentIntentIT {

    private static final int CONCURRENCY = 50;
    private static final int CALLS_PER_SECOND = 100;

    /** Calls set out evenly; a busy machine makes some late, which bunch with the next. */
    private static final int MOST_SEEN = CALLS_PER_SECOND + CALLS_PER_SECOND / 10;

    private static final Duration SLOW = Duration.ofMillis(800);

    private static Scene scene;
    private static Simulator deepseek;
    private static Simulator gemini;

    @BeforeAll
    static void start() {
        scene = Scene.start();
        deepseek = Simulator.start();
        gemini = Simulator.start();
    }

    @AfterAll
    static void stop() {
        deepseek.close();
        gemini.close();
        scene.close();
    }

    @BeforeEach
    void behaveAgain() {
        for (Simulator provider : List.of(deepseek, gemini)) {
            provider.unscript();
            provider.update(_ -> SimulatorSettings.DEFAULT);
            provider.resetStats();
        }
    }

    @Test
    void bothProvidersAreAskedAtOnceWithinTheirDeclaredLimits() {
        deepseek.update(settings -> settings.withLatency(new Latency.Fixed(SLOW)));
        int warmUp = 100; // the first calls open connections, late and in bunches
        int events = 300;
        try (Run run = run(example("limits"))) {
            run.write("ai-events", messages(warmUp));
            run.awaitSettled(warmUp);
            deepseek.resetStats();
            gemini.resetStats();
            run.write("ai-events", messages(events));
            run.awaitSettled(warmUp + events);

            assertThat(deepseek.stats().maxConcurrency()).isEqualTo(CONCURRENCY);
            assertThat(deepseek.stats().maxCallsPerSecond()).isLessThanOrEqualTo(MOST_SEEN);
            assertThat(gemini.stats().maxConcurrency()).isLessThanOrEqualTo(CONCURRENCY);
            assertThat(gemini.stats().maxCallsPerSecond())
                    .isBetween(CALLS_PER_SECOND / 2, MOST_SEEN);
            assertThat(deepseek.stats().items()).isEqualTo(events);
            assertThat(gemini.stats().items()).isEqualTo(events);
            everyEventHasBothAnswersOnce(run, warmUp + events);
        }
    }

    @Test
    void theQuestionsOfOneEventAreAskedAtTheSameTime() {
        for (Simulator provider : List.of(deepseek, gemini)) {
            provider.update(settings -> settings.withLatency(new Latency.Fixed(SLOW)));
        }
        try (Run run = run(example("together"))) {
            run.write("ai-events", messages(1));
            run.awaitSettled(1);

            Call sentiment = deepseek.calls().getFirst();
            Call intent = gemini.calls().getFirst();
            assertThat(sentiment.time()).isBefore(end(intent));
            assertThat(intent.time()).isBefore(end(sentiment));
        }
    }

    @Test
    void garbageFromOneProviderLosesItsOwnAnswerOnly() {
        deepseek.script(
                call ->
                        call.inputs().getFirst().contains("số 3")
                                ? Reply.fault(Fault.SCHEMA)
                                : Reply.normal());
        try (Run run = run(example("garbage"))) {
            run.write("ai-events", messages(10));
            run.awaitSettled(10);

            List<Written> enriched = run.written("ai-events.enriched");
            assertThat(enriched).hasSize(10);
            assertThat(run.written("ai-events-dlq")).isEmpty();
            assertThat(enriched)
                    .allSatisfy(
                            output ->
                                    assertThat(output.analysis("intent").path("label").asText())
                                            .isNotEmpty());
            assertThat(enriched)
                    .filteredOn(output -> output.analysis("sentiment").has("error"))
                    .singleElement()
                    .satisfies(
                            output -> {
                                assertThat(output.json().path("id").asText()).isEqualTo("m-3");
                                assertThat(output.analysis("sentiment").at("/error/code").asText())
                                        .isEqualTo("schema-violation");
                            });
            assertThat(gemini.stats().items()).isEqualTo(10);
        }
    }

    @Test
    void whereBothAreNeededTheSettledAnswerStaysInTheDeadLetter() {
        deepseek.script(
                call ->
                        call.inputs().getFirst().contains("số 3")
                                ? Reply.fault(Fault.REFUSAL)
                                : Reply.normal());
        try (Run run = run(example("needed").with("    optional: true", "    optional: false"))) {
            run.write("ai-events", messages(10));
            run.awaitSettled(10);

            assertThat(run.written("ai-events.enriched")).hasSize(9);
            assertThat(run.written("ai-events-dlq"))
                    .singleElement()
                    .satisfies(
                            letter -> {
                                assertThat(letter.header("thac.reason")).isEqualTo("refused");
                                assertThat(letter.header("thac.stage"))
                                        .isEqualTo("analysis.sentiment");
                                assertThat(letter.header("thac.settled.intent"))
                                        .contains("\"label\":\"");
                                assertThat(letter.number("thac.tokens")).isPositive();
                                assertThat(letter.text()).isEqualTo(messages(10).get(3));
                            });
            assertThat(gemini.stats().items()).isEqualTo(10);
        }
    }

    @Test
    void whileOneProviderIsDownTheOtherGoesOnAndItsAnswersAreKept() {
        deepseek.script(_ -> Reply.fault(Fault.SERVER_ERROR));
        outage("down", deepseek::unscript);
    }

    @Test
    void whileOneProvidersSpendCapIsReachedTheOthersAnswersAreKept() {
        deepseek.update(settings -> settings.withSpendCap(Optional.of(SpendCap.of("0"))));
        outage("capped", () -> deepseek.update(s -> s.withSpendCap(Optional.empty())));
    }

    /** The first provider gives no answer until the end of the trouble. */
    private static void outage(String name, Runnable end) {
        int events = 60;
        try (Run run = run(example(name))) {
            run.write("ai-events", messages(events));
            run.until("all intents", () -> gemini.stats().items() == events);
            run.until("a few refusals", () -> refusals() >= 2);
            assertThat(deepseek.stats().items()).isZero();
            assertThat(run.status().settled()).isZero();

            end.run();
            run.awaitSettled(events);

            everyEventHasBothAnswersOnce(run, events);
            assertThat(gemini.stats().items()).isEqualTo(events);
            assertThat(deepseek.stats().items()).isEqualTo(events);
        }
    }

    private static long refusals() {
        return deepseek.stats().errors().values().stream().mapToLong(Long::longValue).sum();
    }

    private static void everyEventHasBothAnswersOnce(Run run, int events) {
        run.verify("ai-events", _ -> false, "ai-events-dlq", List.of("ai-events.enriched"));
        assertThat(run.written("ai-events-dlq")).isEmpty();
        assertThat(run.written("ai-events.enriched"))
                .hasSize(events)
                .allSatisfy(
                        output -> {
                            assertThat(output.analysis("sentiment").path("label").asText())
                                    .isIn("positive", "negative", "neutral");
                            assertThat(output.analysis("intent").path("label").asText())
                                    .isIn("mua_hang", "ho_tro", "phan_hoi", "khac");
                            assertThat(output.header("thac.sentiment.model"))
                                    .isEqualTo("deepseek-v4-pro");
                            assertThat(output.header("thac.intent.model"))
                                    .isEqualTo("gemini-3.8-flash");
                        });
    }

    private static Instant end(Call call) {
        return call.time().plus(call.took());
    }

    private static Run run(Example example) {
        return scene.run(example, Map.of("DEEPSEEK_API_KEY", "d", "GEMINI_API_KEY", "g"));
    }

    private static Example example(String name) {
        return Example.of("sentiment-intent", name)
                .uncached()
                .with("https://api.deepseek.com/v1", deepseek.baseUri() + "/v1")
                .with(
                        "https://generativelanguage.googleapis.com/v1beta/openai",
                        gemini.baseUri() + "/v1")
                .with("backoff: 1s, maxBackoff: 10s", "backoff: 10ms, maxBackoff: 10ms");
    }

    private static List<String> messages(int count) {
        return IntStream.range(0, count)
                .mapToObj(
                        i ->
                                "{\"id\":\"m-"
                                        + i
                                        + "\",\"text\":\"Tôi muốn đổi hàng số "
                                        + i
                                        + ", máy bị lỗi\"}")
                .toList();
    }
}
