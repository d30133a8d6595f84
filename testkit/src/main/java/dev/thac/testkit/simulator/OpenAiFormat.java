package dev.thac.testkit.simulator;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.Headers;

import dev.thac.testkit.answer.AnswerSchema;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * OpenAI's chat completions. Model ids of OpenAI's reasoning families (gpt-5 and later, o…) are
 * held to OpenAI's own rules; other ids to the looser ones of those who copied the interface.
 */
final class OpenAiFormat implements WireFormat {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Set<String> KNOWN =
            Set.of(
                    "model",
                    "messages",
                    "audio",
                    "frequency_penalty",
                    "function_call",
                    "functions",
                    "logit_bias",
                    "logprobs",
                    "max_completion_tokens",
                    "max_tokens",
                    "metadata",
                    "modalities",
                    "n",
                    "parallel_tool_calls",
                    "prediction",
                    "presence_penalty",
                    "prompt_cache_key",
                    "prompt_cache_retention",
                    "reasoning_effort",
                    "response_format",
                    "safety_identifier",
                    "seed",
                    "service_tier",
                    "stop",
                    "store",
                    "stream",
                    "stream_options",
                    "temperature",
                    "tool_choice",
                    "tools",
                    "top_logprobs",
                    "top_p",
                    "user",
                    "verbosity",
                    "web_search_options");
    private static final Set<String> EFFORTS =
            Set.of("none", "minimal", "low", "medium", "high", "xhigh", "max");
    private static final Set<String> ROLES =
            Set.of("system", "developer", "user", "assistant", "tool");
    private static final Pattern REASONING = Pattern.compile("(?:gpt-(?:[5-9]|\\d\\d)|o\\d).*");

    private final Schemas schemas = new Schemas(SchemaRules::openai);

    @Override
    public Wire wire() {
        return Wire.OPENAI;
    }

    @Override
    public void check(Headers headers, Optional<String> key) throws RefusedException {
        String bearer = headers.getFirst("authorization");
        if (bearer == null || !bearer.startsWith("Bearer ")) {
            throw new RefusedException(
                    Refusal.of(
                            401,
                            "invalid_request_error",
                            "You didn't provide an API key. You need to provide your API key in an"
                                    + " Authorization header using Bearer auth."));
        }
        if (key.isPresent() && !bearer.equals("Bearer " + key.get())) {
            throw new RefusedException(
                    Refusal.of(401, "invalid_request_error", "Incorrect API key provided.")
                            .withCode("invalid_api_key"));
        }
    }

    @Override
    public CallRequest read(RequestBody body) throws RefusedException {
        JsonNode tree = body.tree();
        require(tree.isObject(), "We could not parse the JSON body of your request.", "", "");
        String unknown = Fields.unknown(tree, KNOWN);
        require(
                unknown.isEmpty(),
                "Unrecognized request argument supplied: " + unknown,
                unknown,
                "unknown_parameter");
        require(tree.path("model").isTextual(), "you must provide a model parameter", "model", "");
        require(
                !tree.path("stream").asBoolean(),
                "the simulator sends whole answers only",
                "stream",
                "unsupported_value");
        String model = tree.get("model").asText();
        if (REASONING.matcher(model).matches()) {
            checkReasoningModel(tree);
        }
        String effort = tree.path("reasoning_effort").asText("");
        require(
                effort.isEmpty() || EFFORTS.contains(effort),
                "Invalid value: '" + effort + "'.",
                "reasoning_effort",
                "invalid_value");
        StringBuilder system = new StringBuilder();
        StringBuilder content = new StringBuilder();
        messages(tree, system, content);
        Optional<AnswerSchema> schema = responseFormat(body, system.toString());
        long bytes =
                Usage.bytes(system.toString())
                        + Usage.bytes(content.toString())
                        + body.schema().map(json -> json.content().length).orElse(0);
        long maxTokens =
                tree.path("max_completion_tokens").asLong(tree.path("max_tokens").asLong(0));
        return new CallRequest(
                model,
                system.toString(),
                content.toString(),
                effort,
                maxTokens,
                schema,
                Usage.request(bytes));
    }

    private static void checkReasoningModel(JsonNode tree) throws RefusedException {
        for (String name :
                new String[] {"temperature", "top_p", "presence_penalty", "frequency_penalty"}) {
            require(
                    !tree.has(name) || tree.get(name).asDouble() == 1,
                    "Unsupported value: '"
                            + name
                            + "' does not support this value with this model."
                            + " Only the default (1) value is supported.",
                    name,
                    "unsupported_value");
        }
        require(
                !tree.has("max_tokens"),
                "Unsupported parameter: 'max_tokens' is not supported with this model. Use"
                        + " 'max_completion_tokens' instead.",
                "max_tokens",
                "unsupported_parameter");
        require(
                !tree.path("logprobs").asBoolean(),
                "You are not allowed to request logprobs from this model",
                "logprobs",
                "");
    }

    private static void messages(JsonNode tree, StringBuilder system, StringBuilder content)
            throws RefusedException {
        JsonNode messages = tree.path("messages");
        require(
                messages.isArray() && !messages.isEmpty(),
                "Missing required parameter: 'messages'.",
                "messages",
                "missing_required_parameter");
        for (int i = 0; i < messages.size(); i++) {
            JsonNode message = messages.get(i);
            String role = message.path("role").asText();
            require(
                    ROLES.contains(role),
                    "Invalid value: '" + role + "'.",
                    "messages[" + i + "].role",
                    "invalid_value");
            String text = Fields.text(message.path("content"), "messages[" + i + "].content");
            boolean instructs = role.equals("system") || role.equals("developer");
            (instructs ? system : content).append(text);
        }
    }

    private Optional<AnswerSchema> responseFormat(RequestBody body, String system)
            throws RefusedException {
        JsonNode format = body.tree().path("response_format");
        String type = format.path("type").asText("text");
        return switch (type) {
            case "text" -> Optional.empty();
            case "json_object" -> {
                require(
                        system.toLowerCase(Locale.ROOT).contains("json"),
                        "'messages' must contain the word 'json' in some form, to use"
                                + " 'response_format' of type 'json_object'.",
                        "messages",
                        "");
                yield schemas.within(system);
            }
            case "json_schema" -> {
                missing(format.path("json_schema").path("name").isTextual(), "name");
                missing(body.schema().isPresent(), "schema");
                yield Optional.of(schemas.of(body.schema().orElseThrow()));
            }
            default ->
                    throw new RefusedException(
                            Refusal.invalid(
                                    "Invalid value: '" + type + "'.",
                                    "response_format",
                                    "invalid_value"));
        };
    }

    private static void missing(boolean there, String name) throws RefusedException {
        String param = "response_format.json_schema." + name;
        require(
                there,
                "Missing required parameter: '" + param + "'.",
                param,
                "missing_required_parameter");
    }

    private static void require(boolean holds, String message, String param, String code)
            throws RefusedException {
        if (!holds) {
            throw new RefusedException(Refusal.invalid(message, param, code));
        }
    }

    @Override
    public String defaultEffort(String model) {
        return REASONING.matcher(model).matches() ? "medium" : "none";
    }

    @Override
    public byte[] answer(CallRequest request, String text, Usage usage, Finish finish, long number)
            throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(text.length() + 512);
        try (JsonGenerator json = MAPPER.getFactory().createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("id", "chatcmpl-sim-" + number);
            json.writeStringField("object", "chat.completion");
            json.writeNumberField("created", Instant.now().getEpochSecond());
            json.writeStringField("model", request.model());
            json.writeArrayFieldStart("choices");
            json.writeStartObject();
            json.writeNumberField("index", 0);
            json.writeObjectFieldStart("message");
            json.writeStringField("role", "assistant");
            if (finish == Finish.REFUSAL) {
                json.writeNullField("content");
                json.writeStringField("refusal", text);
            } else {
                json.writeStringField("content", text);
                json.writeNullField("refusal");
            }
            json.writeEndObject();
            json.writeNullField("logprobs");
            json.writeStringField("finish_reason", finish == Finish.LENGTH ? "length" : "stop");
            json.writeEndObject();
            json.writeEndArray();
            usage(json, usage);
            json.writeStringField("service_tier", "default");
            json.writeEndObject();
        }
        return out.toByteArray();
    }

    private static void usage(JsonGenerator json, Usage usage) throws IOException {
        json.writeObjectFieldStart("usage");
        json.writeNumberField("prompt_tokens", usage.input());
        json.writeNumberField("completion_tokens", usage.output());
        json.writeNumberField("total_tokens", usage.input() + usage.output());
        json.writeObjectFieldStart("prompt_tokens_details");
        json.writeNumberField("cached_tokens", 0);
        json.writeEndObject();
        json.writeObjectFieldStart("completion_tokens_details");
        json.writeNumberField("reasoning_tokens", usage.thinking());
        json.writeEndObject();
        json.writeEndObject();
    }

    @Override
    public byte[] error(Refusal refusal, String requestId) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(256);
        try (JsonGenerator json = MAPPER.getFactory().createGenerator(out)) {
            json.writeStartObject();
            json.writeObjectFieldStart("error");
            json.writeStringField("message", refusal.message());
            json.writeStringField("type", refusal.type());
            orNull(json, "param", refusal.param());
            orNull(json, "code", refusal.code());
            json.writeEndObject();
            json.writeEndObject();
        }
        return out.toByteArray();
    }

    private static void orNull(JsonGenerator json, String name, String text) throws IOException {
        if (text.isEmpty()) {
            json.writeNullField(name);
        } else {
            json.writeStringField(name, text);
        }
    }

    @Override
    public Refusal spendCap(SpendCap.Form form) {
        return Refusal.of(
                        429,
                        "insufficient_quota",
                        "You exceeded your current quota, please check your plan and billing"
                                + " details.")
                .withCode("insufficient_quota")
                .as(Fault.SPEND_CAP.spelling());
    }

    @Override
    public void limits(Headers headers, RateLimiter.Levels levels, Instant now) {
        levels.requests().ifPresent(level -> limit(headers, "requests", level));
        levels.input().ifPresent(level -> limit(headers, "tokens", level));
    }

    private static void limit(Headers headers, String what, RateLimiter.Level level) {
        headers.set("x-ratelimit-limit-" + what, Long.toString(level.limit()));
        headers.set("x-ratelimit-remaining-" + what, Long.toString(level.remaining()));
        headers.set("x-ratelimit-reset-" + what, duration(level.full()));
    }

    /** As Go prints durations: {@code 6m0s}, {@code 1.5s}, {@code 20ms}. */
    private static String duration(Duration duration) {
        long millis = duration.toMillis();
        if (millis < 1000) {
            return millis + "ms";
        }
        String seconds = Double.toString(millis % 60_000 / 1000.0).replaceAll("\\.0$", "") + "s";
        return millis < 60_000 ? seconds : millis / 60_000 + "m" + seconds;
    }

    @Override
    public String requestIdHeader() {
        return "x-request-id";
    }
}
