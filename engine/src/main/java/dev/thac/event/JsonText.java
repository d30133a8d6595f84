package dev.thac.event;

import org.jspecify.annotations.Nullable;

/** Trees, as {@link Event} describes them, as compact JSON. Thread-safe. */
public final class JsonText {

    private JsonText() {}

    /**
     * The tree as UTF-8 JSON.
     *
     * @param tree a tree
     * @return the bytes
     */
    public static byte[] bytes(@Nullable Object tree) {
        return new JsonWriter().value(tree).bytes();
    }

    /**
     * The tree as JSON text.
     *
     * @param tree a tree
     * @return the text
     */
    public static String text(@Nullable Object tree) {
        return new JsonWriter().value(tree).toString();
    }
}
