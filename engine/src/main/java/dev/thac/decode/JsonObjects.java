package dev.thac.decode;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;

/**
 * Edits the bytes of a JSON object at its top level and leaves all others as they are: numbers,
 * spaces and escapes stay exactly as the producer wrote them. Takes documents only that were
 * decoded before, and checks nothing again.
 */
public final class JsonObjects {

    private static final byte BOM = (byte) 0xEF;
    private static final int BOM_LENGTH = 3;

    private JsonObjects() {}

    /**
     * Adds members at the end.
     *
     * @param object a valid document that is an object
     * @param additions another, as written without spaces at its ends; may be empty
     * @return both in one; one of the arguments where the other is empty
     */
    public static byte[] with(byte[] object, byte[] additions) {
        int added = additions.length - 2;
        if (added == 0) {
            return object;
        }
        int close = object.length - 1;
        while (object[close] != '}') {
            close--;
        }
        int last = close - 1;
        while (isSpace(object[last])) {
            last--;
        }
        int comma = object[last] == '{' ? 0 : 1;
        byte[] both = Arrays.copyOf(object, object.length + comma + added);
        if (comma == 1) {
            both[close] = ',';
        }
        System.arraycopy(additions, 1, both, close + comma, added);
        System.arraycopy(object, close, both, close + comma + added, object.length - close);
        return both;
    }

    /**
     * Removes members, however often they stand there and however they are escaped.
     *
     * @param object a valid document that is an object
     * @param names which
     * @return the rest; the same array where there is none of them
     */
    public static byte[] without(byte[] object, Set<String> names) {
        Cursor cursor = new Cursor(object);
        ByteArrayOutputStream rest = new ByteArrayOutputStream(object.length);
        boolean removed = false;
        cursor.at = object[0] == BOM ? BOM_LENGTH : 0;
        cursor.skipSpace();
        cursor.at++;
        rest.write(object, 0, cursor.at);
        int head = rest.size();
        cursor.skipSpace();
        while (object[cursor.at] != '}') {
            int start = cursor.at;
            String name = cursor.name();
            cursor.skipSpace();
            cursor.at++;
            cursor.skipSpace();
            cursor.skipValue();
            if (names.contains(name)) {
                removed = true;
            } else {
                if (rest.size() > head) {
                    rest.write(',');
                }
                rest.write(object, start, cursor.at - start);
            }
            cursor.skipSpace();
            if (object[cursor.at] == ',') {
                cursor.at++;
                cursor.skipSpace();
            }
        }
        if (!removed) {
            return object;
        }
        rest.write(object, cursor.at, object.length - cursor.at);
        return rest.toByteArray();
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    /** A place in a valid document. */
    private static final class Cursor {
        private final byte[] bytes;
        private int at;

        Cursor(byte[] bytes) {
            this.bytes = bytes;
        }

        void skipSpace() {
            while (isSpace(bytes[at])) {
                at++;
            }
        }

        String name() {
            int start = at;
            boolean escaped = skipString();
            if (!escaped) {
                return new String(bytes, start + 1, at - start - 2, StandardCharsets.UTF_8);
            }
            byte[] text = Arrays.copyOfRange(bytes, start, at);
            try {
                return String.valueOf(new JsonReader(text, new NameTable()).document());
            } catch (MalformedException malformed) {
                throw new IllegalArgumentException("the document was not decoded", malformed);
            }
        }

        /** Goes behind a string; returns whether it has escapes. */
        private boolean skipString() {
            boolean escaped = false;
            at++;
            while (bytes[at] != '"') {
                if (bytes[at] == '\\') {
                    escaped = true;
                    at++;
                }
                at++;
            }
            at++;
            return escaped;
        }

        void skipValue() {
            int depth = 0;
            while (true) {
                switch (bytes[at]) {
                    case '"' -> skipString();
                    case '{', '[' -> {
                        depth++;
                        at++;
                    }
                    case '}', ']' -> {
                        depth--;
                        at++;
                    }
                    default -> at++;
                }
                byte next = bytes[at];
                if (depth == 0 && (next == ',' || next == '}' || isSpace(next))) {
                    return;
                }
            }
        }
    }
}
