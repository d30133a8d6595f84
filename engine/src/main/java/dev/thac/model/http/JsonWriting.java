package dev.thac.model.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Writes request bodies as a stream, without a tree in between. */
public final class JsonWriting {

    /**
     * For parsers, too. Thread-safe. Its buffers are pooled: those of a thread would be made anew
     * on each virtual one.
     */
    public static final JsonFactory FACTORY =
            JsonFactory.builder().recyclerPool(JsonRecyclerPools.newConcurrentDequePool()).build();

    private static final int USUAL_BYTES = 8192;

    private JsonWriting() {}

    /** What to write. */
    public interface Body {

        /**
         * Writes one JSON value.
         *
         * @param json where to
         * @throws IOException never, in memory
         */
        void write(JsonGenerator json) throws IOException;
    }

    /**
     * Writes to memory.
     *
     * @param body what
     * @return UTF-8
     */
    public static byte[] bytes(Body body) {
        try (ByteArrayBuilder out = new ByteArrayBuilder(USUAL_BYTES)) {
            try (JsonGenerator json = FACTORY.createGenerator(out)) {
                body.write(json);
            }
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException("a request body could not be written", e);
        }
    }
}
