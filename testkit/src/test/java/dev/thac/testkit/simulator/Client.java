package dev.thac.testkit.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.function.Consumer;

/** A plain HTTP client of the simulator, for its tests. */
final class Client implements AutoCloseable {

    static final String HAIKU = "claude-haiku-5-5";
    static final String SONNET = "claude-sonnet-5-5";
    static final String LUNA = "gpt-6-luna";

    static final String SCHEMA =
            """
            {"type":"object","properties":{"items":{"type":"array","items":{"type":"object","properties":{
            "i":{"type":"integer"},
            "sentiment":{"enum":["positive","negative","neutral"]},
            "score":{"type":"integer"},
            "categories":{"type":"array","items":{"enum":["shipping","quality","service","price"]}},
            "urgent":{"type":"boolean","description":"needs handling now"},
            "summary":{"type":"string","description":"one sentence in Vietnamese"},
            "confidence":{"type":"number"}},
            "required":["i","sentiment","score","categories","urgent","summary","confidence"],
            "additionalProperties":false}}},"required":["items"],"additionalProperties":false}
            """;

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Simulator simulator;

    Client(Simulator simulator) {
        this.simulator = simulator;
    }

    record Answer(int status, JsonNode body, HttpResponse<String> response) {

        /** The model's text, whichever the format. */
        String text() {
            for (JsonNode block : body.path("content")) {
                if (block.path("type").asText().equals("text")) {
                    return block.get("text").asText();
                }
            }
            return body.at("/choices/0/message/content").asText("");
        }

        JsonNode json() {
            return parse(text());
        }

        JsonNode items() {
            return json().get("items");
        }

        String errorType() {
            return body.at("/error/type").asText();
        }

        String message() {
            return body.at("/error/message").asText();
        }
    }

    static ObjectNode anthropicBody(String model, String... inputs) {
        ObjectNode body = MAPPER.createObjectNode().put("model", model).put("max_tokens", 4000);
        body.put("system", "You analyse product reviews.");
        body.putArray("messages").addObject().put("role", "user").put("content", items(inputs));
        ObjectNode config = body.putObject("output_config").put("effort", "low");
        config.putObject("format").put("type", "json_schema").set("schema", parse(SCHEMA));
        return body;
    }

    static ObjectNode openaiBody(String model, String... inputs) {
        ObjectNode body = MAPPER.createObjectNode().put("model", model);
        body.put("max_completion_tokens", 4000).put("reasoning_effort", "low");
        ArrayNode messages = body.putArray("messages");
        messages.addObject().put("role", "system").put("content", "You analyse product reviews.");
        messages.addObject().put("role", "user").put("content", items(inputs));
        ObjectNode format = body.putObject("response_format").put("type", "json_schema");
        format.putObject("json_schema")
                .put("name", "answer")
                .put("strict", true)
                .set("schema", parse(SCHEMA));
        return body;
    }

    Answer anthropic(String... inputs) {
        return anthropic(anthropicBody(HAIKU, inputs));
    }

    Answer anthropic(ObjectNode body) {
        return post(
                "/v1/messages",
                body.toString(),
                request ->
                        request.header("x-api-key", "k").header("anthropic-version", "2023-06-01"));
    }

    Answer openai(String... inputs) {
        return openai(openaiBody(LUNA, inputs));
    }

    Answer openai(ObjectNode body) {
        return post(
                "/v1/chat/completions",
                body.toString(),
                request -> request.header("authorization", "Bearer k"));
    }

    Answer post(String path, String body, Consumer<HttpRequest.Builder> headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(simulator.baseUri().resolve(path))
                        .timeout(Duration.ofSeconds(20))
                        .header("content-type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body));
        headers.accept(request);
        return send(request.build());
    }

    Answer get(String path) {
        return send(HttpRequest.newBuilder(simulator.baseUri().resolve(path)).build());
    }

    private Answer send(HttpRequest request) {
        try {
            HttpResponse<String> response =
                    http.send(request, HttpResponse.BodyHandlers.ofString());
            String text = response.body();
            boolean json = text.startsWith("{") || text.startsWith("[");
            JsonNode body = json ? parse(text) : MAPPER.getNodeFactory().textNode(text);
            return new Answer(response.statusCode(), body, response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static String items(String... inputs) {
        ObjectNode content = MAPPER.createObjectNode();
        ArrayNode items = content.putArray("items");
        for (String input : inputs) {
            items.addObject().put("i", items.size()).put("input", input);
        }
        return content.toString();
    }

    static JsonNode parse(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
