package dev.thac.event;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Writes compact UTF-8 JSON into memory. Written by hand because every output record passes here: a
 * general generator costs more to set up than a verdict costs to write. Half a surrogate pair,
 * which JSON may carry as an escape and UTF-8 may not, stays an escape. Not thread-safe.
 */
public final class JsonWriter {

    private static final int FIRST_SIZE = 256;
    private static final int WIDEST_CHAR = 3;
    private static final int WIDEST_ESCAPE = 6;
    private static final int LONGEST_LONG = 20;
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private byte[] buffer = new byte[FIRST_SIZE];
    private int size;
    private boolean first = true;

    /**
     * Starts an object.
     *
     * @return this
     */
    public JsonWriter open() {
        ensure(1);
        buffer[size++] = '{';
        first = true;
        return this;
    }

    /**
     * Ends the object.
     *
     * @return this
     */
    public JsonWriter close() {
        ensure(1);
        buffer[size++] = '}';
        first = false;
        return this;
    }

    /**
     * Starts a member of the object: its value must come next.
     *
     * @param name the member's name
     * @return this
     */
    public JsonWriter name(String name) {
        if (!first) {
            ensure(1);
            buffer[size++] = ',';
        }
        string(name);
        ensure(1);
        buffer[size++] = ':';
        first = false;
        return this;
    }

    /**
     * Writes a tree.
     *
     * @param tree a tree as {@link Event} describes them
     * @return this
     */
    public JsonWriter value(@Nullable Object tree) {
        switch (tree) {
            case null -> ascii("null");
            case String text -> string(text);
            case Long number -> number(number);
            case Boolean bool -> ascii(bool ? "true" : "false");
            case Double number when !Double.isFinite(number) -> string(number.toString());
            case Number number -> ascii(number.toString());
            case WrittenMap written -> raw(written.json());
            case Map<?, ?> map -> map(map);
            case List<?> list -> list(list);
            default -> string(tree.toString());
        }
        return this;
    }

    private void map(Map<?, ?> map) {
        open();
        for (Map.Entry<?, ?> member : map.entrySet()) {
            name(String.valueOf(member.getKey()));
            value(member.getValue());
        }
        close();
    }

    private void raw(byte[] json) {
        ensure(json.length);
        System.arraycopy(json, 0, buffer, size, json.length);
        size += json.length;
        first = false;
    }

    private void list(List<?> list) {
        ensure(1);
        buffer[size++] = '[';
        for (int i = 0; i < list.size(); i++) {
            if (i > 0) {
                ensure(1);
                buffer[size++] = ',';
            }
            value(list.get(i));
        }
        ensure(1);
        buffer[size++] = ']';
        first = false;
    }

    /**
     * What was written.
     *
     * @return a copy
     */
    public byte[] bytes() {
        return Arrays.copyOf(buffer, size);
    }

    @Override
    public String toString() {
        return new String(buffer, 0, size, StandardCharsets.UTF_8);
    }

    private void ensure(int more) {
        if (buffer.length - size < more) {
            buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, size + more));
        }
    }

    private void ascii(String text) {
        int length = text.length();
        ensure(length);
        for (int i = 0; i < length; i++) {
            buffer[size++] = (byte) text.charAt(i);
        }
    }

    private void number(long number) {
        if (number == Long.MIN_VALUE) {
            ascii(Long.toString(number));
            return;
        }
        ensure(LONGEST_LONG);
        long rest = Math.abs(number);
        if (number < 0) {
            buffer[size++] = '-';
        }
        int digits = 1;
        for (long left = rest / 10; left > 0; left /= 10) {
            digits++;
        }
        size += digits;
        for (int i = size - 1; i >= size - digits; i--) {
            buffer[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }

    private void string(String text) {
        int length = text.length();
        ensure(length * WIDEST_CHAR + 2);
        buffer[size++] = '"';
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= ' ' && c < 0x80 && c != '"' && c != '\\') {
                buffer[size++] = (byte) c;
            } else if (c < 0x80) {
                ensure(WIDEST_ESCAPE + (length - i) * WIDEST_CHAR + 1);
                escape(c);
            } else if (c < 0x800) {
                buffer[size++] = (byte) (0xC0 | c >> 6);
                buffer[size++] = (byte) (0x80 | (c & 0x3F));
            } else if (!Character.isSurrogate(c)) {
                buffer[size++] = (byte) (0xE0 | c >> 12);
                buffer[size++] = (byte) (0x80 | (c >> 6 & 0x3F));
                buffer[size++] = (byte) (0x80 | (c & 0x3F));
            } else if (Character.isHighSurrogate(c)
                    && i + 1 < length
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                pair(Character.toCodePoint(c, text.charAt(++i)));
            } else {
                ensure(WIDEST_ESCAPE + (length - i) * WIDEST_CHAR + 1);
                unicode(c);
            }
        }
        buffer[size++] = '"';
    }

    private void pair(int point) {
        buffer[size++] = (byte) (0xF0 | point >> 18);
        buffer[size++] = (byte) (0x80 | (point >> 12 & 0x3F));
        buffer[size++] = (byte) (0x80 | (point >> 6 & 0x3F));
        buffer[size++] = (byte) (0x80 | (point & 0x3F));
    }

    private void escape(char c) {
        switch (c) {
            case '"', '\\' -> shortEscape(c);
            case '\n' -> shortEscape('n');
            case '\r' -> shortEscape('r');
            case '\t' -> shortEscape('t');
            default -> unicode(c);
        }
    }

    private void shortEscape(char c) {
        buffer[size++] = '\\';
        buffer[size++] = (byte) c;
    }

    private void unicode(char c) {
        buffer[size++] = '\\';
        buffer[size++] = 'u';
        for (int shift = 12; shift >= 0; shift -= 4) {
            buffer[size++] = HEX[c >> shift & 0xF];
        }
    }
}
