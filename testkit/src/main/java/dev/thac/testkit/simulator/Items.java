package dev.thac.testkit.simulator;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the items in a user message: {@code {"items":[{"i":1,"input":"…"}]}}, or the whole text.
 */
final class Items {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final JsonFactory FACTORY = MAPPER.getFactory();

    private Items() {}

    /**
     * One item.
     *
     * @param ordinal as JSON
     * @param input its text; JSON if it is no text
     */
    record Item(String ordinal, String input) {}

    /** The items of a message; a message that holds none is one item itself. */
    static List<Item> of(String content) {
        if (content.stripLeading().startsWith("{")) {
            try (JsonParser parser = FACTORY.createParser(content)) {
                List<Item> items = read(parser);
                if (!items.isEmpty()) {
                    return items;
                }
            } catch (IOException _) {
                // Text that begins like JSON and is not: one item.
                return List.of(new Item("1", content));
            }
        }
        return List.of(new Item("1", content));
    }

    private static List<Item> read(JsonParser parser) throws IOException {
        List<Item> items = new ArrayList<>();
        parser.nextToken();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            boolean list = parser.currentName().equals("items");
            JsonToken value = parser.nextToken();
            if (!list || value != JsonToken.START_ARRAY) {
                parser.skipChildren();
                continue;
            }
            while (parser.nextToken() == JsonToken.START_OBJECT) {
                items.add(item(parser, items.size() + 1));
            }
        }
        return items;
    }

    private static Item item(JsonParser parser, int position) throws IOException {
        String ordinal = Integer.toString(position);
        String input = "";
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (name.equals("i")) {
                ordinal =
                        value == JsonToken.VALUE_NUMBER_INT
                                ? parser.getText()
                                : MAPPER.writeValueAsString(parser.getText());
            } else if (name.equals("input")) {
                input =
                        value == JsonToken.VALUE_STRING
                                ? parser.getText()
                                : MAPPER.readTree(parser).toString();
            } else {
                parser.skipChildren();
            }
        }
        return new Item(ordinal, input);
    }
}
