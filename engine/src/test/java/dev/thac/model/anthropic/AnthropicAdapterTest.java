package dev.thac.model.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.thac.event.TokenUsage;
import dev.thac.model.Effort;
import dev.thac.model.ModelException;
import dev.thac.model.ModelException.Kind;
import dev.thac.model.ModelReply;
import dev.thac.model.ModelReply.Stop;
import dev.thac.model.ModelSpec;
import dev.thac.model.Provider;
import dev.thac.model.RateLimits;
import dev.thac.model.Requests;
import dev.thac.model.http.Golden;
import dev.thac.model.http.ScriptedServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

class AnthropicAdapterTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final List<RateLimits> limits = new ArrayList<>();

    @Test
    void requestIsTheDocumentedOne() throws Exception {
        try (ScriptedServer server =
                ScriptedServer.always(200, Golden.text("anthropic/complete.json"))) {
            ModelReply reply = call(server, Effort.LOW);

            ScriptedServer.Request request = server.requests().getFirst();
            assertThat(request.line()).isEqualTo("POST /v1/messages HTTP/1.1");
            assertThat(request.headers())
                    .containsEntry("x-api-key", "sk-secret-1234567890")
                    .containsEntry("anthropic-version", "2023-06-01")
                    .containsEntry("content-type", "application/json");
            assertThat(Golden.tree(request.body()))
                    .isEqualTo(Golden.tree(Golden.text("anthropic/request.json")));
            assertThat(reply.stop()).isEqualTo(Stop.COMPLETE);
        }
    }

    @Test
    void effortNoneAndNoTemperatureSendNoParameter() throws Exception {
        try (ScriptedServer server =
                ScriptedServer.always(200, Golden.text("anthropic/complete.json"))) {
            ModelReply reply = call(server, Effort.NONE);

            assertThat(Golden.tree(server.requests().getFirst().body()).path("output_config"))
                    .hasSize(1);
            assertThat(server.requests().getFirst().body())
                    .doesNotContain("temperature", "tool_choice", "top_p", "assistant");
            assertThat(reply.text()).contains("Khách hài lòng.");
        }
    }

    @Test
    void whatIsCachedForAnHourIsKeptApartFromWhatIsCachedForFiveMinutes() throws Exception {
        try (ScriptedServer server =
                ScriptedServer.always(200, Golden.text("anthropic/cache-for-an-hour.json"))) {
            assertThat(call(server, Effort.LOW).usage())
                    .isEqualTo(new TokenUsage(50, 100_000, 456, 100, 383, 120));
        }
    }

    @Test
    void usageKindsExcludeEachOther() throws Exception {
        try (ScriptedServer server =
                ScriptedServer.always(
                        200,
                        Golden.text("anthropic/thinking-and-cache.json"),
                        "request-id",
                        "req_abc")) {
            ModelReply reply = call(server, Effort.LOW);

            assertThat(reply.usage()).isEqualTo(new TokenUsage(100, 2048, 512, 41, 300));
            assertThat(reply.text()).isEqualTo("{\"items\":[]}");
            assertThat(reply.requestId()).isEqualTo("req_abc");
            assertThat(reply.tokenProbability()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "max_tokens, TRUNCATED",
        "refusal, REFUSED",
        "model_context_window_exceeded, CONTEXT_FULL",
        "pause_turn, TRUNCATED",
        "stop_sequence, COMPLETE"
    })
    void stopReasonsSayWhetherTheAnswerIsWhole(String reason, Stop stop) throws Exception {
        try (ScriptedServer server =
                ScriptedServer.always(200, Golden.text("anthropic/stop-" + reason + ".json"))) {
            assertThat(call(server, Effort.LOW).stop()).isEqualTo(stop);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "429, rate-limit, RATE_LIMIT",
        "429, spend-limit, SPEND_CAP",
        "400, own-spend-limit, SPEND_CAP",
        "402, billing, SPEND_CAP",
        "529, overloaded, OVERLOADED",
        "500, overloaded, OVERLOADED",
        "503, overloaded, OVERLOADED",
        "401, authentication, AUTH",
        "403, authentication, AUTH",
        "404, not-found, AUTH",
        "400, invalid, INVALID",
        "400, too-long, TOO_LARGE",
        "413, request-too-large, TOO_LARGE",
        "500, invalid, SERVER",
        "504, invalid, SERVER",
        "409, invalid, SERVER",
        "302, invalid, SERVER"
    })
    void errorsAreToldApart(int status, String file, Kind kind) throws Exception {
        try (ScriptedServer server =
                ScriptedServer.always(status, Golden.text("anthropic/error-" + file + ".json"))) {
            ModelException error = failure(server);

            assertThat(error.kind()).isEqualTo(kind);
            assertThat(error.getMessage()).startsWith("HTTP " + status).contains("req_");
        }
    }

    @Test
    void messagesCarryNoKey() throws Exception {
        try (ScriptedServer server =
                ScriptedServer.always(
                        401,
                        Golden.text("anthropic/error-authentication.json")
                                .replace("invalid x-api-key", "sk-secret-1234567890 refused"))) {
            assertThat(failure(server).getMessage())
                    .contains("refused")
                    .doesNotContain("1234567890", "abcdefghijklmnop");
        }
    }

    @Test
    void limitsInTheHeadersAreHandedOn() throws Exception {
        try (ScriptedServer server =
                ScriptedServer.always(
                        429,
                        Golden.text("anthropic/error-rate-limit.json"),
                        "date",
                        "Fri, 20 Nov 2026 10:00:00 GMT",
                        "retry-after",
                        "7",
                        "anthropic-ratelimit-requests-limit",
                        "1000",
                        "anthropic-ratelimit-requests-remaining",
                        "250",
                        "anthropic-ratelimit-requests-reset",
                        "2026-11-20T10:00:45Z",
                        "anthropic-ratelimit-input-tokens-limit",
                        "80000",
                        "anthropic-ratelimit-input-tokens-remaining",
                        "0",
                        "anthropic-ratelimit-input-tokens-reset",
                        "2026-11-20T10:01:00Z")) {
            ModelException error = failure(server);

            assertThat(error.retryAfter()).contains(Duration.ofSeconds(7));
            assertThat(limits).hasSize(1);
            assertThat(limits.getFirst().requests())
                    .contains(new RateLimits.Window(1000, 250, Duration.ofSeconds(45)));
            assertThat(limits.getFirst().inputTokens())
                    .contains(new RateLimits.Window(80_000, 0, Duration.ofMinutes(1)));
            assertThat(limits.getFirst().outputTokens()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "retry-after, 1.5, 1500",
        "retry-after-ms, 120, 120",
        "x-should-retry, false, 30000",
        "retry-after, 'Fri, 20 Nov 2026 10:00:30 GMT', 30000"
    })
    void retryAfterComesInManyForms(String header, String value, long millis) throws Exception {
        try (ScriptedServer server =
                ScriptedServer.always(
                        429,
                        Golden.text("anthropic/error-rate-limit.json"),
                        "date",
                        "Fri, 20 Nov 2026 10:00:00 GMT",
                        header,
                        value)) {
            assertThat(failure(server).retryAfter()).contains(Duration.ofMillis(millis));
        }
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            delimiter = ';',
            value = {"not json", "[]", "{\"id\":\"x\"}", "{\"content\":[{\"type\":", "~~"})
    void unreadableSuccessIsTheServersTrouble(String body) throws Exception {
        try (ScriptedServer server = ScriptedServer.always(200, body)) {
            assertThat(failure(server).kind()).isEqualTo(Kind.SERVER);
        }
    }

    @Test
    void everyPrefixOfAnAnswerIsUnreadable() throws Exception {
        String whole = Golden.text("anthropic/thinking-and-cache.json").strip();
        try (ScriptedServer server =
                ScriptedServer.start(
                        (number, exchange) ->
                                exchange.reply(200, whole.substring(0, number * 7)))) {
            for (int length = 7; length < whole.length(); length += 7) {
                assertThat(failure(server).kind())
                        .as("%d characters", length)
                        .isEqualTo(Kind.SERVER);
            }
        }
    }

    @Test
    void baseUrlMayHaveTheVersion() {
        assertThat(AnthropicClient.messages(URI.create("https://x/v1/")))
                .hasToString("https://x/v1/messages");
        assertThat(AnthropicClient.messages(URI.create("https://x/anthropic")))
                .hasToString("https://x/anthropic/v1/messages");
    }

    private ModelReply call(ScriptedServer server, Effort effort)
            throws ModelException, InterruptedException, IOException {
        ModelSpec spec =
                Requests.withEffort(
                        Requests.spec(
                                Provider.ANTHROPIC, "claude-haiku-5-5", server.url().toString()),
                        effort);
        return new AnthropicAdapter()
                .client(Golden.endpoint(spec, server.url(), limits::add))
                .call(Requests.twoReviews(), TIMEOUT);
    }

    private ModelException failure(ScriptedServer server) {
        return catchThrowableOfType(ModelException.class, () -> call(server, Effort.LOW));
    }
}
