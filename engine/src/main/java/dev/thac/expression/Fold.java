package dev.thac.expression;

import java.text.Normalizer;

/**
 * Lower case without diacritics, in one pass. Precomposed (NFC) and decomposed (NFD) text fold to
 * the same: combining marks are dropped, and Latin, Greek and Cyrillic letters are reduced to their
 * base letter ({@code đ} to {@code d}, which no decomposition does). Letters of other scripts are
 * only put in lower case.
 */
final class Fold {

    private static final char DROP = 0;
    private static final int LOW_END = 0x530;
    private static final int HIGH_START = 0x1E00;
    private static final int HIGH_END = 0x2000;
    private static final char[] LOW = table(0, LOW_END);
    private static final char[] HIGH = table(HIGH_START, HIGH_END);

    private Fold() {}

    /**
     * Folds.
     *
     * @param text any text
     * @return the folded text; the same object where nothing changes and all is ASCII
     */
    static String fold(String text) {
        int length = text.length();
        int same = 0;
        while (same < length && isFoldedAscii(text.charAt(same))) {
            same++;
        }
        if (same == length) {
            return text;
        }
        char[] folded = new char[length];
        text.getChars(0, same, folded, 0);
        int size = same;
        for (int i = same; i < length; i++) {
            char c = text.charAt(i);
            if (c < LOW_END) {
                c = LOW[c];
            } else if (c >= HIGH_START && c < HIGH_END) {
                c = HIGH[c - HIGH_START];
            } else if (!Character.isSurrogate(c)) {
                c = Character.toLowerCase(c);
            }
            if (c != DROP) {
                folded[size++] = c;
            }
        }
        return new String(folded, 0, size);
    }

    private static boolean isFoldedAscii(char c) {
        return c < 0x80 && (c < 'A' || c > 'Z') && c != DROP;
    }

    private static char[] table(int from, int to) {
        char[] table = new char[to - from];
        for (int c = from; c < to; c++) {
            table[c - from] = folded((char) c);
        }
        return table;
    }

    private static char folded(char c) {
        if (c == 'đ' || c == 'Đ') {
            return 'd';
        }
        if (Character.getType(c) == Character.NON_SPACING_MARK) {
            return DROP;
        }
        String decomposed = Normalizer.normalize(String.valueOf(c), Normalizer.Form.NFD);
        char base = decomposed.charAt(0);
        boolean onlyMarks =
                decomposed
                        .chars()
                        .skip(1)
                        .allMatch(x -> Character.getType(x) == Character.NON_SPACING_MARK);
        return Character.toLowerCase(onlyMarks ? base : c);
    }
}
