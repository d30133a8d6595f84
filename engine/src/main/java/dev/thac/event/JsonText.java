package dev.thac.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;

/** Writes trees, as {@link Event} describes them, as compact JSON. Thread-safe. */
public final class JsonText {

    private static final JsonFactory FACTORY = new JsonFactory();

    private JsonText() {}

    /**
     * The tree as UTF-8 JSON.
     *
     * @param tree a tree
     * @return the bytes
     */
    public static byte[] bytes(@Nullable Object tree) {
        try (ByteArrayBuilder target = new ByteArrayBuilder()) {
            try (JsonGenerator json = FACTORY.createGenerator(target)) {
                write(json, tree);
            }
            return target.toByteArray();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /**
     * The tree as JSON text.
     *
     * @param tree a tree
     * @return the text
     */
    public static String text(@Nullable Object tree) {
        StringWriter target = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(target)) {
            write(json, tree);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return target.toString();
    }

    /**
     * Writes the tree as the next value.
     *
     * @param json where to
     * @param tree a tree
     * @throws IOException when the target fails
     */
    public static void write(JsonGenerator json, @Nullable Object tree) throws IOException {
        switch (tree) {
            case null -> json.writeNull();
            case String text -> json.writeString(text);
            case Long number -> json.writeNumber(number);
            case Integer number -> json.writeNumber(number);
            case Double number -> json.writeNumber(number);
            case Boolean bool -> json.writeBoolean(bool);
            case BigInteger number -> json.writeNumber(number);
            case BigDecimal number -> json.writeNumber(number);
            case Map<?, ?> map -> {
                json.writeStartObject();
                for (Map.Entry<?, ?> member : map.entrySet()) {
                    json.writeFieldName(String.valueOf(member.getKey()));
                    write(json, member.getValue());
                }
                json.writeEndObject();
            }
            case List<?> list -> {
                json.writeStartArray();
                for (Object element : list) {
                    write(json, element);
                }
                json.writeEndArray();
            }
            default -> json.writeString(tree.toString());
        }
    }
}
