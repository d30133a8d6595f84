package dev.thac.testkit.simulator;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/**
 * A request's JSON, save that the value of a field {@code schema} stays bytes: schemas are large,
 * repeat from call to call and are looked up by their bytes.
 *
 * @param tree the rest; {@code schema} is null in it
 * @param schema the schema's bytes; empty when there is none
 */
record RequestBody(JsonNode tree, Optional<Bytes> schema) {

    private static final JsonFactory FACTORY = new ObjectMapper().getFactory();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** Bytes that compare by content. */
    static final class Bytes {

        private final byte[] content;
        private final int hash;

        Bytes(byte[] content) {
            this.content = content;
            this.hash = Arrays.hashCode(content);
        }

        byte[] content() {
            return content;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Bytes bytes && Arrays.equals(content, bytes.content);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    /**
     * Reads a body.
     *
     * @throws IOException if it is no JSON
     */
    static RequestBody read(byte[] body) throws IOException {
        Reader reader = new Reader(body);
        try (JsonParser parser = FACTORY.createParser(body)) {
            parser.nextToken();
            JsonNode tree = reader.tree(parser);
            if (parser.nextToken() != null) {
                throw new IOException("more than one JSON value");
            }
            return new RequestBody(tree, reader.schema);
        }
    }

    private static final class Reader {

        private final byte[] body;
        private Optional<Bytes> schema = Optional.empty();

        Reader(byte[] body) {
            this.body = body;
        }

        JsonNode tree(JsonParser parser) throws IOException {
            JsonToken token = parser.currentToken();
            if (token == JsonToken.START_OBJECT) {
                return object(parser);
            }
            if (token == JsonToken.START_ARRAY) {
                ArrayNode array = NODES.arrayNode();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    array.add(tree(parser));
                }
                return array;
            }
            if (token == null) {
                throw new IOException("the body is empty");
            }
            return switch (token) {
                case VALUE_STRING -> NODES.textNode(parser.getText());
                case VALUE_NUMBER_INT -> NODES.numberNode(parser.getLongValue());
                case VALUE_NUMBER_FLOAT -> NODES.numberNode(parser.getDoubleValue());
                case VALUE_TRUE -> NODES.booleanNode(true);
                case VALUE_FALSE -> NODES.booleanNode(false);
                default -> NODES.nullNode();
            };
        }

        private ObjectNode object(JsonParser parser) throws IOException {
            ObjectNode object = NODES.objectNode();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (name.equals("schema") && value == JsonToken.START_OBJECT) {
                    int from = (int) parser.currentTokenLocation().getByteOffset();
                    parser.skipChildren();
                    int to = (int) parser.currentLocation().getByteOffset();
                    schema = Optional.of(new Bytes(Arrays.copyOfRange(body, from, to)));
                    object.putNull(name);
                } else {
                    object.set(name, tree(parser));
                }
            }
            return object;
        }
    }
}
