package dev.thac.testkit.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Map;
import java.util.Optional;

/** Requests are refused where the providers refuse them. */
class RequestRulesTest {

    private static Simulator simulator;
    private static Client client;

    @BeforeAll
    static void start() {
        simulator = Simulator.start();
        client = new Client(simulator);
    }

    @AfterAll
    static void stop() {
        client.close();
        simulator.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    temperature      | 0.3                                | `temperature` is not supported
                    top_p            | 0.9                                | `top_p` is not supported
                    top_k            | 5                                  | `top_k` is not supported
                    tool_choice      | {"type":"tool","name":"answer"}    | tool_choice
                    thinking         | {"type":"disabled"}                | thinking.type
                    thinking         | {"type":"enabled","budget_tokens":9} | thinking.type
                    colour           | "red"                              | colour: Extra inputs are not permitted
                    max_tokens       | 0                                  | max_tokens
                    stream           | true                               | stream
                    messages         | []                                 | messages
                    messages         | [{"role":"user","content":"a"},{"role":"assistant","content":"{"}] | prefill
                    messages         | [{"role":"system","content":"a"}]  | role
                    messages         | [{"role":"user","content":""}]     | non-empty
                    output_config    | {"effort":"none"}                  | output_config.effort
                    output_config    | {"format":{"type":"json_schema"}}  | output_config.format.schema
                    output_config    | {"style":"terse"}                  | output_config.style
                    """)
    void anthropicRefuses(String field, String value, String message) {
        ObjectNode body = Client.anthropicBody(Client.SONNET, "ok");
        body.set(field, Client.parse(value));

        Client.Answer answer = client.anthropic(body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.errorType()).isEqualTo("invalid_request_error");
        assertThat(answer.message()).contains(message);
    }

    @Test
    void anthropicWantsALimitOnTheAnswer() {
        ObjectNode body = Client.anthropicBody(Client.HAIKU, "ok");
        body.remove("max_tokens");

        assertThat(client.anthropic(body).message()).isEqualTo("max_tokens: Field required");
    }

    @Test
    void olderClaudeModelsStillTakeSamplingParameters() {
        ObjectNode body = Client.anthropicBody("claude-sonnet-4-5", "ok").put("temperature", 0.3);

        assertThat(client.anthropic(body).status()).isEqualTo(200);
    }

    @Test
    void anthropicRefusesBoundsInSchemas() {
        ObjectNode body = Client.anthropicBody(Client.HAIKU, "ok");
        body.withObject("/output_config/format/schema/properties/items/items/properties/score")
                .put("minimum", 1)
                .put("maximum", 5);

        assertThat(client.anthropic(body).message())
                .contains("For 'integer' type, properties maximum, minimum are not supported");
    }

    @Test
    void bothWantClosedObjects() {
        ObjectNode anthropic = Client.anthropicBody(Client.HAIKU, "ok");
        anthropic.withObject("/output_config/format/schema").remove("additionalProperties");
        ObjectNode openai = Client.openaiBody(Client.LUNA, "ok");
        openai.withObject("/response_format/json_schema/schema").remove("additionalProperties");

        assertThat(client.anthropic(anthropic).message()).contains("additionalProperties");
        assertThat(client.openai(openai).message()).contains("additionalProperties");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    temperature      | 0.3                     | 'temperature' does not support
                    max_tokens       | 100                     | 'max_completion_tokens' instead
                    logprobs         | true                    | logprobs
                    colour           | "red"                   | Unrecognized request argument supplied: colour
                    reasoning_effort | "huge"                  | Invalid value: 'huge'
                    response_format  | {"type":"xml"}          | Invalid value: 'xml'
                    response_format  | {"type":"json_schema"}  | response_format.json_schema.name
                    response_format  | {"type":"json_object"}  | must contain the word 'json'
                    messages         | []                      | 'messages'
                    """)
    void openaiRefuses(String field, String value, String message) {
        ObjectNode body = Client.openaiBody(Client.LUNA, "ok");
        body.set(field, Client.parse(value));

        Client.Answer answer = client.openai(body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.errorType()).isEqualTo("invalid_request_error");
        assertThat(answer.message()).contains(message);
    }

    @Test
    void openaisStrictSchemasRequireEveryProperty() {
        ObjectNode body = Client.openaiBody(Client.LUNA, "ok");
        body.withObject("/response_format/json_schema/schema").remove("required");

        assertThat(client.openai(body).message()).contains("Missing 'items'");
    }

    @Test
    void modelsOfOthersFollowLooserRules() {
        ObjectNode body = Client.openaiBody("deepseek-flash", "ok");
        body.put("temperature", 0.3).put("max_tokens", 500);

        assertThat(client.openai(body).status()).isEqualTo(200);
    }

    @Test
    void aSchemaInTheInstructionsServesProvidersWithoutStructuredOutput() {
        ObjectNode body = Client.openaiBody("deepseek-flash", "tốt");
        String instructions =
                "Answer in JSON after this schema:\n"
                        + Client.parse(Client.SCHEMA)
                        + "\nNothing else.";
        ((ObjectNode) body.at("/messages/0")).put("content", instructions);
        body.putObject("response_format").put("type", "json_object");

        assertThat(client.openai(body).items().get(0).get("sentiment").asText())
                .isEqualTo("positive");
    }

    @Test
    void withoutASchemaTheAnswerIsProse() {
        ObjectNode body = Client.openaiBody(Client.LUNA, "tốt");
        body.remove("response_format");

        assertThat(client.openai(body).text()).isEqualTo("Khách hài lòng về chất lượng.");
    }

    @Test
    void keysAndVersionsAreRequired() {
        String anthropic = Client.anthropicBody(Client.HAIKU, "ok").toString();
        String openai = Client.openaiBody(Client.LUNA, "ok").toString();

        Client.Answer noKey = client.post("/v1/messages", anthropic, _ -> {});
        assertThat(noKey.status()).isEqualTo(401);
        assertThat(noKey.errorType()).isEqualTo("authentication_error");
        Client.Answer noVersion =
                client.post("/v1/messages", anthropic, request -> request.header("x-api-key", "k"));
        assertThat(noVersion.status()).isEqualTo(400);
        assertThat(noVersion.message()).contains("anthropic-version");
        assertThat(client.post("/v1/chat/completions", openai, _ -> {}).status()).isEqualTo(401);
    }

    @Test
    void aWrongKeyIsRefusedInBothForms() {
        SimulatorSettings settings = SimulatorSettings.DEFAULT.withKey(Optional.of("right"));
        try (Simulator own = Simulator.start(settings);
                Client ownClient = new Client(own)) {
            assertThat(ownClient.anthropic("ok").errorType()).isEqualTo("authentication_error");
            Client.Answer openai = ownClient.openai("ok");
            assertThat(openai.status()).isEqualTo(401);
            assertThat(openai.body().at("/error/code").asText()).isEqualTo("invalid_api_key");
            assertThat(own.stats().refused()).isEqualTo(2);
        }
    }

    @Test
    void whatIsNoJsonIsRefused() {
        Map<String, String> paths =
                Map.of("/v1/messages", "x-api-key", "/v1/chat/completions", "authorization");
        paths.forEach(
                (path, header) -> {
                    Client.Answer answer =
                            client.post(
                                    path,
                                    "{\"model\":",
                                    request ->
                                            request.header(header, "Bearer k")
                                                    .header("anthropic-version", "2023-06-01"));
                    assertThat(answer.status()).isEqualTo(400);
                    assertThat(answer.message()).contains("not valid JSON");
                });
    }
}
