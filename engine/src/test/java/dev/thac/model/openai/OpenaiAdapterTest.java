package dev.thac.model.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

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

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

class OpenaiAdapterTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final List<RateLimits> limits = new ArrayList<>();

    @Test
    void requestIsTheDocumentedOne() throws Exception {
        try (ScriptedServer server =
                ScriptedServer.always(200, Golden.text("openai/complete.json"))) {
            ModelSpec spec = Requests.withTemperature(spec(server, Effort.LOW), 0);
            ModelReply reply = call(server, spec);

            ScriptedServer.Request request = server.requests().getFirst();
            assertThat(request.line()).isEqualTo("POST /v1/chat/completions HTTP/1.1");
            assertThat(request.headers())
                    .containsEntry("authorization", "Bearer sk-secret-1234567890")
                    .containsEntry("content-type", "application/json");
            assertThat(Golden.tree(request.body()))
                    .isEqualTo(Golden.tree(Golden.text("openai/request.json")));
            assertThat(reply.stop()).isEqualTo(Stop.COMPLETE);
        }
    }

    @Test
    void effortNoneIsSentBecauseTheApiKnowsIt() throws Exception {
        try (ScriptedServer server =
                ScriptedServer.always(200, Golden.text("openai/complete.json"))) {
            ModelReply reply = call(server, spec(server, Effort.NONE));

            assertThat(server.requests().getFirst().body())
                    .contains("\"reasoning_effort\":\"none\"")
                    .doesNotContain("temperature", "logprobs", "max_tokens");
            assertThat(reply.text()).isEqualTo("{\"items\":[]}");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "complete, 22, 1920, 64, 44, 256",
        "deepseek, 36, 64, 0, 10, 30",
        "refusal, 81, 0, 0, 11, 0"
    })
    void usageKindsExcludeEachOther(
            String file, long input, long read, long write, long output, long thinking)
            throws Exception {
        try (ScriptedServer server =
                ScriptedServer.always(200, Golden.text("openai/" + file + ".json"))) {
            assertThat(call(server, spec(server, Effort.LOW)).usage())
                    .isEqualTo(new TokenUsage(input, read, write, output, thinking));
        }
    }

    @Test
    void missingUsageIsEstimatedAndNeverZero() throws Exception {
        try (ScriptedServer server =
                ScriptedServer.always(200, Golden.text("openai/without-usage.json"))) {
            TokenUsage usage = call(server, spec(server, Effort.LOW)).usage();

            assertThat(usage.input()).isBetween(30L, 150L);
            assertThat(usage.output()).isBetween(2L, 10L);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "finish-length, TRUNCATED",
        "finish-content_filter, REFUSED",
        "refusal, REFUSED",
        "logprobs, COMPLETE"
    })
    void finishReasonsSayWhetherTheAnswerIsWhole(String file, Stop stop) throws Exception {
        try (ScriptedServer server =
                ScriptedServer.always(200, Golden.text("openai/" + file + ".json"))) {
            assertThat(call(server, spec(server, Effort.LOW)).stop()).isEqualTo(stop);
        }
    }

    @Test
    void tokenProbabilityIsTheGeometricMean() throws Exception {
        try (ScriptedServer server =
                ScriptedServer.always(200, Golden.text("openai/logprobs.json"))) {
            ModelReply reply = call(server, spec(server, Effort.LOW));

            assertThat(reply.tokenProbability().getAsDouble())
                    .isCloseTo(Math.exp(-0.2), within(1e-9));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "429, rate-limit, RATE_LIMIT",
        "429, quota, SPEND_CAP",
        "429, project-spend-limit, SPEND_CAP",
        "401, key, AUTH",
        "403, key, AUTH",
        "400, context, TOO_LARGE",
        "400, invalid, INVALID",
        "422, invalid, INVALID",
        "404, invalid, AUTH",
        "500, invalid, SERVER",
        "502, invalid, SERVER",
        "503, invalid, OVERLOADED"
    })
    void errorsAreToldApart(int status, String file, Kind kind) throws Exception {
        try (ScriptedServer server =
                ScriptedServer.always(
                        status,
                        Golden.text("openai/error-" + file + ".json"),
                        "x-request-id",
                        "req_9")) {
            ModelException error = failure(server);

            assertThat(error.kind()).isEqualTo(kind);
            assertThat(error.getMessage())
                    .startsWith("HTTP " + status)
                    .endsWith("[req_9]")
                    .doesNotContain("wxyz");
        }
    }

    @Test
    void proxyPagesAreJudgedByTheirStatus() throws Exception {
        try (ScriptedServer server = ScriptedServer.always(502, "<html>bad gateway</html>")) {
            assertThat(failure(server).kind()).isEqualTo(Kind.SERVER);
        }
    }

    @Test
    void limitsInTheHeadersAreHandedOn() throws Exception {
        try (ScriptedServer server =
                ScriptedServer.always(
                        200,
                        Golden.text("openai/complete.json"),
                        "x-ratelimit-limit-requests",
                        "500",
                        "x-ratelimit-remaining-requests",
                        "499",
                        "x-ratelimit-reset-requests",
                        "120ms",
                        "x-ratelimit-limit-tokens",
                        "200000",
                        "x-ratelimit-remaining-tokens",
                        "1000",
                        "x-ratelimit-reset-tokens",
                        "6m0s")) {
            ModelReply reply = call(server, spec(server, Effort.LOW));

            assertThat(limits.getFirst().requests())
                    .contains(new RateLimits.Window(500, 499, Duration.ofMillis(120)));
            assertThat(limits.getFirst().inputTokens())
                    .contains(new RateLimits.Window(200_000, 1000, Duration.ofMinutes(6)));
            assertThat(reply.requestId()).isEqualTo("chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT");
        }
    }

    @Test
    void baseUrlWithoutPathGetsTheVersion() {
        assertThat(OpenaiClient.completions(URI.create("http://localhost:8085/")))
                .hasToString("http://localhost:8085/v1/chat/completions");
        assertThat(
                        OpenaiClient.completions(
                                URI.create(
                                        "https://generativelanguage.googleapis.com/v1beta/openai/")))
                .hasToString(
                        "https://generativelanguage.googleapis.com/v1beta/openai/chat/completions");
    }

    private static ModelSpec spec(ScriptedServer server, Effort effort) {
        return Requests.withEffort(
                Requests.spec(Provider.OPENAI, "gpt-6-luna", server.url().toString()), effort);
    }

    private ModelReply call(ScriptedServer server, ModelSpec spec)
            throws ModelException, InterruptedException {
        return new OpenaiAdapter()
                .client(Golden.endpoint(spec, server.url(), limits::add))
                .call(Requests.twoReviews(), TIMEOUT);
    }

    private ModelException failure(ScriptedServer server) {
        return catchThrowableOfType(
                ModelException.class, () -> call(server, spec(server, Effort.LOW)));
    }
}
