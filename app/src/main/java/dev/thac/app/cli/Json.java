package dev.thac.app.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;

import org.jspecify.annotations.Nullable;

/** JSON in and out of plain trees, as the commands and the HTTP API print it. */
public final class Json {

    private static final ObjectMapper MAPPER =
            JsonMapper.builder()
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private Json() {}

    /**
     * One line.
     *
     * @param tree maps, lists and scalars
     * @return compact JSON
     */
    public static String line(@Nullable Object tree) {
        try {
            return MAPPER.writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a JSON tree: " + e.getOriginalMessage(), e);
        }
    }

    /**
     * Several lines, indented.
     *
     * @param tree maps, lists and scalars
     * @return JSON for people
     */
    public static String pretty(@Nullable Object tree) {
        try {
            return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a JSON tree: " + e.getOriginalMessage(), e);
        }
    }

    /**
     * Reads one value.
     *
     * @param text JSON
     * @return maps in document order, lists and scalars
     * @throws JsonProcessingException when it is no JSON
     */
    public static @Nullable Object read(String text) throws JsonProcessingException {
        return MAPPER.readValue(text, Object.class);
    }
}
