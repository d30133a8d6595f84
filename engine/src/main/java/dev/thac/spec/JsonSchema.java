package dev.thac.spec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The JSON Schema (draft 2020-12) of a file, for editors, made from the same records as the reader.
 * Keys that are not built yet are left out, so that an editor does not offer them. Stateless.
 */
public final class JsonSchema {

    private static final List<String> TEXT_TYPES = List.of("string", "number", "boolean");

    private JsonSchema() {}

    /**
     * The schema of a file.
     *
     * @param type its spec record
     * @param title what the file is
     * @return JSON text that ends with a line end
     */
    public static String of(Class<? extends Record> type, String title) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.put("title", title);
        schema.putAll(mapping(Shapes.of(type)));
        DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
        DefaultPrettyPrinter printer =
                new DefaultPrettyPrinter().withObjectIndenter(indenter).withArrayIndenter(indenter);
        try {
            return new ObjectMapper().writer(printer).writeValueAsString(schema) + "\n";
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("maps, lists and text are always JSON", impossible);
        }
    }

    private static Map<String, Object> schema(Shape shape) {
        return switch (shape) {
            case Shape.Single single -> single(single.scalar());
            case Shape.Choice choice ->
                    object(
                            "enum",
                            choice.options().stream()
                                    .filter(option -> !option.notYet())
                                    .map(Shape.Option::word)
                                    .toList());
            case Shape.Items items -> array(schema(items.item()));
            case Shape.Entries entries -> entries(schema(entries.value()));
            case Shape.Anything _ -> new LinkedHashMap<>();
            case Shape.Mapping mapping -> mapping(mapping);
            case Shape.Union union ->
                    object(
                            "oneOf",
                            union.variants().stream()
                                    .filter(variant -> !variant.notYet())
                                    .map(variant -> mapping(variant.mapping()))
                                    .toList());
        };
    }

    private static Map<String, Object> single(Scalar scalar) {
        return switch (scalar) {
            case TEXT, CEL, TEMPLATE -> object("type", TEXT_TYPES);
            case INTEGER -> object("type", "integer");
            case NUMBER -> object("type", "number");
            case BOOLEAN -> object("type", "boolean");
            case SHARE -> {
                Map<String, Object> number = object("type", "number");
                number.put("minimum", 0);
                number.put("maximum", 1);
                yield object("anyOf", List.of(number, pattern(scalar)));
            }
            case DURATION, DELAY, SIZE, MONEY, RATE, SECRET -> pattern(scalar);
        };
    }

    private static Map<String, Object> pattern(Scalar scalar) {
        Map<String, Object> schema = object("type", "string");
        schema.put("pattern", "^" + scalar.grammar() + "$");
        schema.put("examples", List.of(scalar.example()));
        return schema;
    }

    private static Map<String, Object> array(Map<String, Object> items) {
        Map<String, Object> schema = object("type", "array");
        schema.put("items", items);
        return schema;
    }

    private static Map<String, Object> entries(Map<String, Object> values) {
        Map<String, Object> schema = object("type", "object");
        schema.put("additionalProperties", values);
        return schema;
    }

    private static Map<String, Object> mapping(Shape.Mapping mapping) {
        Map<String, Object> properties = new LinkedHashMap<>();
        for (Shape.Field field : mapping.fields()) {
            if (!field.notYet()) {
                properties.put(field.name(), field(field));
            }
        }
        List<String> required =
                mapping.fields().stream()
                        .filter(field -> field.required() && !field.notYet())
                        .map(Shape.Field::name)
                        .toList();
        Map<String, Object> schema =
                required.isEmpty()
                        ? object("type", List.of("object", "null"))
                        : object("type", "object");
        schema.put("properties", properties);
        if (!required.isEmpty()) {
            schema.put("required", required);
        }
        schema.put("additionalProperties", false);
        return schema;
    }

    private static Map<String, Object> field(Shape.Field field) {
        Key key = field.key();
        Map<String, Object> schema = object("description", key.value());
        schema.putAll(schema(field.shape()));
        field.orElse().ifPresent(text -> schema.put("default", typed(field.shape(), text)));
        if (!key.example().isEmpty()) {
            schema.put("examples", List.of(typed(field.shape(), key.example())));
        }
        bound(key.min()).ifPresent(least -> schema.put("minimum", least));
        bound(key.max()).ifPresent(most -> schema.put("maximum", most));
        if (key.nonEmpty()) {
            schema.put(field.shape() instanceof Shape.Items ? "minItems" : "minProperties", 1);
        }
        return schema;
    }

    private static Optional<Object> bound(double limit) {
        if (Double.isInfinite(limit)) {
            return Optional.empty();
        }
        boolean whole = limit == Math.rint(limit);
        return whole ? Optional.of((long) limit) : Optional.of(limit);
    }

    private static Object typed(Shape shape, String text) {
        if (shape instanceof Shape.Mapping) {
            return Map.of();
        }
        if (shape instanceof Shape.Single single) {
            return switch (single.scalar()) {
                case INTEGER -> Long.valueOf(text);
                case NUMBER -> Double.valueOf(text);
                case BOOLEAN -> Boolean.valueOf(text);
                case TEXT, DURATION, DELAY, SIZE, MONEY, RATE, SHARE, CEL, TEMPLATE, SECRET -> text;
            };
        }
        return text;
    }

    private static Map<String, Object> object(String name, Object value) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put(name, value);
        return object;
    }
}
