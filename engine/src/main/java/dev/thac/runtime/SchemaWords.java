package dev.thac.runtime;

import dev.thac.runtime.OutputCheck.Refusal;
import dev.thac.spec.Spelling;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds words in a JSON Schema that mean nothing there, which a validator would pass over in
 * silence, and bounds that contradict each other. Used once, by one thread.
 */
final class SchemaWords {

    /** How the message of an unknown word begins. */
    static final String UNKNOWN = "JSON Schema has no";

    /** The types of JSON Schema. */
    static final List<String> TYPES =
            List.of("string", "integer", "number", "boolean", "array", "object", "null");

    private static final List<String> KEYWORDS =
            List.of(
                    "type",
                    "enum",
                    "const",
                    "description",
                    "title",
                    "default",
                    "examples",
                    "minimum",
                    "maximum",
                    "exclusiveMinimum",
                    "exclusiveMaximum",
                    "multipleOf",
                    "minLength",
                    "maxLength",
                    "pattern",
                    "format",
                    "items",
                    "prefixItems",
                    "contains",
                    "minContains",
                    "maxContains",
                    "minItems",
                    "maxItems",
                    "uniqueItems",
                    "properties",
                    "required",
                    "additionalProperties",
                    "patternProperties",
                    "propertyNames",
                    "minProperties",
                    "maxProperties",
                    "dependentRequired",
                    "dependentSchemas",
                    "allOf",
                    "anyOf",
                    "oneOf",
                    "not",
                    "if",
                    "then",
                    "else",
                    "$ref",
                    "$defs",
                    "$schema",
                    "$id",
                    "$comment",
                    "$anchor",
                    "deprecated",
                    "readOnly",
                    "writeOnly",
                    "unevaluatedItems",
                    "unevaluatedProperties",
                    "contentEncoding",
                    "contentMediaType");

    private final List<Refusal> refusals = new ArrayList<>();

    /** What is wrong with a schema, in its order. */
    List<Refusal> of(Map<?, ?> schema) {
        look("", schema);
        return List.copyOf(refusals);
    }

    private void look(String below, Map<?, ?> schema) {
        schema.forEach((keyword, value) -> word(below, String.valueOf(keyword), value));
        bounds(below, schema, "minimum", "maximum");
        bounds(below, schema, "minLength", "maxLength");
        bounds(below, schema, "minItems", "maxItems");
    }

    private void word(String below, String keyword, @Nullable Object value) {
        String here = below + "." + keyword;
        switch (value) {
            case String type when keyword.equals("type") && !TYPES.contains(type) ->
                    refuse(
                            here,
                            "there is no type \"" + type + "\"",
                            Spelling.advice(type, TYPES, "types"));
            case List<?> values when keyword.equals("enum") -> choices(here, values);
            case Map<?, ?> items when keyword.equals("items") -> look(here, items);
            case Map<?, ?> properties when keyword.equals("properties") ->
                    properties.forEach(
                            (name, property) -> {
                                if (property instanceof Map<?, ?> schema) {
                                    look(here + "." + name, schema);
                                }
                            });
            case null, default -> {
                if (!KEYWORDS.contains(keyword)) {
                    refuse(
                            here,
                            UNKNOWN + " \"" + keyword + "\"",
                            Spelling.nearest(keyword, KEYWORDS)
                                    .map(near -> "did you mean \"" + near + "\"?")
                                    .orElse(""));
                }
            }
        }
    }

    private void choices(String here, List<?> values) {
        if (values.isEmpty()) {
            refuse(here, "\"enum\" must not be empty", "");
        }
        Set<String> distinct = values.stream().map(String::valueOf).collect(Collectors.toSet());
        if (distinct.size() < values.size()) {
            refuse(here, "\"enum\" has the same value twice", "");
        }
    }

    private void bounds(String below, Map<?, ?> schema, String low, String high) {
        if (schema.get(low) instanceof Number least
                && schema.get(high) instanceof Number most
                && least.doubleValue() > most.doubleValue()) {
            refuse(
                    below + "." + high,
                    "\"%s\" %s is less than \"%s\" %s".formatted(high, most, low, least),
                    "");
        }
    }

    private void refuse(String below, String message, String help) {
        refusals.add(new Refusal(below, message, help));
    }
}
