package dev.thac.model.openai;

import com.fasterxml.jackson.core.JsonGenerator;

import dev.thac.model.ModelRequest;
import dev.thac.model.ModelSpec;
import dev.thac.model.http.JsonWriting;
import dev.thac.model.http.StrictSchema;

import java.io.IOException;
import java.util.Locale;

/**
 * Writes requests. No sampling parameters unless the user wrote them. {@code logprobs} is not asked
 * for: reasoning models refuse it, and it makes answers several times larger; where an endpoint
 * sends it by itself it is read.
 */
final class OpenaiRequest {

    private final ModelSpec spec;
    private final StrictSchema schemas = new StrictSchema();

    OpenaiRequest(ModelSpec spec) {
        this.spec = spec;
    }

    byte[] body(ModelRequest request) {
        return JsonWriting.bytes(json -> write(request, json));
    }

    private void write(ModelRequest request, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("model", spec.model());
        json.writeNumberField("max_completion_tokens", spec.maxOutputTokens());
        if (spec.temperature().isPresent()) {
            json.writeNumberField("temperature", spec.temperature().get());
        }
        if (spec.effort().isPresent()) {
            json.writeStringField(
                    "reasoning_effort", spec.effort().get().name().toLowerCase(Locale.ROOT));
        }
        json.writeArrayFieldStart("messages");
        message(json, "system", request.instructions());
        message(json, "user", request.content());
        json.writeEndArray();
        json.writeObjectFieldStart("response_format");
        json.writeStringField("type", "json_schema");
        json.writeObjectFieldStart("json_schema");
        json.writeStringField("name", "answer");
        json.writeBooleanField("strict", true);
        json.writeFieldName("schema");
        json.writeRawValue(schemas.text(request.answerSchema()));
        json.writeEndObject();
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void message(JsonGenerator json, String role, String content)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("role", role);
        json.writeStringField("content", content);
        json.writeEndObject();
    }
}
