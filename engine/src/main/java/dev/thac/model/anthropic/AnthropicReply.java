package dev.thac.model.anthropic;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

import dev.thac.event.TokenUsage;
import dev.thac.model.ModelReply;
import dev.thac.model.ModelRequest;
import dev.thac.model.TokenEstimate;
import dev.thac.model.http.HttpTransport;
import dev.thac.model.http.JsonReading;

import java.io.IOException;
import java.util.OptionalDouble;

/**
 * Reads a message. {@code usage.input_tokens} excludes cached tokens; {@code output_tokens}
 * includes thinking, whose number is in {@code output_tokens_details.thinking_tokens}; {@code
 * cache_creation} says which writes to the cache are kept for five minutes and which for an hour.
 * The API gives no token probabilities.
 */
final class AnthropicReply {

    private final StringBuilder text = new StringBuilder();
    private String id = "";
    private String stopReason = "";
    private boolean content;
    private long input = -1;
    private long cacheRead;
    private long cacheWrite;
    private long fiveMinutes;
    private long hour;
    private long output = -1;
    private long thinking;

    private AnthropicReply() {}

    static ModelReply parse(HttpTransport.Answer answer, ModelRequest request) throws IOException {
        AnthropicReply reply = new AnthropicReply();
        try (JsonParser json = JsonReading.object(answer.body())) {
            JsonReading.fields(json, reply::field);
        }
        if (!reply.content) {
            throw new IOException("a message without content");
        }
        return reply.reply(answer.headers().firstValue("request-id").orElse(reply.id), request);
    }

    private void field(String name, JsonParser json) throws IOException {
        switch (name) {
            case "id" -> id = JsonReading.text(json);
            case "stop_reason" -> stopReason = JsonReading.text(json);
            case "content" -> {
                content = json.currentToken() == JsonToken.START_ARRAY;
                JsonReading.elements(json, this::block);
            }
            case "usage" -> JsonReading.fields(json, this::usage);
            default -> json.skipChildren();
        }
    }

    /** Text blocks are the answer; thinking blocks are not. */
    private void block(JsonParser json) throws IOException {
        String[] typeAndText = {"", ""};
        JsonReading.fields(
                json,
                (name, value) -> {
                    switch (name) {
                        case "type" -> typeAndText[0] = JsonReading.text(value);
                        case "text" -> typeAndText[1] = JsonReading.text(value);
                        default -> value.skipChildren();
                    }
                });
        if (typeAndText[0].equals("text")) {
            text.append(typeAndText[1]);
        }
    }

    private void usage(String name, JsonParser json) throws IOException {
        switch (name) {
            case "input_tokens" -> input = JsonReading.number(json, -1);
            case "cache_read_input_tokens" -> cacheRead = JsonReading.number(json, 0);
            case "cache_creation_input_tokens" -> cacheWrite = JsonReading.number(json, 0);
            case "cache_creation" -> JsonReading.fields(json, this::cacheCreation);
            case "output_tokens" -> output = JsonReading.number(json, -1);
            case "output_tokens_details" ->
                    JsonReading.fields(
                            json,
                            (detail, value) -> {
                                if (detail.equals("thinking_tokens")) {
                                    thinking = JsonReading.number(value, 0);
                                } else {
                                    value.skipChildren();
                                }
                            });
            default -> json.skipChildren();
        }
    }

    /** How long the provider keeps what it wrote to its cache; an hour costs more. */
    private void cacheCreation(String name, JsonParser json) throws IOException {
        switch (name) {
            case "ephemeral_5m_input_tokens" -> fiveMinutes = JsonReading.number(json, 0);
            case "ephemeral_1h_input_tokens" -> hour = JsonReading.number(json, 0);
            default -> json.skipChildren();
        }
    }

    /** A usage that is not there is estimated: never zero. */
    private ModelReply reply(String requestId, ModelRequest request) {
        long in = input >= 0 ? input : TokenEstimate.of(request);
        long out = output >= 0 ? output : TokenEstimate.of(text);
        long thought = Math.min(thinking, out);
        long written = Math.max(cacheWrite, fiveMinutes + hour);
        return new ModelReply(
                text.toString(),
                stop(),
                new TokenUsage(in, cacheRead, written - hour, hour, out - thought, thought),
                OptionalDouble.empty(),
                requestId);
    }

    private ModelReply.Stop stop() {
        return switch (stopReason) {
            case "max_tokens", "pause_turn" -> ModelReply.Stop.TRUNCATED;
            case "refusal" -> ModelReply.Stop.REFUSED;
            case "model_context_window_exceeded" -> ModelReply.Stop.CONTEXT_FULL;
            default -> ModelReply.Stop.COMPLETE;
        };
    }
}
