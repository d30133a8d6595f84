package dev.thac.model;

import org.jspecify.annotations.Nullable;

/**
 * A JSON Schema compiled to a check over plain trees (maps, lists, texts, numbers, booleans, null).
 * Thread-safe.
 */
public interface SchemaCheck {

    /** Anything is fine. */
    SchemaCheck ANYTHING = value -> null;

    /**
     * Looks whether a value keeps to the schema.
     *
     * @param value the value
     * @return {@code null} when it does; else what is wrong, with the path inside the value and
     *     without the value itself
     */
    @Nullable String violation(@Nullable Object value);

    /**
     * Compiles a schema: the common keywords of draft 2020-12 to code of our own, anything else
     * through a complete but slower validator.
     *
     * @param schema a map, or {@code true} or {@code false}
     * @return the check
     * @throws IllegalArgumentException when it is no schema; the message says what is wrong
     */
    static SchemaCheck of(Object schema) {
        return SchemaCompiler.compile(schema);
    }
}
