package dev.thac.event;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;

/**
 * One record header. Keys may repeat in a record; order is kept. The value array is shared, never
 * changed.
 *
 * @param key the header's name
 * @param value its bytes; {@code null} where the producer sent none
 */
@SuppressWarnings("ArrayRecordComponent")
public record Header(String key, byte @Nullable [] value) {

    /**
     * A header with UTF-8 text.
     *
     * @param key the header's name
     * @param text its value
     * @return the header
     */
    public static Header text(String key, String text) {
        return new Header(key, text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The value as UTF-8 text.
     *
     * @return the text; empty where there are no bytes
     */
    public String text() {
        return value == null ? "" : new String(value, StandardCharsets.UTF_8);
    }
}
