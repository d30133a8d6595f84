package dev.thac.model;

import org.jspecify.annotations.Nullable;

import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Plain trees (maps, lists, texts, numbers, booleans, null) as compact JSON text, non-ASCII
 * characters as they are. Stateless.
 */
public final class JsonText {

    private static final String HEX = "0123456789abcdef";

    private JsonText() {}

    /**
     * One tree as JSON.
     *
     * @param tree the tree; numbers that JSON cannot say become null
     * @return its JSON, without white space
     */
    public static String of(@Nullable Object tree) {
        StringBuilder json = new StringBuilder();
        write(tree, json);
        return json.toString();
    }

    /**
     * Adds one tree as JSON.
     *
     * @param tree the tree; numbers that JSON cannot say become null
     * @param json where to add
     */
    public static void write(@Nullable Object tree, StringBuilder json) {
        switch (tree) {
            case null -> json.append("null");
            case String text -> quote(text, json);
            case Double number when !Double.isFinite(number) -> json.append("null");
            case Map<?, ?> map -> members(map, json);
            case List<?> list -> elements(list, json);
            default -> json.append(tree);
        }
    }

    private static void members(Map<?, ?> map, StringBuilder json) {
        json.append('{');
        Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator();
        while (entries.hasNext()) {
            Map.Entry<?, ?> entry = entries.next();
            quote(String.valueOf(entry.getKey()), json);
            json.append(':');
            write(entry.getValue(), json);
            if (entries.hasNext()) {
                json.append(',');
            }
        }
        json.append('}');
    }

    private static void elements(List<?> list, StringBuilder json) {
        json.append('[');
        for (int i = 0; i < list.size(); i++) {
            if (i > 0) {
                json.append(',');
            }
            write(list.get(i), json);
        }
        json.append(']');
    }

    private static void quote(String text, StringBuilder json) {
        json.append('"');
        int plain = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= ' ' && c != '"' && c != '\\' && !loneSurrogate(text, i)) {
                continue;
            }
            json.append(text, plain, i);
            escape(c, json);
            plain = i + 1;
        }
        json.append(text, plain, text.length()).append('"');
    }

    /** Half a pair cannot be said in UTF-8: it is escaped. */
    private static boolean loneSurrogate(String text, int index) {
        char c = text.charAt(index);
        if (!Character.isSurrogate(c)) {
            return false;
        }
        return Character.isHighSurrogate(c)
                ? index + 1 == text.length() || !Character.isLowSurrogate(text.charAt(index + 1))
                : index == 0 || !Character.isHighSurrogate(text.charAt(index - 1));
    }

    private static void escape(char c, StringBuilder json) {
        switch (c) {
            case '"' -> json.append("\\\"");
            case '\\' -> json.append("\\\\");
            case '\n' -> json.append("\\n");
            case '\r' -> json.append("\\r");
            case '\t' -> json.append("\\t");
            default ->
                    json.append("\\u")
                            .append(HEX.charAt(c >> 12 & 0xf))
                            .append(HEX.charAt(c >> 8 & 0xf))
                            .append(HEX.charAt(c >> 4 & 0xf))
                            .append(HEX.charAt(c & 0xf));
        }
    }
}
