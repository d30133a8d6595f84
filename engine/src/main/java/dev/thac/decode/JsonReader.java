package dev.thac.decode;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One pass over one document. Written by hand because events are read one by one: a general parser
 * spends as long on setting up, on events for every token and on copying text as this takes in all.
 * Its oracle in the tests is Jackson.
 */
final class JsonReader {

    /** Nesting beyond this is refused: every stage walks trees recursively. */
    static final int MAX_DEPTH = 500;

    private static final int COMPACT_MEMBERS = 16;
    private static final int FIRST_MEMBERS = 6;
    private static final int BOM_LENGTH = 3;
    private static final int HASH = 31;

    private final byte[] bytes;
    private final NameTable names;
    private int at;
    private int depth;

    JsonReader(byte[] bytes, NameTable names) {
        this.bytes = bytes;
        this.names = names;
    }

    /** The whole document. */
    @Nullable Object document() throws MalformedException {
        if (bytes.length >= BOM_LENGTH
                && bytes[0] == (byte) 0xEF
                && bytes[1] == (byte) 0xBB
                && bytes[2] == (byte) 0xBF) {
            at = BOM_LENGTH;
        }
        skipSpace();
        Object value = value();
        skipSpace();
        if (at < bytes.length) {
            throw malformed("more after the JSON value");
        }
        return value;
    }

    private MalformedException malformed(String message) {
        return new MalformedException(
                at < bytes.length ? message : "the JSON ends in the middle", at);
    }

    private void skipSpace() {
        while (at < bytes.length) {
            byte b = bytes[at];
            if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
                return;
            }
            at++;
        }
    }

    private int peek() {
        return at < bytes.length ? bytes[at] : -1;
    }

    private @Nullable Object value() throws MalformedException {
        return switch (peek()) {
            case '"' -> {
                at++;
                yield string();
            }
            case '{' -> object();
            case '[' -> array();
            case 't' -> literal("true", true);
            case 'f' -> literal("false", false);
            case 'n' -> literal("null", null);
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
            default -> throw malformed("a JSON value must stand here");
        };
    }

    private @Nullable Object literal(String word, @Nullable Object meaning)
            throws MalformedException {
        for (int i = 0; i < word.length(); i++) {
            if (peek() != word.charAt(i)) {
                throw malformed("a JSON value must stand here");
            }
            at++;
        }
        return meaning;
    }

    private Object number() throws MalformedException {
        int start = at;
        boolean negative = bytes[at] == '-';
        if (negative) {
            at++;
        }
        int first = at;
        long digits = 0;
        while (at < bytes.length && bytes[at] >= '0' && bytes[at] <= '9') {
            digits = digits * 10 + (bytes[at++] - '0');
        }
        int whole = at - first;
        if (whole == 0 || (whole > 1 && bytes[first] == '0')) {
            at = first;
            throw malformed("a number must have digits and no leading zero");
        }
        int next = peek();
        if (next != '.' && next != 'e' && next != 'E') {
            return whole <= JsonNumber.SAFE_DIGITS
                    ? (Object) (negative ? -digits : digits)
                    : JsonNumber.whole(bytes, start, at);
        }
        int point = at;
        if (next == '.') {
            at++;
            while (at < bytes.length && bytes[at] >= '0' && bytes[at] <= '9') {
                digits = digits * 10 + (bytes[at++] - '0');
            }
            if (at == point + 1) {
                throw malformed("a decimal point needs digits after it");
            }
        }
        int decimals = next == '.' ? at - point - 1 : 0;
        next = peek();
        if (next != 'e' && next != 'E') {
            return whole + decimals <= JsonNumber.EXACT_DIGITS
                    ? (Object) JsonNumber.decimal(negative, digits, decimals)
                    : JsonNumber.any(bytes, start, at);
        }
        at++;
        if (peek() == '+' || peek() == '-') {
            at++;
        }
        int exponent = at;
        while (at < bytes.length && bytes[at] >= '0' && bytes[at] <= '9') {
            at++;
        }
        if (at == exponent) {
            throw malformed("an exponent needs digits");
        }
        return JsonNumber.any(bytes, start, at);
    }

    private List<@Nullable Object> array() throws MalformedException {
        enter();
        List<@Nullable Object> list = new ArrayList<>();
        skipSpace();
        if (peek() == ']') {
            at++;
        } else {
            while (true) {
                list.add(value());
                skipSpace();
                if (peek() == ']') {
                    at++;
                    break;
                }
                expect(',');
                skipSpace();
            }
        }
        depth--;
        return list;
    }

    private void enter() throws MalformedException {
        if (++depth > MAX_DEPTH) {
            throw malformed("nested deeper than " + MAX_DEPTH);
        }
        at++;
    }

    private void expect(char wanted) throws MalformedException {
        if (peek() != wanted) {
            throw malformed("'" + wanted + "' must stand here");
        }
        at++;
    }

    private Map<String, @Nullable Object> object() throws MalformedException {
        enter();
        skipSpace();
        if (peek() == '}') {
            at++;
            depth--;
            return Map.of();
        }
        @Nullable Object[] pairs = new Object[FIRST_MEMBERS * 2];
        int size = 0;
        while (true) {
            expect('"');
            String name = name();
            skipSpace();
            expect(':');
            skipSpace();
            Object value = value();
            int same = indexOf(pairs, size, name);
            if (same >= 0) {
                pairs[same + 1] = value;
            } else {
                if (size == pairs.length) {
                    pairs = Arrays.copyOf(pairs, size * 2);
                }
                pairs[size] = name;
                pairs[size + 1] = value;
                size += 2;
            }
            skipSpace();
            if (peek() == '}') {
                at++;
                depth--;
                return new CompactMap(pairs, size);
            }
            expect(',');
            skipSpace();
            if (size == COMPACT_MEMBERS * 2) {
                return largeObject(pairs);
            }
        }
    }

    /** Goes on with an object whose first members fill {@code pairs}. */
    private Map<String, @Nullable Object> largeObject(@Nullable Object[] pairs)
            throws MalformedException {
        Map<String, @Nullable Object> members = new LinkedHashMap<>(pairs.length);
        for (int i = 0; i < COMPACT_MEMBERS * 2; i += 2) {
            members.put(String.valueOf(pairs[i]), pairs[i + 1]);
        }
        while (true) {
            expect('"');
            String name = name();
            skipSpace();
            expect(':');
            skipSpace();
            members.put(name, value());
            skipSpace();
            if (peek() == '}') {
                at++;
                depth--;
                return members;
            }
            expect(',');
            skipSpace();
        }
    }

    private static int indexOf(@Nullable Object[] pairs, int size, String name) {
        for (int i = 0; i < size; i += 2) {
            if (name.equals(pairs[i])) {
                return i;
            }
        }
        return -1;
    }

    /** A member's name, after its opening quote. */
    private String name() throws MalformedException {
        int start = at;
        int hash = 0;
        while (at < bytes.length) {
            byte b = bytes[at];
            if (b == '"') {
                return names.name(bytes, start, at++, hash);
            }
            if (b < ' ' || b == '\\') {
                at = start;
                return string();
            }
            hash = hash * HASH + b;
            at++;
        }
        throw malformed("");
    }

    /** A string, after its opening quote. */
    private String string() throws MalformedException {
        int start = at;
        int all = 0;
        while (at < bytes.length) {
            byte b = bytes[at];
            if (b == '"') {
                int end = at++;
                return all >= 0
                        ? new String(bytes, start, end - start, StandardCharsets.ISO_8859_1)
                        : Utf8.decode(bytes, start, end - start);
            }
            if (b == '\\') {
                return escaped(start);
            }
            if (b >= 0 && b < ' ') {
                throw malformed("a control character must be escaped");
            }
            all |= b;
            at++;
        }
        throw malformed("");
    }

    /** Goes on with a string in which {@code at} is its first escape. */
    private String escaped(int start) throws MalformedException {
        StringBuilder text = new StringBuilder();
        int from = start;
        while (at < bytes.length) {
            byte b = bytes[at];
            if (b == '"') {
                text.append(Utf8.decode(bytes, from, at - from));
                at++;
                return text.toString();
            }
            if (b == '\\') {
                text.append(Utf8.decode(bytes, from, at - from));
                at++;
                text.append(escape());
                from = at;
            } else if (b >= 0 && b < ' ') {
                throw malformed("a control character must be escaped");
            } else {
                at++;
            }
        }
        throw malformed("");
    }

    private char escape() throws MalformedException {
        int kind = peek();
        at++;
        return switch (kind) {
            case '"', '\\', '/' -> (char) kind;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> hex();
            default -> {
                at--;
                throw malformed("no such escape");
            }
        };
    }

    private char hex() throws MalformedException {
        int unit = 0;
        for (int i = 0; i < 4; i++) {
            int digit = Character.digit(peek(), 16);
            if (digit < 0) {
                throw malformed("\\u needs four hexadecimal digits");
            }
            unit = unit << 4 | digit;
            at++;
        }
        return (char) unit;
    }
}
