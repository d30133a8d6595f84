package dev.thac.expression;

/** Case of ASCII letters only; all else stays. */
final class AsciiCase {

    private static final int DISTANCE = 'a' - 'A';

    private AsciiCase() {}

    static String lower(String text) {
        return shift(text, 'A', 'Z', DISTANCE);
    }

    static String upper(String text) {
        return shift(text, 'a', 'z', -DISTANCE);
    }

    private static String shift(String text, char from, char to, int distance) {
        int first = 0;
        while (first < text.length() && (text.charAt(first) < from || text.charAt(first) > to)) {
            first++;
        }
        if (first == text.length()) {
            return text;
        }
        char[] chars = text.toCharArray();
        for (int i = first; i < chars.length; i++) {
            if (chars[i] >= from && chars[i] <= to) {
                chars[i] += (char) distance;
            }
        }
        return new String(chars);
    }
}
