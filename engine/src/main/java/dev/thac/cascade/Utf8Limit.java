package dev.thac.cascade;

/**
 * Cuts texts to a number of bytes in UTF-8, never inside a character.
 *
 * @param bytes most bytes kept
 */
record Utf8Limit(long bytes) {

    private static final int MOST_BYTES_PER_CHAR = 3;

    String cut(String text) {
        if ((long) text.length() * MOST_BYTES_PER_CHAR <= bytes) {
            return text;
        }
        long used = 0;
        int end = 0;
        while (end < text.length()) {
            int codePoint = text.codePointAt(end);
            used += size(codePoint);
            if (used > bytes) {
                return text.substring(0, end);
            }
            end += Character.charCount(codePoint);
        }
        return text;
    }

    private static int size(int codePoint) {
        if (codePoint < 0x80) {
            return 1;
        }
        if (codePoint < 0x800) {
            return 2;
        }
        return codePoint < 0x10000 ? 3 : 4;
    }
}
