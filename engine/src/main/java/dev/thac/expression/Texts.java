package dev.thac.expression;

import org.jspecify.annotations.Nullable;

/**
 * The functions of CEL's string extension that expressions use most, on values as they are; places
 * count in code points. (cel-go, ext/strings, documents what each does.) Every method returns a
 * value or a {@link Fault}.
 */
final class Texts {

    private static final Fault NO_SUBSTRING = Fault.noOverload("substring");
    private static final Fault NO_REPLACE = Fault.noOverload("replace");
    private static final Fault OUTSIDE = new Fault("substring() outside of the text");

    private Texts() {}

    static Object substring(@Nullable Object text, @Nullable Object from) {
        return text instanceof String whole && from instanceof Long start
                ? cut(whole, start, Long.MAX_VALUE)
                : NO_SUBSTRING;
    }

    static Object substring(@Nullable Object text, @Nullable Object from, @Nullable Object until) {
        if (!(text instanceof String whole)
                || !(from instanceof Long start)
                || !(until instanceof Long end)) {
            return NO_SUBSTRING;
        }
        return start > end || end == Long.MAX_VALUE ? OUTSIDE : cut(whole, start, end);
    }

    /** Up to the end where that is the largest number there is. */
    private static Object cut(String text, long from, long until) {
        if (from < 0 || from > text.length()) {
            return OUTSIDE;
        }
        boolean toEnd = until == Long.MAX_VALUE;
        if (!toEnd && until > text.length()) {
            return OUTSIDE;
        }
        try {
            int start = text.offsetByCodePoints(0, (int) from);
            return toEnd
                    ? text.substring(start)
                    : text.substring(start, text.offsetByCodePoints(start, (int) (until - from)));
        } catch (IndexOutOfBoundsException _) { // fewer code points than characters
            return OUTSIDE;
        }
    }

    static Object replace(@Nullable Object text, @Nullable Object old, @Nullable Object fresh) {
        return text instanceof String whole
                        && old instanceof String part
                        && fresh instanceof String other
                ? whole.replace(part, other)
                : NO_REPLACE;
    }

    static String trim(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && white(text.charAt(start))) {
            start++;
        }
        while (end > start && white(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    /** Unicode's White_Space, all of which is below U+10000. */
    private static boolean white(char c) {
        if (c <= ' ') {
            return c == ' ' || between('\t', c, '\r');
        }
        return switch (c) {
            case '\u0085', '\u00a0', '\u1680', '\u2028', '\u2029', '\u202f', '\u205f', '\u3000' ->
                    true;
            default -> between('\u2000', c, '\u200a');
        };
    }

    private static boolean between(char first, char c, char last) {
        return first <= c && c <= last;
    }
}
