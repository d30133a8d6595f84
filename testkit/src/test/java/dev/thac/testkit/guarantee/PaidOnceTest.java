package dev.thac.testkit.guarantee;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thac.testkit.simulator.PaidCall;
import dev.thac.testkit.simulator.PaidCalls;
import dev.thac.testkit.simulator.Simulator;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class PaidOnceTest {

    private static final PaidOnce PAID_ONCE =
            new PaidOnce(input -> input.value().orElseThrow().text(), text -> text);

    @Test
    void oneCallForEachModelAndAnalysisIsFine() {
        Evidence evidence =
                evidence(
                        List.of("a", "b"),
                        call("small", "task one", "a", "b"),
                        call("small", "task two", "a"),
                        call("strong", "task one", "a"));

        assertThat(PAID_ONCE.violations(evidence)).isEmpty();
    }

    @Test
    void anEventThatWasPaidTwiceIsNamed() {
        Evidence evidence =
                evidence(
                        List.of("a", "b"),
                        call("small", "task", "a", "b"),
                        call("small", "task", "b"));

        assertThatThrownBy(() -> PAID_ONCE.verify(evidence))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("nothing is paid twice")
                .hasMessageContaining("1 of 2 questions were paid again, in 1 calls: b");
    }

    @Test
    void eventsThatSayTheSameMayEachBePaid() {
        Evidence evidence =
                evidence(
                        List.of("same", "same"),
                        call("small", "task", "same"),
                        call("small", "task", "same"));

        assertThat(PAID_ONCE.violations(evidence)).isEmpty();
        assertThat(
                        PAID_ONCE.violations(
                                evidence(
                                        List.of("same", "same"),
                                        call("small", "task", "same"),
                                        call("small", "task", "same", "same"))))
                .hasSize(1);
    }

    @Test
    void callsACrashRepeatsAreAllowedByNumber() {
        Evidence evidence =
                evidence(
                        List.of("a", "b", "c"),
                        call("small", "task", "a", "b"),
                        call("small", "task", "c"),
                        call("small", "task", "a", "b"),
                        call("small", "task", "c"));

        assertThat(PAID_ONCE.allowing(2).violations(evidence)).isEmpty();
        assertThat(PAID_ONCE.allowing(1).violations(evidence))
                .singleElement()
                .asString()
                .contains("in 2 calls")
                .contains("allowed were 1");
    }

    @Test
    void theSimulatorTellsOfACallItChargedThoughNobodyWaitsForTheAnswer()
            throws IOException, InterruptedException {
        PaidCalls paid = new PaidCalls();
        try (Simulator simulator = Simulator.start()) {
            simulator.onPaid(paid::add);

            ask(simulator.baseUri(), "hàng tốt");
            ask(simulator.baseUri(), "hàng tốt");
        }

        assertThat(paid.all())
                .hasSize(2)
                .allSatisfy(
                        call -> {
                            assertThat(call.model()).isEqualTo("claude-haiku-5-5");
                            assertThat(call.system()).isEqualTo("Judge.");
                            assertThat(call.inputs()).containsExactly("hàng tốt");
                            assertThat(call.answered()).isAfterOrEqualTo(call.asked());
                        });
        assertThat(paid.inFlight(paid.all().getFirst().asked().minusSeconds(1))).isEmpty();
        assertThat(PAID_ONCE.violations(evidence(List.of("hàng tốt")).withCalls(paid.all())))
                .hasSize(1);
    }

    private static void ask(URI simulator, String text) throws IOException, InterruptedException {
        String body =
                "{\"model\":\"claude-haiku-5-5\",\"max_tokens\":100,\"system\":\"Judge.\","
                        + "\"messages\":[{\"role\":\"user\",\"content\":\""
                        + text
                        + "\"}]}";
        HttpRequest request =
                HttpRequest.newBuilder(simulator.resolve("/v1/messages"))
                        .header("x-api-key", "k")
                        .header("anthropic-version", "2023-06-01")
                        .header("content-type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> response =
                    client.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        }
    }

    private static Evidence evidence(List<String> texts, PaidCall... calls) {
        List<Evidence.Input> inputs =
                texts.stream()
                        .map(
                                text ->
                                        new Evidence.Input(
                                                "in-0@0",
                                                Optional.empty(),
                                                Optional.of(
                                                        new Evidence.Value(
                                                                text.getBytes(
                                                                        StandardCharsets.UTF_8)))))
                        .toList();
        return new Evidence(inputs, Map.of()).withCalls(List.of(calls));
    }

    private static PaidCall call(String model, String system, String... inputs) {
        return new PaidCall(Instant.EPOCH, Instant.EPOCH, model, system, List.of(inputs));
    }
}
