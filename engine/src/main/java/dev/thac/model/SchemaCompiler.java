package dev.thac.model;

import dev.thac.event.JsonText;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Compiles the JSON Schema keywords that answers of models need to closures; a schema with any
 * other keyword goes to {@link CompleteSchema} as a whole. Checks run on every answer, tens of
 * thousands a second, where a general validator over a second tree would cost more than parsing.
 */
final class SchemaCompiler {

    /** Keywords that say nothing about validity. */
    private static final Set<String> NOTES =
            Set.of(
                    "title",
                    "description",
                    "default",
                    "examples",
                    "$comment",
                    "$schema",
                    "$id",
                    "deprecated",
                    "readOnly",
                    "writeOnly",
                    "format");

    private SchemaCompiler() {}

    static SchemaCheck compile(Object schema) {
        try {
            return compileKnown(schema);
        } catch (UnknownKeyword unknown) {
            return CompleteSchema.of(schema);
        }
    }

    /** A keyword that only the complete validator knows. */
    private static final class UnknownKeyword extends Exception {
        private static final long serialVersionUID = 1L;

        UnknownKeyword(String keyword) {
            super(keyword);
        }
    }

    private static SchemaCheck compileKnown(Object schema) throws UnknownKeyword {
        if (schema instanceof Boolean all) {
            return all ? SchemaCheck.ANYTHING : value -> "nothing is allowed here";
        }
        if (!(schema instanceof Map<?, ?> map)) {
            throw new IllegalArgumentException("a schema is a mapping, not " + schema);
        }
        List<SchemaCheck> checks = new ArrayList<>();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            String keyword = String.valueOf(entry.getKey());
            if (!NOTES.contains(keyword)) {
                checks.add(keyword(keyword, entry.getValue(), map));
            }
        }
        return all(checks);
    }

    private static SchemaCheck all(List<SchemaCheck> checks) {
        if (checks.size() == 1) {
            return checks.getFirst();
        }
        SchemaCheck[] each = checks.toArray(SchemaCheck[]::new);
        return value -> {
            for (SchemaCheck check : each) {
                String violation = check.violation(value);
                if (violation != null) {
                    return violation;
                }
            }
            return null;
        };
    }

    private static SchemaCheck keyword(String keyword, @Nullable Object value, Map<?, ?> schema)
            throws UnknownKeyword {
        return switch (keyword) {
            case "type" -> type(value);
            case "enum" -> oneOfValues(list(keyword, value), keyword);
            case "const" -> {
                List<@Nullable Object> only = new ArrayList<>();
                only.add(value);
                yield oneOfValues(only, keyword);
            }
            case "minimum" -> bound(keyword, value, sign -> sign >= 0);
            case "maximum" -> bound(keyword, value, sign -> sign <= 0);
            case "exclusiveMinimum" -> bound(keyword, value, sign -> sign > 0);
            case "exclusiveMaximum" -> bound(keyword, value, sign -> sign < 0);
            case "multipleOf" -> multipleOf(decimal(keyword, value));
            case "minLength", "maxLength" -> length(keyword, count(keyword, value));
            case "pattern" -> pattern(String.valueOf(value));
            case "minItems", "maxItems" -> itemCount(keyword, count(keyword, value));
            case "uniqueItems" -> Boolean.TRUE.equals(value) ? unique() : SchemaCheck.ANYTHING;
            case "items" -> items(compileKnown(required(keyword, value)), schema);
            case "minProperties", "maxProperties" -> propertyCount(keyword, count(keyword, value));
            case "required" -> required(list(keyword, value));
            case "properties" -> properties(value);
            case "additionalProperties" -> additional(required(keyword, value), schema);
            case "allOf" -> all(each(keyword, value));
            case "anyOf" -> someOf(each(keyword, value), keyword, matches -> matches >= 1);
            case "oneOf" -> someOf(each(keyword, value), keyword, matches -> matches == 1);
            case "not" -> not(compileKnown(required(keyword, value)));
            default -> throw new UnknownKeyword(keyword);
        };
    }

    private static SchemaCheck type(@Nullable Object declared) {
        List<?> names = declared instanceof List<?> list ? list : List.of(String.valueOf(declared));
        List<JsonType> types = new ArrayList<>();
        for (Object name : names) {
            types.add(JsonType.named(String.valueOf(name)));
        }
        if (types.size() == 1) {
            JsonType type = types.getFirst();
            String message = "is not of type " + type.label();
            return value -> type.includes(value) ? null : message;
        }
        String message = "is of none of the types " + names;
        return value -> {
            for (JsonType type : types) {
                if (type.includes(value)) {
                    return null;
                }
            }
            return message;
        };
    }

    private static SchemaCheck oneOfValues(List<?> allowed, String keyword) {
        Set<@Nullable Object> values = new HashSet<>();
        for (Object value : allowed) {
            values.add(comparable(value));
        }
        String message =
                (keyword.equals("const") ? "is not " : "is not one of ") + JsonText.text(allowed);
        return value -> values.contains(comparable(value)) ? null : message;
    }

    private static SchemaCheck bound(String keyword, @Nullable Object limit, IntPredicate holds) {
        BigDecimal exact = decimal(keyword, limit);
        String message = "breaks " + keyword + " " + exact.toPlainString();
        boolean small = exact.stripTrailingZeros().scale() <= 0 && exact.precision() < 16;
        long whole = small ? exact.longValue() : 0;
        return value -> {
            if (small && value instanceof Long number) {
                return holds.test(Long.compare(number, whole)) ? null : message;
            }
            if (!(value instanceof Number number)) {
                return null;
            }
            BigDecimal actual = finite(number);
            return actual != null && holds.test(actual.compareTo(exact)) ? null : message;
        };
    }

    private static SchemaCheck multipleOf(BigDecimal divisor) {
        if (divisor.signum() <= 0) {
            throw new IllegalArgumentException("multipleOf must be above 0");
        }
        return value -> {
            if (!(value instanceof Number number)) {
                return null;
            }
            BigDecimal actual = finite(number);
            return actual != null && actual.remainder(divisor).signum() == 0
                    ? null
                    : "is no multiple of " + divisor.toPlainString();
        };
    }

    private static SchemaCheck length(String keyword, int limit) {
        boolean least = keyword.startsWith("min");
        String message = "breaks " + keyword + " " + limit;
        return value -> {
            if (!(value instanceof String text)) {
                return null;
            }
            int length = text.codePointCount(0, text.length());
            return (least ? length >= limit : length <= limit) ? null : message;
        };
    }

    private static SchemaCheck pattern(String regex) {
        Pattern pattern;
        try {
            pattern = Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("pattern: " + e.getMessage(), e);
        }
        String message = "does not match the pattern " + regex;
        return value ->
                !(value instanceof String text) || pattern.matcher(text).find() ? null : message;
    }

    private static SchemaCheck itemCount(String keyword, int limit) {
        boolean least = keyword.startsWith("min");
        String message = "breaks " + keyword + " " + limit;
        return value ->
                !(value instanceof List<?> list)
                                || (least ? list.size() >= limit : list.size() <= limit)
                        ? null
                        : message;
    }

    private static SchemaCheck propertyCount(String keyword, int limit) {
        boolean least = keyword.startsWith("min");
        String message = "breaks " + keyword + " " + limit;
        return value ->
                !(value instanceof Map<?, ?> map)
                                || (least ? map.size() >= limit : map.size() <= limit)
                        ? null
                        : message;
    }

    private static SchemaCheck unique() {
        return value -> {
            if (!(value instanceof List<?> list)) {
                return null;
            }
            Set<@Nullable Object> seen = new HashSet<>();
            for (Object element : list) {
                if (!seen.add(comparable(element))) {
                    return "has the same element twice";
                }
            }
            return null;
        };
    }

    private static SchemaCheck items(SchemaCheck element, Map<?, ?> schema) throws UnknownKeyword {
        if (schema.containsKey("prefixItems")) {
            throw new UnknownKeyword("prefixItems");
        }
        return value -> {
            if (!(value instanceof List<?> list)) {
                return null;
            }
            for (int i = 0; i < list.size(); i++) {
                String violation = element.violation(list.get(i));
                if (violation != null) {
                    return "[" + i + "] " + violation;
                }
            }
            return null;
        };
    }

    private static SchemaCheck required(List<?> names) {
        String[] each = names.stream().map(String::valueOf).toArray(String[]::new);
        return value -> {
            if (!(value instanceof Map<?, ?> map)) {
                return null;
            }
            for (String name : each) {
                if (!map.containsKey(name)) {
                    return name + " is missing";
                }
            }
            return null;
        };
    }

    private static SchemaCheck properties(@Nullable Object declared) throws UnknownKeyword {
        if (!(declared instanceof Map<?, ?> map)) {
            throw new IllegalArgumentException("properties must be a mapping");
        }
        Map<String, SchemaCheck> checks = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            String name = String.valueOf(entry.getKey());
            checks.put(name, compileKnown(required(name, entry.getValue())));
        }
        return value -> {
            if (!(value instanceof Map<?, ?> members)) {
                return null;
            }
            for (Map.Entry<String, SchemaCheck> entry : checks.entrySet()) {
                String name = entry.getKey();
                Object member = members.get(name);
                if (member != null || members.containsKey(name)) {
                    String violation = entry.getValue().violation(member);
                    if (violation != null) {
                        return at(name, violation);
                    }
                }
            }
            return null;
        };
    }

    private static String at(String name, String violation) {
        boolean deeper = violation.startsWith("[");
        return deeper ? name + violation : name + " " + violation;
    }

    private static SchemaCheck additional(Object allowed, Map<?, ?> schema) throws UnknownKeyword {
        if (schema.containsKey("patternProperties")) {
            throw new UnknownKeyword("patternProperties");
        }
        SchemaCheck check = compileKnown(allowed);
        Set<String> known = new HashSet<>();
        if (schema.get("properties") instanceof Map<?, ?> properties) {
            properties.keySet().forEach(name -> known.add(String.valueOf(name)));
        }
        return value -> {
            if (!(value instanceof Map<?, ?> members)) {
                return null;
            }
            for (Map.Entry<?, ?> entry : members.entrySet()) {
                if (!known.contains(entry.getKey()) && check.violation(entry.getValue()) != null) {
                    return "has a member that is not declared";
                }
            }
            return null;
        };
    }

    private static SchemaCheck someOf(
            List<SchemaCheck> checks, String keyword, IntPredicate enough) {
        return value -> {
            int matches = 0;
            for (SchemaCheck check : checks) {
                if (check.violation(value) == null) {
                    matches++;
                }
            }
            return enough.test(matches) ? null : "does not fit " + keyword;
        };
    }

    private static SchemaCheck not(SchemaCheck check) {
        return value -> check.violation(value) == null ? "fits what not: forbids" : null;
    }

    private static List<SchemaCheck> each(String keyword, @Nullable Object value)
            throws UnknownKeyword {
        List<SchemaCheck> checks = new ArrayList<>();
        for (Object schema : list(keyword, value)) {
            checks.add(compileKnown(required(keyword, schema)));
        }
        return checks;
    }

    private static Object required(String keyword, @Nullable Object value) {
        if (value == null) {
            throw new IllegalArgumentException(keyword + " is empty");
        }
        return value;
    }

    private static List<?> list(String keyword, @Nullable Object value) {
        if (value instanceof List<?> list) {
            return list;
        }
        throw new IllegalArgumentException(keyword + " must be a list");
    }

    private static int count(String keyword, @Nullable Object value) {
        if (value instanceof Number number && number.intValue() >= 0) {
            return number.intValue();
        }
        throw new IllegalArgumentException(keyword + " must be a whole number from 0");
    }

    private static BigDecimal decimal(String keyword, @Nullable Object value) {
        BigDecimal exact = value instanceof Number number ? finite(number) : null;
        if (exact == null) {
            throw new IllegalArgumentException(keyword + " must be a number");
        }
        return exact;
    }

    /** Equal exactly where JSON Schema says that two values are equal: 1 and 1.0 are. */
    private static @Nullable Object comparable(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case Number number -> {
                BigDecimal exact = finite(number);
                yield exact == null ? number : exact.stripTrailingZeros();
            }
            case List<?> list -> {
                List<@Nullable Object> all = new ArrayList<>(list.size());
                list.forEach(element -> all.add(comparable(element)));
                yield all;
            }
            case Map<?, ?> map -> {
                Map<String, @Nullable Object> all = new LinkedHashMap<>();
                map.forEach((name, member) -> all.put(String.valueOf(name), comparable(member)));
                yield all;
            }
            default -> value;
        };
    }

    private static @Nullable BigDecimal finite(Number number) {
        return switch (number) {
            case Long whole -> BigDecimal.valueOf(whole);
            case Integer whole -> BigDecimal.valueOf(whole);
            case BigDecimal exact -> exact;
            case BigInteger whole -> new BigDecimal(whole);
            default -> {
                double value = number.doubleValue();
                yield Double.isFinite(value) ? BigDecimal.valueOf(value) : null;
            }
        };
    }

    /** The types of JSON Schema. */
    private enum JsonType {
        NULL,
        BOOLEAN,
        STRING,
        ARRAY,
        OBJECT,
        NUMBER,
        INTEGER;

        static JsonType named(String name) {
            for (JsonType type : values()) {
                if (type.label().equals(name)) {
                    return type;
                }
            }
            throw new IllegalArgumentException("there is no type " + name);
        }

        String label() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }

        boolean includes(@Nullable Object value) {
            return switch (this) {
                case NULL -> value == null;
                case BOOLEAN -> value instanceof Boolean;
                case STRING -> value instanceof String;
                case ARRAY -> value instanceof List<?>;
                case OBJECT -> value instanceof Map<?, ?>;
                case NUMBER -> value instanceof Number number && finite(number) != null;
                case INTEGER -> value instanceof Number number && whole(number);
            };
        }

        private static boolean whole(Number number) {
            if (number instanceof Long || number instanceof Integer) {
                return true;
            }
            BigDecimal exact = finite(number);
            return exact != null && exact.stripTrailingZeros().scale() <= 0;
        }
    }
}
