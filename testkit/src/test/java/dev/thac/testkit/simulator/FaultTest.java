package dev.thac.testkit.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

class FaultTest {

    private static Simulator simulator;
    private static Client client;

    @BeforeAll
    static void start() {
        simulator = Simulator.start(SimulatorSettings.DEFAULT.withHangFor(Duration.ofMillis(50)));
        client = new Client(simulator);
    }

    @AfterAll
    static void stop() {
        client.close();
        simulator.close();
    }

    @BeforeEach
    void reset() {
        simulator.resetStats();
    }

    @ParameterizedTest
    @CsvSource({
        "RATE_LIMITED, 429, rate_limit_error",
        "RATE_LIMITED_BARE, 429, rate_limit_error",
        "OVERLOADED, 529, overloaded_error",
        "SERVER_ERROR, 500, api_error",
        "UNAVAILABLE, 503, api_error",
        "UNAUTHORIZED, 401, authentication_error",
        "FORBIDDEN, 403, permission_error",
        "SPEND_CAP, 429, rate_limit_error",
    })
    void errorsHaveTheProvidersStatusAndShape(Fault fault, int status, String type) {
        simulator.next(Reply.fault(fault));

        Client.Answer answer = client.anthropic("ok");

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.body().get("type").asText()).isEqualTo("error");
        assertThat(answer.errorType()).isEqualTo(type);
        assertThat(answer.response().headers().firstValue("request-id")).isPresent();
        assertThat(simulator.stats().errors(fault)).isEqualTo(1);
        assertThat(simulator.stats().calls()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"BAD_GATEWAY, 502", "GATEWAY_TIMEOUT, 504"})
    void gatewaysAnswerWithPages(Fault fault, int status) {
        simulator.next(Reply.fault(fault));

        Client.Answer answer = client.anthropic("ok");

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.body().asText()).startsWith("<html>");
    }

    @Test
    void retryAfterComesInAllItsForms() {
        simulator.next(
                Reply.fault(Fault.RATE_LIMITED),
                Reply.fault(Fault.RATE_LIMITED_BARE),
                Reply.fault(Fault.RATE_LIMITED_DATE),
                Reply.fault(Fault.RATE_LIMITED_MILLIS));

        assertThat(header(client.openai("ok"), "retry-after")).isEqualTo("1");
        assertThat(header(client.openai("ok"), "retry-after")).isEmpty();
        String date = header(client.openai("ok"), "retry-after");
        assertThat(ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)).isNotNull();
        assertThat(header(client.openai("ok"), "retry-after-ms")).isEqualTo("1000");
    }

    @ParameterizedTest
    @CsvSource({"HANG", "STALL", "RESET"})
    void brokenConnectionsBringNoAnswer(Fault fault) {
        simulator.next(Reply.fault(fault));

        assertThatThrownBy(() -> client.anthropic("ok"))
                .isInstanceOf(UncheckedIOException.class)
                .hasCauseInstanceOf(IOException.class);
        assertThat(simulator.stats().errors(fault)).isEqualTo(1);
        assertThat(simulator.calls().getLast().status()).isZero();
    }

    @Test
    void theWorkBehindAResetIsBilledAndBehindAHangIsNot() {
        simulator.next(Reply.fault(Fault.HANG), Reply.fault(Fault.RESET));

        assertThatThrownBy(() -> client.anthropic("ok")).hasCauseInstanceOf(IOException.class);
        assertThat(simulator.stats().calls()).isZero();
        assertThatThrownBy(() -> client.anthropic("ok")).hasCauseInstanceOf(IOException.class);
        assertThat(simulator.stats().calls()).isEqualTo(1);
    }

    @Test
    void truncationIsBilledToTheLimit() {
        simulator.next(Reply.fault(Fault.TRUNCATE), Reply.fault(Fault.TRUNCATE));

        Client.Answer anthropic = client.anthropic("ok", "tốt");
        Client.Answer openai = client.openai("ok", "tốt");

        assertThat(anthropic.body().get("stop_reason").asText()).isEqualTo("max_tokens");
        assertThat(anthropic.body().at("/usage/output_tokens").asLong()).isEqualTo(4000);
        assertThat(openai.body().at("/choices/0/finish_reason").asText()).isEqualTo("length");
        assertThatThrownBy(openai::json).hasMessageContaining("end-of-input");
    }

    @Test
    void answersThatAreNotTheJsonAskedFor() {
        simulator.next(
                Reply.fault(Fault.NOT_JSON), Reply.fault(Fault.FENCED), Reply.fault(Fault.EMPTY));

        assertThat(client.anthropic("ok").text()).startsWith("I looked");
        assertThat(client.anthropic("ok").text()).startsWith("```json\n{").endsWith("}\n```");
        assertThat(client.anthropic("ok").body().get("content")).isEmpty();
    }

    @Test
    void itemsGoMissingTwiceForeignShuffledAndNull() {
        simulator.next(
                Reply.fault(Fault.MISSING),
                Reply.fault(Fault.DUPLICATE),
                Reply.fault(Fault.FOREIGN),
                Reply.fault(Fault.SHUFFLE),
                Reply.fault(Fault.SCHEMA));

        assertThat(ordinals()).containsExactly("1", "3");
        assertThat(ordinals()).containsExactly("1", "2", "3", "2");
        assertThat(ordinals()).containsExactly("1", "2", "3", "1000001");
        assertThat(ordinals()).containsExactly("3", "2", "1");
        JsonNode broken = client.openai("ok", "tốt", "tệ").items();
        assertThat(broken.get(1).get("sentiment").isNull()).isTrue();
        assertThat(broken.get(1).get("i").asInt()).isEqualTo(2);
        assertThat(broken.get(2).get("sentiment").asText()).isEqualTo("negative");
    }

    @Test
    void refusalsComeInTheProvidersForm() {
        simulator.next(Reply.fault(Fault.REFUSAL), Reply.fault(Fault.REFUSAL));

        assertThat(client.anthropic("ok").body().get("stop_reason").asText()).isEqualTo("refusal");
        JsonNode message = client.openai("ok").body().at("/choices/0/message");
        assertThat(message.get("content").isNull()).isTrue();
        assertThat(message.get("refusal").asText()).isNotEmpty();
    }

    @Test
    void theMixHitsItsShareAndTheSameCallsEachTime() {
        List<Integer> first = statuses();
        List<Integer> second = statuses();

        assertThat(first).isEqualTo(second);
        assertThat(first.stream().filter(status -> status == 429).count()).isBetween(20L, 60L);
        assertThat(first.stream().filter(status -> status == 529).count()).isBetween(5L, 40L);
    }

    /** 200 different calls against a fresh simulator with the same seed. */
    private static List<Integer> statuses() {
        SimulatorSettings settings =
                SimulatorSettings.DEFAULT.withErrors(ErrorMix.parse("429:0.2,529:0.1"));
        List<Integer> statuses = new ArrayList<>();
        try (Simulator own = Simulator.start(settings);
                Client ownClient = new Client(own)) {
            for (int i = 0; i < 200; i++) {
                statuses.add(ownClient.anthropic("text " + i).status());
            }
        }
        return statuses;
    }

    private static List<String> ordinals() {
        return client.openai("ok", "tốt", "tệ").items().findValuesAsText("i");
    }

    private static String header(Client.Answer answer, String name) {
        return answer.response().headers().firstValue(name).orElse("");
    }
}
