package dev.thac.testkit.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.thac.testkit.broker.PortTakenException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

class SimulatorTest {

    private static final String PRAISE = "San pham rat tot, giao hang nhanh, se mua lai";
    private static final String WARRANTY =
            "Hang loi, goi bao hanh khong ai nghe, doi tien lai ngay";

    private Simulator simulator;
    private Client client;

    @BeforeEach
    void start() {
        simulator = Simulator.start();
        client = new Client(simulator);
    }

    @AfterEach
    void stop() {
        client.close();
        simulator.close();
    }

    @Test
    void theSeedsPraiseIsPositiveAndNotUrgent() {
        JsonNode item = client.anthropic(PRAISE).items().get(0);

        assertThat(item.get("sentiment").asText()).isEqualTo("positive");
        assertThat(item.get("score").asInt()).isGreaterThanOrEqualTo(4);
        assertThat(item.get("urgent").asBoolean()).isFalse();
        assertThat(item.get("confidence").asDouble()).isGreaterThan(0.7);
    }

    @Test
    void theSeedsWarrantyComplaintIsNegativeAndUrgent() {
        JsonNode item = client.anthropic(WARRANTY).items().get(0);

        assertThat(item.get("sentiment").asText()).isEqualTo("negative");
        assertThat(item.get("score").asInt()).isLessThanOrEqualTo(2);
        assertThat(item.get("urgent").asBoolean()).isTrue();
    }

    @Test
    void bothWireFormatsGiveTheSameAnswerInTheirOwnEnvelope() {
        Client.Answer anthropic = client.anthropic(Client.anthropicBody("m-small", PRAISE));
        Client.Answer openai = client.openai(Client.openaiBody("m-small", PRAISE));

        assertThat(anthropic.text()).isEqualTo(openai.text());
        assertThat(anthropic.body().get("stop_reason").asText()).isEqualTo("end_turn");
        assertThat(anthropic.body().at("/usage/input_tokens").asLong()).isPositive();
        assertThat(openai.body().at("/choices/0/finish_reason").asText()).isEqualTo("stop");
        assertThat(openai.body().at("/usage/completion_tokens").asLong()).isPositive();
    }

    @Test
    void answersCarryTheOrdinalsAsked() {
        JsonNode items = client.openai(PRAISE, WARRANTY, PRAISE).items();

        assertThat(items.findValuesAsText("i")).containsExactly("1", "2", "3");
        assertThat(items.get(0).get("summary")).isEqualTo(items.get(2).get("summary"));
    }

    @Test
    void basesWithAndWithoutVersionAreServed() {
        String body = Client.openaiBody(Client.LUNA, PRAISE).toString();

        assertThat(
                        client.post(
                                        "/chat/completions",
                                        body,
                                        request -> request.header("authorization", "Bearer k"))
                                .status())
                .isEqualTo(200);
        assertThat(client.get("/models").body().get("data")).isNotEmpty();
        assertThat(client.get("/v1/models").body().get("data")).isNotEmpty();
        assertThat(client.get("/v1/nothing").status()).isEqualTo(404);
    }

    @Test
    void theBillFollowsTheReportedUsageAndItsOwnPrices() {
        JsonNode one = client.anthropic(PRAISE).body().get("usage");
        JsonNode two = client.openai(WARRANTY, PRAISE).body().get("usage");

        Stats stats = simulator.stats();
        Stats.Model haiku = stats.models().get(Client.HAIKU);
        Stats.Model luna = stats.models().get(Client.LUNA);
        assertThat(haiku.inputTokens()).isEqualTo(one.get("input_tokens").asLong());
        assertThat(haiku.outputTokens()).isEqualTo(one.get("output_tokens").asLong());
        assertThat(luna.items()).isEqualTo(2);
        assertThat(luna.usdNanos())
                .isEqualTo(
                        two.get("prompt_tokens").asLong() * 100
                                + two.get("completion_tokens").asLong() * 500);
        assertThat(stats.usdNanos()).isEqualTo(haiku.usdNanos() + luna.usdNanos());
        assertThat(stats.calls()).isEqualTo(2);
        assertThat(stats.items()).isEqualTo(3);
        assertThat(client.get("/stats").body().get("usdNanos").asLong())
                .isEqualTo(stats.usdNanos());
    }

    @Test
    void aModelWithoutAPriceIsNamedAndNotSilentlyFree() {
        client.anthropic(Client.anthropicBody("own-model", PRAISE));

        assertThat(simulator.stats().unpriced()).containsExactly("own-model");
        assertThat(simulator.stats().usdNanos()).isZero();
    }

    @Test
    void thinkingIsBilledAsOutput() {
        long low = client.anthropic(PRAISE).body().at("/usage/output_tokens").asLong();
        ObjectNode body = Client.anthropicBody(Client.HAIKU, PRAISE);
        body.withObject("/output_config").put("effort", "high");

        JsonNode usage = client.anthropic(body).body().get("usage");

        long thinking = usage.at("/output_tokens_details/thinking_tokens").asLong();
        assertThat(thinking).isPositive();
        assertThat(usage.get("output_tokens").asLong()).isEqualTo(low + thinking);
    }

    @Test
    void anAnswerThatDoesNotFitTheLimitIsCutAndSaysSo() {
        Client.Answer answer =
                client.anthropic(
                        Client.anthropicBody(Client.HAIKU, PRAISE, WARRANTY).put("max_tokens", 20));

        assertThat(answer.body().get("stop_reason").asText()).isEqualTo("max_tokens");
        assertThat(answer.body().at("/usage/output_tokens").asLong()).isEqualTo(20);
        assertThatThrownBy(answer::json).hasMessageContaining("end-of-input");
    }

    @Test
    void plainTextIsOneItem() {
        ObjectNode body = Client.anthropicBody(Client.HAIKU);
        body.putArray("messages").addObject().put("role", "user").put("content", PRAISE);

        JsonNode items = client.anthropic(body).items();

        assertThat(items).hasSize(1);
        assertThat(items.get(0).get("sentiment").asText()).isEqualTo("positive");
    }

    @Test
    void statsAreResetAndCallsAreListed() {
        client.anthropic(PRAISE, WARRANTY);

        JsonNode call = client.get("/calls?limit=1").body().get(0);
        assertThat(call.get("model").asText()).isEqualTo(Client.HAIKU);
        assertThat(call.get("items").asInt()).isEqualTo(2);
        assertThat(call.get("outcome").asText()).isEqualTo("ok");
        assertThat(client.post("/stats/reset", "", _ -> {}).body().get("calls").asLong()).isZero();
        assertThat(simulator.calls()).isEmpty();
    }

    @Test
    void recordedAnswersWinAndMissesAreCounted(@TempDir Path dir) throws IOException {
        Path file = dir.resolve("answers.jsonl");
        Files.writeString(
                file,
                """
                {"input":"card not arrived","model":"small","answer":{"sentiment":"neutral"},"confidence":0.42}
                {"input":"card not arrived","answer":{"sentiment":"negative"}}
                """);
        SimulatorSettings settings =
                SimulatorSettings.DEFAULT
                        .withAnswers(file)
                        .withModelIds(Map.of("small", Client.HAIKU));
        try (Simulator replaying = Simulator.start(settings);
                Client own = new Client(replaying)) {
            JsonNode small = own.anthropic("Card not  ARRIVED").items().get(0);
            JsonNode strong =
                    own.anthropic(Client.anthropicBody(Client.SONNET, "card not arrived", PRAISE))
                            .items();

            assertThat(small.get("sentiment").asText()).isEqualTo("neutral");
            assertThat(small.get("confidence").asDouble()).isEqualTo(0.42);
            assertThat(strong.get(0).get("sentiment").asText()).isEqualTo("negative");
            assertThat(strong.get(1).get("sentiment").asText()).isEqualTo("positive");
            assertThat(replaying.stats().recordedHits()).isEqualTo(2);
            assertThat(replaying.stats().recordedMisses()).isEqualTo(1);
        }
    }

    @Test
    void aMissMayBeAnError(@TempDir Path dir) throws IOException {
        Path file = dir.resolve("answers.jsonl");
        Files.writeString(file, "{\"input\":\"known\",\"answer\":{\"sentiment\":\"neutral\"}}\n");
        SimulatorSettings settings =
                SimulatorSettings.DEFAULT.withAnswers(file).withOnMiss(OnMiss.ERROR);
        try (Simulator replaying = Simulator.start(settings);
                Client own = new Client(replaying)) {
            Client.Answer answer = own.anthropic("known", "unknown");

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.message()).contains("item 2");
        }
    }

    @Test
    void malformedRecordingsAreRefusedWithTheirLine(@TempDir Path dir) throws IOException {
        Path file = dir.resolve("answers.jsonl");
        Files.writeString(file, "{\"input\":\"a\",\"answer\":{}}\n{\"input\":\"b\"}\n");

        assertThatThrownBy(() -> Simulator.start(SimulatorSettings.DEFAULT.withAnswers(file)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("answers.jsonl:2")
                .hasMessageContaining("answer");
    }

    @Test
    void scriptedRepliesComeInOrderThenTheNormalOnes() {
        simulator.next(Reply.fault(Fault.TRUNCATE), Reply.says("{\"items\":[]}"));

        assertThat(client.anthropic(PRAISE).body().get("stop_reason").asText())
                .isEqualTo("max_tokens");
        assertThat(client.anthropic(PRAISE).items()).isEmpty();
        assertThat(client.anthropic(PRAISE).items()).hasSize(1);
    }

    @Test
    void aScriptSeesTheCallAndDecides() {
        simulator.script(
                call ->
                        call.inputs().contains(WARRANTY)
                                ? Reply.raw(418, Map.of("x-why", "tea"), "{}")
                                : Reply.edited(text -> text.replace("positive", "neutral")));

        assertThat(client.anthropic(PRAISE).items().get(0).get("sentiment").asText())
                .isEqualTo("neutral");
        Client.Answer teapot = client.openai(PRAISE, WARRANTY);
        assertThat(teapot.status()).isEqualTo(418);
        assertThat(teapot.response().headers().firstValue("x-why")).contains("tea");
        simulator.unscript();
        assertThat(client.anthropic(PRAISE).items().get(0).get("sentiment").asText())
                .isEqualTo("positive");
    }

    @Test
    void latencyIsTheWholeTimeOfACall() {
        simulator.update(settings -> settings.withLatency(Latency.parse("60ms")));

        long before = System.nanoTime();
        client.anthropic(PRAISE);

        assertThat(Duration.ofNanos(System.nanoTime() - before))
                .isBetween(Duration.ofMillis(60), Duration.ofSeconds(5));
        assertThat(simulator.calls().getLast().took()).isGreaterThan(Duration.ofMillis(59));
    }

    @Test
    void settingsChangeAtRunTime() {
        Client.Answer done =
                client.post(
                        "/control",
                        "{\"latency\":\"1ms\",\"errors\":\"529:1\",\"key\":\"k\"}",
                        _ -> {});

        assertThat(done.status()).isEqualTo(200);
        assertThat(client.anthropic(PRAISE).status()).isEqualTo(529);
        assertThat(simulator.settings().key()).contains("k");
    }

    @Test
    void aChangeThatMakesNoSenseChangesNothing() {
        for (String change :
                List.of(
                        "{\"latency\":\"1ms\",\"errors\":\"430:1\"}",
                        "{\"latency\":\"soon\"}",
                        "{\"lattency\":\"1ms\"}",
                        "[]",
                        "{")) {
            assertThat(client.post("/control", change, _ -> {}).status()).as(change).isEqualTo(400);
        }
        assertThat(simulator.settings()).isEqualTo(SimulatorSettings.DEFAULT);
    }

    @Test
    void aTakenPortIsRefusedWithTheFlagThatHelps() {
        SimulatorSettings settings = SimulatorSettings.DEFAULT.withPort(simulator.port());

        assertThatThrownBy(() -> Simulator.start(settings))
                .isInstanceOf(PortTakenException.class)
                .hasMessageContaining("--port");
    }
}
