package dev.thac.testkit.answer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A JSON Schema of answers, studied once; immutable, thread-safe. */
public final class AnswerSchema {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int DEFAULT_MAX_LENGTH = 160;

    // Providers refuse bounds in the schema, so callers move them into the description.
    private static final Pattern LOWEST =
            Pattern.compile("(?:minimum|min|at least|from|>=)\\D{0,4}(-?\\d+(?:\\.\\d+)?)");
    private static final Pattern HIGHEST =
            Pattern.compile("(?:maximum|max|at most|to|<=)\\D{0,4}(-?\\d+(?:\\.\\d+)?)");
    private static final Pattern RANGE =
            Pattern.compile("(-?\\d+(?:\\.\\d+)?)\\s*(?:-|–|to|\\.\\.)\\s*(-?\\d+(?:\\.\\d+)?)");
    private static final Pattern LENGTH =
            Pattern.compile(
                    "(?:maxlength|at most|max(?:imum)?)\\D{0,8}(\\d+)\\s*(?:char|$|[,;}.)])");

    private static final Pattern LEAST_ITEMS = Pattern.compile("minitems\\D{0,3}(\\d{1,6})");
    private static final Pattern MOST_ITEMS = Pattern.compile("maxitems\\D{0,3}(\\d{1,6})");

    /**
     * One property of an answer.
     *
     * @param name as in the schema
     * @param confidence whether it is the model's own certainty, which is known last
     * @param value how it is decided
     */
    record Property(String name, boolean confidence, Value value) {}

    private final JsonNode tree;
    private final List<Property> properties;
    private final boolean itemised;

    private AnswerSchema(JsonNode tree, List<Property> properties, boolean itemised) {
        this.tree = tree;
        this.properties = properties;
        this.itemised = itemised;
    }

    /**
     * Studies a schema.
     *
     * @param json an object schema; with a property {@code items} holding an array of objects with
     *     an ordinal {@code i}, answers list one object per item, otherwise they are one object
     * @throws IllegalArgumentException if it is no JSON or no object schema
     */
    public static AnswerSchema parse(byte[] json) {
        JsonNode tree;
        try {
            tree = MAPPER.readTree(json);
        } catch (IOException e) {
            throw new IllegalArgumentException("the schema is not JSON: " + e.getMessage(), e);
        }
        JsonNode each = tree.path("properties").path("items").path("items");
        if (each.path("properties").has("i")) {
            return new AnswerSchema(tree, properties(each, tree, true), true);
        }
        if (!tree.path("properties").isObject()) {
            throw new IllegalArgumentException("the schema describes no object with properties");
        }
        return new AnswerSchema(tree, properties(tree, tree, false), false);
    }

    /** The schema itself. */
    public JsonNode tree() {
        return tree;
    }

    /** Whether answers list one object per item. */
    public boolean itemised() {
        return itemised;
    }

    List<Property> properties() {
        return properties;
    }

    /** Writes {@code "name":value} pairs; a stated confidence is settled after all other values. */
    static void write(List<Property> properties, Judged judged, StringBuilder out) {
        int confidenceAt = -1;
        Value confidence = null;
        boolean first = true;
        for (Property property : properties) {
            out.append(first ? "" : ",");
            first = false;
            Json.quote(property.name(), out);
            out.append(':');
            if (property.confidence()) {
                confidenceAt = out.length();
                confidence = property.value();
            } else {
                property.value().write(judged, out);
            }
        }
        if (confidence != null) {
            StringBuilder number = new StringBuilder();
            confidence.write(judged, number);
            out.insert(confidenceAt, number);
        }
    }

    private static List<Property> properties(JsonNode object, JsonNode root, boolean item) {
        List<Property> found = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry : object.path("properties").properties()) {
            if (item && entry.getKey().equals("i")) {
                continue;
            }
            Value value = value(entry.getKey(), entry.getValue(), root);
            boolean confidence =
                    value instanceof Value.Level level
                            && level.measure() == Value.Measure.CONFIDENCE;
            found.add(new Property(entry.getKey(), confidence, value));
        }
        return List.copyOf(found);
    }

    private static Value value(String name, JsonNode given, JsonNode root) {
        JsonNode schema = resolve(given, root);
        if (schema.has("const")) {
            return new Value.Constant(schema.get("const").toString());
        }
        if (schema.path("enum").isArray() && !schema.path("enum").isEmpty()) {
            List<JsonNode> options = new ArrayList<>();
            schema.get("enum").forEach(options::add);
            return new Choice(options);
        }
        String words = Words.fold(Names.words(name));
        String description = Words.fold(schema.path("description").asText());
        return switch (type(schema)) {
            case "boolean" -> flag(name, words, description);
            case "integer" -> level(words, description, schema, true);
            case "number" -> level(words, description, schema, false);
            case "array" ->
                    new Value.Many(
                            value(name, schema.path("items"), root),
                            schema.path("minItems").asInt(hint(LEAST_ITEMS, description, 0)),
                            schema.path("maxItems")
                                    .asInt(hint(MOST_ITEMS, description, Integer.MAX_VALUE)));
            case "object" -> new Value.Nested(properties(schema, root, false));
            case "null" -> new Value.Constant("null");
            default -> phrase(words, description, schema);
        };
    }

    private static int hint(Pattern pattern, String description, int otherwise) {
        Matcher matcher = pattern.matcher(description);
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : otherwise;
    }

    private static JsonNode resolve(JsonNode schema, JsonNode root) {
        JsonNode current = schema;
        for (int depth = 0; depth < 16; depth++) {
            String reference = current.path("$ref").asText();
            JsonNode any = current.has("anyOf") ? current.get("anyOf") : current.path("oneOf");
            if (reference.startsWith("#/")) {
                current = root.at(reference.substring(1));
            } else if (any.isArray() && !any.isEmpty()) {
                current =
                        "null".equals(any.get(0).path("type").asText()) && any.size() > 1
                                ? any.get(1)
                                : any.get(0);
            } else {
                return current;
            }
        }
        return current;
    }

    private static String type(JsonNode schema) {
        JsonNode type = schema.path("type");
        if (type.isArray()) {
            for (JsonNode one : type) {
                if (!"null".equals(one.asText())) {
                    return one.asText();
                }
            }
        }
        return type.asText("string");
    }

    private static Value flag(String name, String words, String description) {
        Reading reading = Reading.ofName(Names.words(name));
        List<Integer> concepts = Choice.present(reading);
        boolean attention =
                Names.any(
                        words, "urgent", "gap", "khan", "escalat", "attention", "needs", "action");
        if (!attention && concepts.isEmpty() && Double.isNaN(reading.pole())) {
            Reading more = Reading.ofName(description);
            return new Value.Flag(
                    Choice.present(more),
                    more.pole(),
                    Names.any(description, "needs handling", "xu ly ngay"));
        }
        return new Value.Flag(concepts, reading.pole(), attention);
    }

    private static Value level(String words, String description, JsonNode schema, boolean whole) {
        Value.Measure measure = measure(words);
        double[] bounds = defaults(measure, words, whole);
        Matcher range = RANGE.matcher(description);
        Matcher lowest = LOWEST.matcher(description);
        Matcher highest = HIGHEST.matcher(description);
        if (range.find()) {
            bounds[0] = Double.parseDouble(range.group(1));
            bounds[1] = Double.parseDouble(range.group(2));
        } else {
            bounds[0] = lowest.find() ? Double.parseDouble(lowest.group(1)) : bounds[0];
            bounds[1] = highest.find() ? Double.parseDouble(highest.group(1)) : bounds[1];
        }
        double min = schema.path("minimum").asDouble(bounds[0]);
        double max = schema.path("maximum").asDouble(bounds[1]);
        return new Value.Level(measure, min, Math.max(min, max), whole);
    }

    private static Value.Measure measure(String words) {
        if (Names.any(words, "confidence", "certainty", "probability", "do tin cay", "tin cay")) {
            return Value.Measure.CONFIDENCE;
        }
        if (Names.any(words, "risk", "fraud", "anomal", "suspici", "toxic", "rui ro", "spam")) {
            return Value.Measure.RISK;
        }
        if (Names.any(words, "urgen", "priority", "severity", "khan cap", "uu tien")) {
            return Value.Measure.URGENCY;
        }
        return Names.any(words, "count", "words", "length", "so tu")
                ? Value.Measure.COUNT
                : Value.Measure.SCORE;
    }

    private static double[] defaults(Value.Measure measure, String words, boolean whole) {
        boolean stars = Names.any(words, "score", "star", "rating", "sao", "diem", "level");
        return switch (measure) {
            case COUNT -> new double[] {0, Integer.MAX_VALUE};
            case RISK -> new double[] {0, whole ? 100 : 1};
            case CONFIDENCE -> new double[] {0, whole ? 100 : 1};
            case URGENCY -> whole ? new double[] {1, 5} : new double[] {0, 1};
            case SCORE -> whole || stars ? new double[] {1, 5} : new double[] {0, 1};
        };
    }

    private static Value phrase(String words, String description, JsonNode schema) {
        Matcher stated = LENGTH.matcher(description);
        int hinted = stated.find() ? Integer.parseInt(stated.group(1)) : DEFAULT_MAX_LENGTH;
        int maxLength = schema.path("maxLength").asInt(Math.max(1, hinted));
        Value.Phrase.Language language = Value.Phrase.Language.OF_INPUT;
        if (Names.any(description, "vietnamese", "tieng viet")) {
            language = Value.Phrase.Language.VIETNAMESE;
        } else if (Names.any(description, "english", "tieng anh")) {
            language = Value.Phrase.Language.ENGLISH;
        }
        Value.Phrase.Kind kind = Value.Phrase.Kind.SUMMARY;
        if (Names.any(words, "language", "ngon ngu")) {
            kind = Value.Phrase.Kind.LANGUAGE;
        } else if (Names.any(words, "sentiment", "cam xuc")) {
            kind = Value.Phrase.Kind.SENTIMENT;
        } else if (Names.any(
                words, "topic", "category", "label", "intent", "keyword", "tag", "chu de")) {
            kind = Value.Phrase.Kind.TOPIC;
        }
        return new Value.Phrase(kind, maxLength, language);
    }
}
