package dev.thac.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The model call of the rows that are not ours: several reviews in one Anthropic request, asked for
 * and answered in the same shape as {@code model.yaml} asks. Thread-safe.
 */
final class Wire {

    private static final String INSTRUCTIONS =
            "Judge each product review. The input is a JSON object with items; answer with one"
                    + " item per input item, with the same i.";
    private static final byte[] SPLICE =
            ",\"analysis\":{\"review\":".getBytes(StandardCharsets.UTF_8);

    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient client;
    private final URI messages;
    private final String schema;

    Wire(HttpClient client, URI base) {
        this.client = client;
        this.messages = URI.create(base.toString().replaceAll("/$", "") + "/v1/messages");
        this.schema =
                """
                {"type":"object","properties":{"items":{"type":"array","items":{"type":"object",
                "properties":{"i":{"type":"integer"},
                "sentiment":{"enum":["positive","negative","neutral"]},
                "score":{"type":"integer"},"urgent":{"type":"boolean"}},
                "required":["i","sentiment","score","urgent"],"additionalProperties":false}}},
                "required":["items"],"additionalProperties":false}\
                """
                        .replace("\n", "");
    }

    /** The client that every row that is not ours uses. */
    static HttpClient client() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    /** The request body for some events. */
    byte[] body(List<byte[]> events) throws IOException {
        ObjectNode content = json.createObjectNode();
        ArrayNode items = content.putArray("items");
        int ordinal = 1;
        for (byte[] event : events) {
            items.addObject()
                    .put("i", ordinal++)
                    .put("input", json.readTree(event).path("text").asText());
        }
        ObjectNode body = json.createObjectNode();
        body.put("model", ModelBench.MODEL_ID);
        body.put("max_tokens", ModelBench.MAX_OUTPUT_TOKENS);
        body.put("system", INSTRUCTIONS);
        body.putArray("messages")
                .addObject()
                .put("role", "user")
                .put("content", json.writeValueAsString(content));
        body.putObject("output_config")
                .putObject("format")
                .put("type", "json_schema")
                .set("schema", json.readTree(schema));
        return json.writeValueAsBytes(body);
    }

    /**
     * Sends a body and waits.
     *
     * @return the response's body
     * @throws IOException also when the status is not 200
     */
    byte[] send(byte[] body) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(messages)
                        .header("content-type", "application/json")
                        .header("anthropic-version", "2023-06-01")
                        .header("x-api-key", "none")
                        .timeout(Duration.ofSeconds(60))
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build();
        HttpResponse<byte[]> response =
                client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        if (response.statusCode() != 200) {
            throw new IOException(
                    "status "
                            + response.statusCode()
                            + ": "
                            + new String(response.body(), StandardCharsets.UTF_8));
        }
        return response.body();
    }

    /**
     * Judges some events in one call.
     *
     * @return their values with the answers added, in order
     * @throws IOException also when an answer is missing
     */
    List<byte[]> judge(List<byte[]> events) throws IOException, InterruptedException {
        JsonNode reply = json.readTree(send(body(events)));
        String answers = "{}";
        for (JsonNode block : reply.path("content")) {
            if (block.path("type").asText().equals("text")) {
                answers = block.path("text").asText();
            }
        }
        JsonNode items = json.readTree(answers);
        byte[][] judged = new byte[events.size()][];
        for (JsonNode item : items.path("items")) {
            int index = item.path("i").asInt() - 1;
            ObjectNode answer = ((ObjectNode) item).deepCopy();
            answer.remove("i");
            judged[index] = splice(events.get(index), json.writeValueAsBytes(answer));
        }
        List<byte[]> all = new ArrayList<>(Arrays.asList(judged));
        if (all.contains(null)) {
            throw new IOException("an answer is missing in " + items);
        }
        return all;
    }

    private static byte[] splice(byte[] event, byte[] answer) {
        byte[] judged = new byte[event.length - 1 + SPLICE.length + answer.length + 2];
        System.arraycopy(event, 0, judged, 0, event.length - 1);
        int at = event.length - 1;
        System.arraycopy(SPLICE, 0, judged, at, SPLICE.length);
        at += SPLICE.length;
        System.arraycopy(answer, 0, judged, at, answer.length);
        judged[judged.length - 2] = '}';
        judged[judged.length - 1] = '}';
        return judged;
    }
}
