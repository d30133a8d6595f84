package dev.thac.decode;

import org.jspecify.annotations.Nullable;

/** Reads JSON documents into trees. Thread-safe: what is shared is the table of names. */
final class JsonTrees {

    private final NameTable names = new NameTable();

    /**
     * Reads one document, strictly: RFC 8259, UTF-8, nothing after the value. Of a name that
     * repeats in an object the last value counts.
     */
    @Nullable Object read(byte[] document) throws MalformedException {
        return new JsonReader(document, names).document();
    }
}
