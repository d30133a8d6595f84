package dev.thac.testkit.simulator;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Which JSON Schemas the providers' structured outputs take. */
final class SchemaRules {

    /** Anthropic, "Structured outputs": what is not supported. */
    private static final Set<String> NOT_AT_ANTHROPIC =
            Set.of(
                    "minimum",
                    "maximum",
                    "exclusiveMinimum",
                    "exclusiveMaximum",
                    "multipleOf",
                    "minLength",
                    "maxLength",
                    "maxItems",
                    "uniqueItems",
                    "minProperties",
                    "maxProperties",
                    "patternProperties",
                    "not",
                    "if",
                    "then",
                    "else",
                    "oneOf");

    /** OpenAI, "Structured outputs", supported schemas. */
    private static final Set<String> NOT_AT_OPENAI =
            Set.of(
                    "minLength",
                    "maxLength",
                    "uniqueItems",
                    "minProperties",
                    "maxProperties",
                    "patternProperties",
                    "contains",
                    "not",
                    "if",
                    "then",
                    "else",
                    "oneOf",
                    "allOf",
                    "dependentRequired",
                    "dependentSchemas");

    private SchemaRules() {}

    /** What Anthropic's API would say against a schema. */
    static Optional<String> anthropic(JsonNode schema) {
        return problem(schema, NOT_AT_ANTHROPIC, false)
                .map(problem -> "output_config.format.schema: " + problem);
    }

    /** What OpenAI's API would say against a strict schema. */
    static Optional<String> openai(JsonNode schema) {
        return problem(schema, NOT_AT_OPENAI, true)
                .map(problem -> "Invalid schema for response_format 'answer': " + problem);
    }

    private static Optional<String> problem(
            JsonNode schema, Set<String> unsupported, boolean allRequired) {
        if (!schema.isObject()) {
            return Optional.empty();
        }
        Set<String> found = new TreeSet<>();
        schema.fieldNames().forEachRemaining(found::add);
        found.retainAll(unsupported);
        boolean longList = !allRequired && schema.path("minItems").asInt(0) > 1;
        if (!found.isEmpty() || longList) {
            return Optional.of(
                    "For '"
                            + schema.path("type").asText("any")
                            + "' type, properties "
                            + (longList ? "minItems > 1" : String.join(", ", found))
                            + " are not supported");
        }
        if (schema.path("properties").isObject()) {
            Optional<String> own = object(schema, allRequired);
            if (own.isPresent()) {
                return own;
            }
            for (Map.Entry<String, JsonNode> property : schema.get("properties").properties()) {
                Optional<String> inner = problem(property.getValue(), unsupported, allRequired);
                if (inner.isPresent()) {
                    return inner;
                }
            }
        }
        return problem(schema.path("items"), unsupported, allRequired);
    }

    private static Optional<String> object(JsonNode schema, boolean allRequired) {
        JsonNode additional = schema.path("additionalProperties");
        if (!additional.isBoolean() || additional.asBoolean()) {
            return Optional.of(
                    "For 'object' type, 'additionalProperties' must be explicitly set to false");
        }
        Set<String> required = new HashSet<>();
        schema.path("required").forEach(name -> required.add(name.asText()));
        for (Map.Entry<String, JsonNode> property : schema.get("properties").properties()) {
            if (allRequired && !required.contains(property.getKey())) {
                return Optional.of(
                        "'required' is required to be supplied and to be an array including every"
                                + " key in properties. Missing '"
                                + property.getKey()
                                + "'.");
            }
        }
        return Optional.empty();
    }
}
