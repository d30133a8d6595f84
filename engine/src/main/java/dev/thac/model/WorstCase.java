package dev.thac.model;

import dev.thac.event.JsonText;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * An upper bound of the input tokens of a request: no tokenizer makes more tokens of a text than it
 * has bytes. Thread-safe.
 */
final class WorstCase {

    /** Names, roles and the provider's own words around what we send. */
    private static final long ENVELOPE = 1024;

    /** The schema stays the same from call to call. */
    private volatile @Nullable Sized last;

    private record Sized(Map<String, Object> schema, long bytes) {}

    /** At most so many input tokens. */
    long inputTokens(ModelRequest request) {
        return bytes(request.instructions())
                + bytes(request.content())
                + schema(request.answerSchema())
                + ENVELOPE;
    }

    @SuppressWarnings("ReferenceEquality") // a tier asks with the same schema each time
    private long schema(Map<String, Object> schema) {
        Sized known = last;
        if (known == null || known.schema() != schema) {
            known = new Sized(schema, bytes(JsonText.text(schema)));
            last = known;
        }
        return known.bytes();
    }

    private static long bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
