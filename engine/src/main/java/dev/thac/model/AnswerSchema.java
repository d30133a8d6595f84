package dev.thac.model;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a model must answer: the declared output fields for each item of a call, as the JSON Schema
 * that is sent and as the checks made on what comes back. Immutable.
 */
public final class AnswerSchema {

    private static final String ORDINAL = "i";
    private static final String CONFIDENCE = "confidence";

    private final Map<String, Object> fields;
    private final boolean withConfidence;
    private final Map<String, SchemaCheck> checks;
    private final Map<String, Object> whole;

    private AnswerSchema(Map<String, Object> fields, boolean withConfidence) {
        this.fields = fields;
        this.withConfidence = withConfidence;
        this.checks = new LinkedHashMap<>();
        fields.forEach((name, schema) -> checks.put(name, compiled(name, schema)));
        this.whole = whole(fields, withConfidence);
    }

    /**
     * The schema of an analysis.
     *
     * @param fields field name to its JSON Schema; all are required
     * @param withConfidence whether the model must also say how sure it is
     * @return the schema
     * @throws IllegalArgumentException when there is no field, a field has a name that the answer
     *     needs itself, or its schema is none; the message names the field
     */
    public static AnswerSchema of(Map<String, Object> fields, boolean withConfidence) {
        if (fields.isEmpty()) {
            throw new IllegalArgumentException("an output needs at least one field");
        }
        if (fields.containsKey(ORDINAL)) {
            throw new IllegalArgumentException("i: this name is taken by the item's number");
        }
        if (withConfidence && fields.containsKey(CONFIDENCE)) {
            throw new IllegalArgumentException(
                    "confidence: this name is taken by the model's confidence");
        }
        return new AnswerSchema(
                Collections.unmodifiableMap(new LinkedHashMap<>(fields)), withConfidence);
    }

    /**
     * The JSON Schema of the answer to a whole call.
     *
     * @return the schema as a tree; must not be changed
     */
    public Map<String, Object> whole() {
        return whole;
    }

    /**
     * The declared fields.
     *
     * @return field name to its JSON Schema, in the file's order; must not be changed
     */
    public Map<String, Object> fields() {
        return fields;
    }

    /**
     * Whether the model must also say how sure it is.
     *
     * @return true when the answer carries a confidence
     */
    public boolean withConfidence() {
        return withConfidence;
    }

    /**
     * Looks whether one item's fields keep to the schema: all there, none more, each as declared.
     *
     * @param answer the fields, without ordinal and confidence
     * @return {@code null} when they do; else what is wrong
     */
    public @Nullable String violation(Map<String, ?> answer) {
        for (Map.Entry<String, SchemaCheck> entry : checks.entrySet()) {
            String name = entry.getKey();
            Object value = answer.get(name);
            if (value == null && !answer.containsKey(name)) {
                return name + " is missing";
            }
            String violation = entry.getValue().violation(value);
            if (violation != null) {
                return violation.startsWith("[") ? name + violation : name + " " + violation;
            }
        }
        return answer.size() == checks.size() ? null : "has a field that is not declared";
    }

    /**
     * Output tokens that one item's answer may take, about and rather too many.
     *
     * @return tokens
     */
    public int tokensPerItem() {
        int tokens = 8 + (withConfidence ? 6 : 0);
        for (Map.Entry<String, Object> field : fields.entrySet()) {
            tokens += 3 + field.getKey().length() / 3 + valueTokens(field.getValue());
        }
        return tokens;
    }

    private static int valueTokens(Object schema) {
        if (!(schema instanceof Map<?, ?> map)) {
            return 50;
        }
        if (map.get("enum") instanceof List<?> values) {
            int longest = 0;
            for (Object value : values) {
                longest = Math.max(longest, String.valueOf(value).length());
            }
            return 2 + longest / 3;
        }
        return switch (String.valueOf(map.get("type"))) {
            case "boolean", "null" -> 1;
            case "integer", "number" -> 4;
            case "string" ->
                    map.get("maxLength") instanceof Number most
                            ? 2 + Math.min(most.intValue(), 3000) / 2
                            : 100;
            case "array" -> {
                Object items = map.get("items");
                int many = map.get("maxItems") instanceof Number most ? most.intValue() : 5;
                yield 2 + Math.min(many, 50) * (items == null ? 10 : 1 + valueTokens(items));
            }
            default -> 50;
        };
    }

    private static SchemaCheck compiled(String name, Object schema) {
        try {
            return SchemaCheck.of(schema);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
        }
    }

    private static Map<String, Object> whole(Map<String, Object> fields, boolean withConfidence) {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put(ORDINAL, Map.of("type", "integer"));
        properties.putAll(fields);
        if (withConfidence) {
            Map<String, Object> confidence = new LinkedHashMap<>();
            confidence.put("type", "number");
            confidence.put("minimum", 0L);
            confidence.put("maximum", 1L);
            properties.put(CONFIDENCE, confidence);
        }
        Map<String, Object> items = new LinkedHashMap<>();
        items.put("type", "array");
        items.put("items", object(properties));
        Map<String, Object> top = new LinkedHashMap<>();
        top.put("items", items);
        return Collections.unmodifiableMap(object(top));
    }

    private static Map<String, Object> object(Map<String, Object> properties) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("type", "object");
        object.put("properties", properties);
        object.put("required", new ArrayList<>(properties.keySet()));
        object.put("additionalProperties", false);
        return object;
    }
}
