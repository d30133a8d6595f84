package dev.thac.model.anthropic;

import com.fasterxml.jackson.core.JsonGenerator;

import dev.thac.model.Effort;
import dev.thac.model.ModelRequest;
import dev.thac.model.ModelSpec;
import dev.thac.model.http.JsonWriting;
import dev.thac.model.http.StrictSchema;

import java.io.IOException;
import java.util.Locale;

/**
 * Writes requests. No sampling parameters unless the user wrote them, no forced tool, no prefill:
 * current models refuse them. The answer's shape is asked for with {@code output_config.format}.
 *
 * <p>{@code effort: none} sends nothing: the API knows {@code low}, {@code medium}, {@code high}
 * and above, and current models cannot be told not to think; {@code low} is the least.
 */
final class AnthropicRequest {

    private final ModelSpec spec;
    private final StrictSchema schemas = new StrictSchema();

    AnthropicRequest(ModelSpec spec) {
        this.spec = spec;
    }

    byte[] body(ModelRequest request) {
        return JsonWriting.bytes(json -> write(request, json));
    }

    private void write(ModelRequest request, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("model", spec.model());
        json.writeNumberField("max_tokens", spec.maxOutputTokens());
        if (spec.temperature().isPresent()) {
            json.writeNumberField("temperature", spec.temperature().get());
        }
        json.writeStringField("system", request.instructions());
        json.writeArrayFieldStart("messages");
        json.writeStartObject();
        json.writeStringField("role", "user");
        json.writeStringField("content", request.content());
        json.writeEndObject();
        json.writeEndArray();
        json.writeObjectFieldStart("output_config");
        json.writeObjectFieldStart("format");
        json.writeStringField("type", "json_schema");
        json.writeFieldName("schema");
        json.writeRawValue(schemas.text(request.answerSchema()));
        json.writeEndObject();
        if (spec.effort().isPresent() && spec.effort().get() != Effort.NONE) {
            json.writeStringField("effort", spec.effort().get().name().toLowerCase(Locale.ROOT));
        }
        json.writeEndObject();
        json.writeEndObject();
    }
}
