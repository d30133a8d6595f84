package dev.thac.model.openai;

import com.fasterxml.jackson.core.JsonParser;

import dev.thac.event.TokenUsage;
import dev.thac.model.ModelReply;
import dev.thac.model.ModelRequest;
import dev.thac.model.TokenEstimate;
import dev.thac.model.http.HttpTransport;
import dev.thac.model.http.JsonReading;

import java.io.IOException;
import java.util.OptionalDouble;

/**
 * Reads a chat completion. {@code prompt_tokens} includes cached tokens and those written to the
 * cache, {@code completion_tokens} includes reasoning: the details are taken out, so that the kinds
 * exclude each other. DeepSeek's {@code prompt_cache_hit_tokens} means cached tokens, too.
 */
final class OpenaiReply {

    private String id = "";
    private String text = "";
    private String refusal = "";
    private String finish = "";
    private int choices;
    private double logprobs;
    private long logprobCount;
    private long prompt = -1;
    private long cacheRead;
    private long cacheWrite;
    private long completion = -1;
    private long reasoning;

    private OpenaiReply() {}

    static ModelReply parse(HttpTransport.Answer answer, ModelRequest request) throws IOException {
        OpenaiReply reply = new OpenaiReply();
        try (JsonParser json = JsonReading.object(answer.body())) {
            JsonReading.fields(json, reply::field);
        }
        if (reply.choices == 0) {
            throw new IOException("a completion without choices");
        }
        return reply.reply(answer.headers().firstValue("x-request-id").orElse(reply.id), request);
    }

    private void field(String name, JsonParser json) throws IOException {
        switch (name) {
            case "id" -> id = JsonReading.text(json);
            case "choices" -> JsonReading.elements(json, this::choice);
            case "usage" -> JsonReading.fields(json, this::usage);
            default -> json.skipChildren();
        }
    }

    /** One choice was asked for; a second one is not looked at. */
    private void choice(JsonParser json) throws IOException {
        if (choices++ > 0) {
            json.skipChildren();
            return;
        }
        JsonReading.fields(
                json,
                (name, value) -> {
                    switch (name) {
                        case "finish_reason" -> finish = JsonReading.text(value);
                        case "message" -> JsonReading.fields(value, this::message);
                        case "logprobs" -> JsonReading.fields(value, this::logprobs);
                        default -> value.skipChildren();
                    }
                });
    }

    private void message(String name, JsonParser json) throws IOException {
        switch (name) {
            case "content" -> text = JsonReading.text(json);
            case "refusal" -> refusal = JsonReading.text(json);
            default -> json.skipChildren();
        }
    }

    private void logprobs(String name, JsonParser json) throws IOException {
        if (!name.equals("content")) {
            json.skipChildren();
            return;
        }
        JsonReading.elements(
                json,
                token ->
                        JsonReading.fields(
                                token,
                                (field, value) -> {
                                    if (field.equals("logprob")
                                            && value.currentToken().isNumeric()) {
                                        logprobs += value.getDoubleValue();
                                        logprobCount++;
                                    } else {
                                        value.skipChildren();
                                    }
                                }));
    }

    private void usage(String name, JsonParser json) throws IOException {
        switch (name) {
            case "prompt_tokens" -> prompt = JsonReading.number(json, -1);
            case "completion_tokens" -> completion = JsonReading.number(json, -1);
            case "prompt_cache_hit_tokens" -> cacheRead = JsonReading.number(json, 0);
            case "prompt_tokens_details", "completion_tokens_details" ->
                    JsonReading.fields(json, this::detail);
            default -> json.skipChildren();
        }
    }

    private void detail(String name, JsonParser json) throws IOException {
        switch (name) {
            case "cached_tokens" -> cacheRead = Math.max(cacheRead, JsonReading.number(json, 0));
            case "cache_write_tokens" -> cacheWrite = JsonReading.number(json, 0);
            case "reasoning_tokens" -> reasoning = JsonReading.number(json, 0);
            default -> json.skipChildren();
        }
    }

    /** A usage that is not there is estimated: never zero. */
    private ModelReply reply(String requestId, ModelRequest request) {
        long in = prompt >= 0 ? prompt : TokenEstimate.of(request);
        long out = completion >= 0 ? completion : TokenEstimate.of(text);
        long read = Math.min(cacheRead, in);
        long write = Math.min(cacheWrite, in - read);
        long thought = Math.min(reasoning, out);
        return new ModelReply(
                text,
                stop(),
                new TokenUsage(in - read - write, read, write, out - thought, thought),
                logprobCount == 0
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(Math.exp(logprobs / logprobCount)),
                requestId);
    }

    private ModelReply.Stop stop() {
        if (!refusal.isEmpty()) {
            return ModelReply.Stop.REFUSED;
        }
        return switch (finish) {
            case "length" -> ModelReply.Stop.TRUNCATED;
            case "content_filter" -> ModelReply.Stop.REFUSED;
            default -> ModelReply.Stop.COMPLETE;
        };
    }
}
