package dev.thac.model.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Rewrites a JSON Schema into the subset that both providers accept for strict structured output,
 * and writes it. What is left out is enforced by our own validation of the answer, and told to the
 * model in the description, as the official SDKs do.
 *
 * <p>Kept: {@code type}, {@code properties}, {@code required}, {@code additionalProperties}, {@code
 * items}, {@code enum}, {@code anyOf}, {@code description}, {@code $ref}, {@code $defs}. Rewritten:
 * {@code const} to a one-valued {@code enum}, {@code oneOf} to {@code anyOf}; an {@code enum}
 * without a {@code type} gets one; every object gets {@code additionalProperties: false} and all
 * its properties required. Left out: everything else, namely bounds of numbers, strings, arrays and
 * objects, {@code pattern}, {@code format}, {@code default}. Sources: "JSON Schema limitations" of
 * Anthropic's and "Supported schemas" of OpenAI's structured outputs guides; compatible endpoints
 * accept no more.
 */
public final class StrictSchema {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** More schemas than that are not cached: somebody makes a new one for each request. */
    private static final int MAX_CACHED = 256;

    private static final List<String> SAID =
            List.of(
                    "minimum",
                    "maximum",
                    "exclusiveMinimum",
                    "exclusiveMaximum",
                    "multipleOf",
                    "minLength",
                    "maxLength",
                    "pattern",
                    "format",
                    "minItems",
                    "maxItems",
                    "uniqueItems");

    private final IdentityHashMap<Map<String, Object>, SerializedString> written =
            new IdentityHashMap<>();

    /**
     * The schema as JSON text for a request. Cached by identity: a tier sends the same map with
     * each call.
     *
     * @param schema any JSON Schema
     * @return the strict one, written
     */
    public SerializedString text(Map<String, Object> schema) {
        synchronized (written) {
            SerializedString text = written.get(schema);
            if (text != null) {
                return text;
            }
        }
        SerializedString text = write(schema);
        synchronized (written) {
            if (written.size() >= MAX_CACHED) {
                written.clear();
            }
            written.put(schema, text);
        }
        return text;
    }

    private static SerializedString write(Map<String, Object> schema) {
        try {
            SerializedString text = new SerializedString(JSON.writeValueAsString(strict(schema)));
            int bytes = text.asUnquotedUTF8().length; // encoded once, here
            assert bytes > 0;
            return text;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the answer schema is no JSON", e);
        }
    }

    static Map<String, Object> strict(Map<?, ?> schema) {
        Map<String, Object> strict = new LinkedHashMap<>();
        Object type = schema.get("type");
        if (type != null) {
            strict.put("type", type);
        }
        List<?> values = values(schema);
        if (!values.isEmpty()) {
            if (type == null) {
                strict.put("type", typeOf(values));
            }
            strict.put("enum", values);
        }
        String description = description(schema);
        if (!description.isEmpty()) {
            strict.put("description", description);
        }
        if (schema.get("properties") instanceof Map<?, ?> properties) {
            strict.put("properties", strictValues(properties));
            strict.put("required", List.copyOf(properties.keySet()));
            strict.put("additionalProperties", false);
        } else if ("object".equals(type)) {
            strict.put("properties", Map.of());
            strict.put("required", List.of());
            strict.put("additionalProperties", false);
        }
        if (schema.get("items") instanceof Map<?, ?> items) {
            strict.put("items", strict(items));
        }
        Object choices = schema.containsKey("anyOf") ? schema.get("anyOf") : schema.get("oneOf");
        if (choices instanceof Collection<?> some) {
            List<Object> all = new ArrayList<>();
            for (Object choice : some) {
                all.add(choice instanceof Map<?, ?> map ? strict(map) : choice);
            }
            strict.put("anyOf", all);
        }
        if (schema.get("$ref") instanceof String reference) {
            strict.put("$ref", reference);
        }
        if (schema.get("$defs") instanceof Map<?, ?> definitions) {
            strict.put("$defs", strictValues(definitions));
        }
        return strict;
    }

    private static Map<String, Object> strictValues(Map<?, ?> named) {
        Map<String, Object> strict = new LinkedHashMap<>();
        named.forEach(
                (name, value) ->
                        strict.put(
                                String.valueOf(name),
                                value instanceof Map<?, ?> map ? strict(map) : Map.of()));
        return strict;
    }

    private static List<?> values(Map<?, ?> schema) {
        if (schema.containsKey("const")) {
            List<Object> one = new ArrayList<>();
            one.add(schema.get("const"));
            return one;
        }
        return schema.get("enum") instanceof Collection<?> some ? new ArrayList<>(some) : List.of();
    }

    private static Object typeOf(List<?> values) {
        List<String> types =
                values.stream()
                        .map(
                                value ->
                                        switch (value) {
                                            case null -> "null";
                                            case Boolean _ -> "boolean";
                                            case Integer _, Long _ -> "integer";
                                            case Number _ -> "number";
                                            default -> "string";
                                        })
                        .distinct()
                        .toList();
        return types.size() == 1 ? types.getFirst() : types;
    }

    /** The description, with the bounds that the schema may not have. */
    private static String description(Map<?, ?> schema) {
        Map<String, Object> said = new TreeMap<>();
        for (String keyword : SAID) {
            Object value = schema.get(keyword);
            if (value != null) {
                said.put(keyword, value);
            }
        }
        String own = schema.get("description") instanceof String text ? text : "";
        if (said.isEmpty()) {
            return own;
        }
        String bounds = said.toString();
        String words = bounds.substring(1, bounds.length() - 1).replace("=", ": ");
        return own.isEmpty() ? words : own + " (" + words + ")";
    }
}
