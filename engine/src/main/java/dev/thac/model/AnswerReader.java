package dev.thac.model;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;

import dev.thac.event.ErrorCode;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Reads a model's answer to a call with several items: matches answers to items by their ordinals
 * and checks each against the schema, so that one bad item costs no other its answer. Nothing is
 * repaired. Thread-safe.
 */
public final class AnswerReader {

    /** Not a number is no JSON, but spoils one item rather than the whole answer. */
    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                    .recyclerPool(JsonRecyclerPools.newConcurrentDequePool())
                    .build();

    private final AnswerSchema schema;

    /** What an answer says. */
    public sealed interface Answers {
        /**
         * It is of no use as a whole.
         *
         * @param code what is wrong
         * @param message details, without the answer
         */
        record Unreadable(ErrorCode code, String message) implements Answers {}

        /**
         * It speaks of items.
         *
         * @param items what it says of each item asked about, in the order they were asked
         * @param foreign answers to items nobody asked about; they are dropped
         */
        record Read(List<Item> items, int foreign) implements Answers {}
    }

    /** What an answer says of one item. */
    public sealed interface Item {
        /**
         * A valid answer.
         *
         * @param fields the declared fields; must not be changed
         * @param confidence what the model stated; 0 where it had to and stated no number from 0 to
         *     1; empty where it did not have to
         */
        record Valid(Map<String, Object> fields, OptionalDouble confidence) implements Item {}

        /**
         * Nothing usable.
         *
         * @param code missing, twice, or against the schema
         * @param message details, without the answer
         */
        record Invalid(ErrorCode code, String message) implements Item {}
    }

    private static final Item MISSING =
            new Item.Invalid(ErrorCode.MISSING_ITEM, "the answer lacks this item");
    private static final Item TWICE =
            new Item.Invalid(ErrorCode.DUPLICATE_ITEM, "the answer has this item more than once");

    /**
     * A reader.
     *
     * @param schema what must be answered
     */
    public AnswerReader(AnswerSchema schema) {
        this.schema = schema;
    }

    /**
     * Reads an answer.
     *
     * @param text the answer's text; a Markdown fence around it is ignored
     * @param asked how many items were asked about, numbered from 1
     * @return what it says; never throws for a bad answer
     */
    public Answers read(String text, int asked) {
        @Nullable Item[] found = new @Nullable Item[asked];
        try (JsonParser parser = JSON.createParser(unfenced(text))) {
            return read(parser, found);
        } catch (IOException e) {
            return new Answers.Unreadable(
                    ErrorCode.NOT_JSON, "the answer of " + text.length() + " characters: no JSON");
        }
    }

    /**
     * Looks whether an answer that was read before keeps to the schema.
     *
     * @param fields its fields
     * @return {@code null} when they do; else what is wrong
     */
    public @Nullable String violation(Map<String, ?> fields) {
        return schema.violation(fields);
    }

    /**
     * Whether an answer has to state its confidence.
     *
     * @return true when it has to
     */
    public boolean withConfidence() {
        return schema.withConfidence();
    }

    private Answers read(JsonParser parser, @Nullable Item[] found) throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            return shapeless(parser);
        }
        int foreign = -1;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            boolean items = parser.currentName().equals("items");
            if (parser.nextToken() == JsonToken.START_ARRAY && items) {
                foreign = items(parser, found);
            } else {
                parser.skipChildren();
            }
        }
        if (parser.nextToken() != null) {
            return new Answers.Unreadable(
                    ErrorCode.NOT_JSON, "the answer goes on after its JSON object");
        }
        if (foreign < 0) {
            return new Answers.Unreadable(
                    ErrorCode.SCHEMA_VIOLATION, "the answer has no list of items");
        }
        List<Item> all = new ArrayList<>(found.length);
        for (Item item : found) {
            all.add(item == null ? MISSING : item);
        }
        return new Answers.Read(all, foreign);
    }

    /** JSON, but no object; or no JSON at all. */
    private static Answers shapeless(JsonParser parser) throws IOException {
        if (parser.currentToken() == null) {
            return new Answers.Unreadable(ErrorCode.NOT_JSON, "the answer is empty");
        }
        while (parser.nextToken() != null) {
            parser.skipChildren();
        }
        return new Answers.Unreadable(
                ErrorCode.SCHEMA_VIOLATION, "the answer is not a JSON object");
    }

    /** Reads the list and returns how many of its elements nobody asked for. */
    private int items(JsonParser parser, @Nullable Item[] found) throws IOException {
        int foreign = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            Object element = tree(parser);
            int index = element instanceof Map<?, ?> map ? ordinal(map, found.length) : 0;
            if (index == 0 || !(element instanceof Map<?, ?> map)) {
                foreign++;
                continue;
            }
            @SuppressWarnings("unchecked") // the reader below makes maps with text keys only
            Map<String, Object> fields = (Map<String, Object>) map;
            found[index - 1] = found[index - 1] == null ? item(fields) : TWICE;
        }
        return foreign;
    }

    private static int ordinal(Map<?, ?> map, int asked) {
        return map.get("i") instanceof Long ordinal && ordinal >= 1 && ordinal <= asked
                ? ordinal.intValue()
                : 0;
    }

    private Item item(Map<String, Object> fields) {
        fields.remove("i");
        OptionalDouble confidence = OptionalDouble.empty();
        if (schema.withConfidence()) {
            confidence = OptionalDouble.of(confidence(fields.remove("confidence")));
        }
        String violation = schema.violation(fields);
        return violation == null
                ? new Item.Valid(Collections.unmodifiableMap(fields), confidence)
                : new Item.Invalid(ErrorCode.SCHEMA_VIOLATION, violation);
    }

    private static double confidence(@Nullable Object stated) {
        if (!(stated instanceof Number number)) {
            return 0;
        }
        double value = number.doubleValue();
        return value >= 0 && value <= 1 ? value : 0;
    }

    /** The value at the current token as a plain tree. */
    private static @Nullable Object tree(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                Map<String, @Nullable Object> map = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    parser.nextToken();
                    map.put(name, tree(parser));
                }
                yield map;
            }
            case START_ARRAY -> {
                List<@Nullable Object> list = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    list.add(tree(parser));
                }
                yield list;
            }
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT ->
                    parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                            ? parser.getBigIntegerValue()
                            : (Object) parser.getLongValue();
            case VALUE_NUMBER_FLOAT -> number(parser);
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case null, default -> null;
        };
    }

    /** A double where it says the same, else a decimal: digits are never lost. */
    private static Object number(JsonParser parser) throws IOException {
        double value = parser.getDoubleValue();
        if (parser.isNaN()) {
            return value;
        }
        BigDecimal exact = parser.getDecimalValue();
        return Double.isFinite(value) && BigDecimal.valueOf(value).compareTo(exact) == 0
                ? (Object) value
                : exact;
    }

    private static String unfenced(String text) {
        String bare = text.strip();
        if (!bare.startsWith("```")) {
            return bare;
        }
        int line = bare.indexOf('\n');
        int end = bare.lastIndexOf("```");
        return line > 0 && end > line ? bare.substring(line + 1, end) : bare;
    }
}
