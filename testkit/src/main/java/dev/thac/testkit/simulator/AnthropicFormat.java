package dev.thac.testkit.simulator;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.Headers;

import dev.thac.testkit.answer.AnswerSchema;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Anthropic's Messages API, version 2023-06-01, as its current models take it: no sampling
 * parameters, no forced tools, no prefilled answers, no thinking budgets.
 */
final class AnthropicFormat implements WireFormat {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Set<String> KNOWN =
            Set.of(
                    "model",
                    "messages",
                    "max_tokens",
                    "system",
                    "metadata",
                    "stop_sequences",
                    "stream",
                    "temperature",
                    "top_k",
                    "top_p",
                    "tools",
                    "tool_choice",
                    "thinking",
                    "service_tier",
                    "container",
                    "context_management",
                    "mcp_servers",
                    "output_config",
                    "cache_control",
                    "inference_geo",
                    "speed");
    private static final Set<String> EFFORTS = Set.of("low", "medium", "high", "xhigh", "max");

    /** Up to Opus 4.6 the sampling parameters were taken. */
    private static final Pattern OLD =
            Pattern.compile(
                    "claude-(?:[123].*|instant.*|(?:opus|sonnet|haiku)-4(?:-[0-6])?(?:-\\d{8})?)");

    private final Schemas schemas = new Schemas(SchemaRules::anthropic);

    @Override
    public Wire wire() {
        return Wire.ANTHROPIC;
    }

    @Override
    public void check(Headers headers, Optional<String> key) throws RefusedException {
        String sent = headers.getFirst("x-api-key");
        String bearer = headers.getFirst("authorization");
        if (sent == null && bearer != null && bearer.startsWith("Bearer ")) {
            sent = bearer.substring("Bearer ".length());
        }
        if (sent == null || sent.isBlank()) {
            throw new RefusedException(
                    Refusal.of(401, "authentication_error", "x-api-key header is required"));
        }
        if (key.isPresent() && !key.get().equals(sent)) {
            throw new RefusedException(
                    Refusal.of(401, "authentication_error", "invalid x-api-key"));
        }
        if (headers.getFirst("anthropic-version") == null) {
            throw new RefusedException(Refusal.invalid("anthropic-version: header is required"));
        }
    }

    @Override
    public CallRequest read(RequestBody body) throws RefusedException {
        JsonNode tree = body.tree();
        require(tree.isObject(), "Input should be an object");
        String unknown = Fields.unknown(tree, KNOWN);
        require(unknown.isEmpty(), unknown + ": Extra inputs are not permitted");
        require(tree.path("model").isTextual(), "model: Field required");
        require(tree.has("max_tokens"), "max_tokens: Field required");
        long maxTokens = tree.get("max_tokens").asLong();
        require(maxTokens >= 1, "max_tokens: Input should be greater than or equal to 1");
        require(!tree.path("stream").asBoolean(), "stream: the simulator sends whole answers only");
        String model = tree.get("model").asText();
        if (!OLD.matcher(model).matches()) {
            checkCurrentModel(tree);
        }
        String content = messages(tree);
        JsonNode system = tree.path("system");
        String instructions = system.isMissingNode() ? "" : Fields.text(system, "system");
        Optional<AnswerSchema> schema = outputConfig(body);
        long bytes =
                Usage.bytes(instructions)
                        + Usage.bytes(content)
                        + body.schema().map(json -> json.content().length).orElse(0);
        String effort = tree.path("output_config").path("effort").asText("");
        return new CallRequest(
                model, instructions, content, effort, maxTokens, schema, Usage.request(bytes));
    }

    private static void checkCurrentModel(JsonNode tree) throws RefusedException {
        for (String name : new String[] {"temperature", "top_p", "top_k"}) {
            require(!tree.has(name), "`" + name + "` is not supported for this model");
        }
        String choice = tree.path("tool_choice").path("type").asText();
        require(
                !choice.equals("any") && !choice.equals("tool"),
                "tool_choice: forcing a tool is not supported for this model");
        String thinking = tree.path("thinking").path("type").asText("adaptive");
        require(
                thinking.equals("adaptive"),
                "thinking.type: '" + thinking + "' is not supported for this model");
    }

    private static String messages(JsonNode tree) throws RefusedException {
        JsonNode messages = tree.path("messages");
        require(messages.isArray(), "messages: Field required");
        require(!messages.isEmpty(), "messages: at least one message is required");
        StringBuilder content = new StringBuilder();
        for (int i = 0; i < messages.size(); i++) {
            JsonNode message = messages.get(i);
            String role = message.path("role").asText();
            String where = "messages." + i;
            require(
                    role.equals("user") || role.equals("assistant"),
                    where + ".role: Input should be 'user' or 'assistant'");
            String text = Fields.text(message.path("content"), where + ".content");
            require(!text.isBlank(), where + ": text content blocks must be non-empty");
            content.append(text);
        }
        require(
                messages.get(0).path("role").asText().equals("user"),
                "messages: first message must use the \"user\" role");
        require(
                messages.get(messages.size() - 1).path("role").asText().equals("user"),
                "This model does not support assistant message prefill. The conversation must end"
                        + " with a user message.");
        return content.toString();
    }

    private Optional<AnswerSchema> outputConfig(RequestBody body) throws RefusedException {
        JsonNode config = body.tree().path("output_config");
        if (config.isMissingNode()) {
            return Optional.empty();
        }
        String unknown = Fields.unknown(config, Set.of("format", "effort", "task_budget"));
        require(unknown.isEmpty(), "output_config." + unknown + ": Extra inputs are not permitted");
        if (config.has("effort")) {
            require(
                    EFFORTS.contains(config.get("effort").asText()),
                    "output_config.effort: Input should be 'low', 'medium', 'high', 'xhigh' or"
                            + " 'max'");
        }
        if (!config.has("format")) {
            return Optional.empty();
        }
        JsonNode format = config.get("format");
        require(
                format.path("type").asText().equals("json_schema"),
                "output_config.format.type: Input should be 'json_schema'");
        unknown = Fields.unknown(format, Set.of("type", "schema"));
        require(
                unknown.isEmpty(),
                "output_config.format." + unknown + ": Extra inputs are not permitted");
        require(
                format.has("schema") && body.schema().isPresent(),
                "output_config.format.schema: Field required");
        return Optional.of(schemas.of(body.schema().orElseThrow()));
    }

    private static void require(boolean holds, String message) throws RefusedException {
        if (!holds) {
            throw new RefusedException(Refusal.invalid(message));
        }
    }

    @Override
    public String defaultEffort(String model) {
        if (OLD.matcher(model).matches()) {
            return "none";
        }
        return model.contains("sonnet") ? "high" : "medium";
    }

    @Override
    public byte[] answer(CallRequest request, String text, Usage usage, Finish finish, long number)
            throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(text.length() + 512);
        try (JsonGenerator json = MAPPER.getFactory().createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("id", "msg_sim_" + number);
            json.writeStringField("type", "message");
            json.writeStringField("role", "assistant");
            json.writeStringField("model", request.model());
            json.writeArrayFieldStart("content");
            if (usage.thinking() > 0) {
                json.writeStartObject();
                json.writeStringField("type", "thinking");
                json.writeStringField("thinking", "");
                json.writeStringField("signature", "simulated");
                json.writeEndObject();
            }
            if (!text.isEmpty()) {
                json.writeStartObject();
                json.writeStringField("type", "text");
                json.writeStringField("text", text);
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeStringField(
                    "stop_reason",
                    switch (finish) {
                        case STOP -> "end_turn";
                        case LENGTH -> "max_tokens";
                        case REFUSAL -> "refusal";
                    });
            json.writeNullField("stop_sequence");
            usage(json, usage);
            json.writeEndObject();
        }
        return out.toByteArray();
    }

    private static void usage(JsonGenerator json, Usage usage) throws IOException {
        json.writeObjectFieldStart("usage");
        json.writeNumberField("input_tokens", usage.input());
        json.writeNumberField("cache_creation_input_tokens", 0);
        json.writeNumberField("cache_read_input_tokens", 0);
        json.writeNumberField("output_tokens", usage.output());
        if (usage.thinking() > 0) {
            json.writeObjectFieldStart("output_tokens_details");
            json.writeNumberField("thinking_tokens", usage.thinking());
            json.writeEndObject();
        }
        json.writeStringField("service_tier", "standard");
        json.writeEndObject();
    }

    @Override
    public byte[] error(Refusal refusal, String requestId) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(256);
        try (JsonGenerator json = MAPPER.getFactory().createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("type", "error");
            json.writeObjectFieldStart("error");
            json.writeStringField("type", refusal.type());
            json.writeStringField("message", refusal.message());
            if (!refusal.code().isEmpty()) {
                json.writeObjectFieldStart("details");
                json.writeStringField("error_code", refusal.code());
                json.writeEndObject();
            }
            json.writeEndObject();
            json.writeStringField("request_id", requestId);
            json.writeEndObject();
        }
        return out.toByteArray();
    }

    @Override
    public Refusal spendCap(SpendCap.Form form) {
        String until =
                "You have reached your specified API usage limits. You will regain access"
                        + " on the first of next month at 00:00 UTC.";
        Refusal refusal =
                switch (form) {
                    case RATE_LIMIT_ERROR ->
                            Refusal.of(429, "rate_limit_error", until)
                                    .withCode("enforced_spend_limit_reached");
                    case INVALID_REQUEST -> Refusal.invalid(until);
                };
        return refusal.as(Fault.SPEND_CAP.spelling());
    }

    @Override
    public void limits(Headers headers, RateLimiter.Levels levels, Instant now) {
        levels.requests().ifPresent(level -> limit(headers, "requests", level, now));
        levels.input().ifPresent(level -> limit(headers, "input-tokens", level, now));
        levels.output().ifPresent(level -> limit(headers, "output-tokens", level, now));
    }

    private static void limit(Headers headers, String what, RateLimiter.Level level, Instant now) {
        String prefix = "anthropic-ratelimit-" + what + "-";
        headers.set(prefix + "limit", Long.toString(level.limit()));
        headers.set(prefix + "remaining", Long.toString(level.remaining()));
        headers.set(
                prefix + "reset",
                now.plus(level.full()).truncatedTo(ChronoUnit.SECONDS).toString());
    }

    @Override
    public String requestIdHeader() {
        return "request-id";
    }
}
