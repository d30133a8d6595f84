package dev.thac.testkit.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.thac.testkit.answer.AnswerSchema;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Schemas seen so far, studied once each. Thread-safe. */
final class Schemas {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int KEPT = 1_000;

    private final Function<JsonNode, Optional<String>> rules;
    private final Map<RequestBody.Bytes, Studied> studied = new ConcurrentHashMap<>();
    private final Map<String, Optional<AnswerSchema>> prompted = new ConcurrentHashMap<>();

    private record Studied(Optional<AnswerSchema> schema, String problem) {}

    /**
     * For one provider.
     *
     * @param rules what it has against a schema
     */
    Schemas(Function<JsonNode, Optional<String>> rules) {
        this.rules = rules;
    }

    /**
     * The schema of those bytes.
     *
     * @throws RefusedException if the provider would not take it
     */
    AnswerSchema of(RequestBody.Bytes bytes) throws RefusedException {
        if (studied.size() > KEPT) {
            studied.clear();
        }
        Studied found = studied.computeIfAbsent(bytes, this::study);
        return found.schema()
                .orElseThrow(() -> new RefusedException(Refusal.invalid(found.problem())));
    }

    /**
     * The first JSON Schema written into instructions, as clients do for providers that offer no
     * structured output.
     */
    Optional<AnswerSchema> within(String instructions) {
        int at = instructions.indexOf("{\"type\":\"object\"");
        if (at < 0) {
            return Optional.empty();
        }
        if (prompted.size() > KEPT) {
            prompted.clear();
        }
        return prompted.computeIfAbsent(instructions, text -> first(text.substring(at)));
    }

    private static Optional<AnswerSchema> first(String text) {
        try {
            JsonNode tree = MAPPER.readerFor(JsonNode.class).readValue(text);
            return Optional.of(AnswerSchema.parse(MAPPER.writeValueAsBytes(tree)));
        } catch (IOException | IllegalArgumentException _) {
            // Something that merely looks like a schema: the model would answer in prose.
            return Optional.empty();
        }
    }

    private Studied study(RequestBody.Bytes bytes) {
        try {
            AnswerSchema schema = AnswerSchema.parse(bytes.content());
            Optional<String> problem = rules.apply(schema.tree());
            return problem.isPresent()
                    ? new Studied(Optional.empty(), problem.get())
                    : new Studied(Optional.of(schema), "");
        } catch (IllegalArgumentException e) {
            return new Studied(Optional.empty(), String.valueOf(e.getMessage()));
        }
    }
}
