package dev.thac.testkit.answer;

import java.text.Normalizer;
import java.util.Arrays;

/**
 * A text as hashes of its words: as written (lower case), and folded (lower case without
 * diacritics). Runs of three or more equal letters count as one, so {@code quáááá} is {@code quá}.
 *
 * <p>Words are compared by 64-bit hash only: with a lexicon of a few thousand phrases a false match
 * is rarer than one in 10<sup>15</sup> words.
 */
final class Words {

    private static final int TABLE = 0x2000;
    private static final char[] FOLDED = foldTable();
    private static final long BASIS = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;
    private static final int STEM = 5;

    /** How many words there are. */
    int count;

    /** Each word as written, in lower case. */
    long[] written = new long[32];

    /** Each word's first five letters without diacritics: a crude stem. */
    long[] stem = new long[32];

    /** The number of the clause each word stands in; punctuation ends one. */
    int[] clause = new int[32];

    /** Whether any letter carries a diacritic, as Vietnamese does. */
    boolean accented;

    private final char[] buffer = new char[64];
    private int length;

    /**
     * Splits a text.
     *
     * @param text in any Unicode normal form
     */
    Words(String text) {
        String composed = composed(text);
        int at = 0;
        int current = 0;
        while (at < composed.length()) {
            char c = composed.charAt(at);
            if (Character.isLetterOrDigit(c) || (c == '+' && length > 0)) {
                append(Character.toLowerCase(c));
            } else if (c == '\'' || c == '’') {
                append('\'');
            } else {
                finish(current);
                if (symbol(c)) {
                    append(c);
                    if (Character.isHighSurrogate(c) && at + 1 < composed.length()) {
                        append(composed.charAt(++at));
                    }
                    finish(current);
                } else if (!Character.isWhitespace(c) && c != '_' && c != '-') {
                    current++;
                }
            }
            at++;
        }
        finish(current);
    }

    /**
     * The hash of several words in a row.
     *
     * @param soFar the hash of the words before, 0 for none
     * @param word the next word's hash
     */
    static long join(long soFar, long word) {
        return (soFar * 31 + word) * PRIME ^ (soFar >>> 29);
    }

    /** Lower case without diacritics; {@code đ} becomes {@code d}. */
    static String fold(String text) {
        String composed = composed(text);
        StringBuilder folded = new StringBuilder(composed.length());
        for (int i = 0; i < composed.length(); i++) {
            folded.append(fold(Character.toLowerCase(composed.charAt(i))));
        }
        return folded.toString();
    }

    private static char fold(char lower) {
        return lower < TABLE ? FOLDED[lower] : lower;
    }

    private static boolean symbol(char c) {
        return Character.isHighSurrogate(c) || (c >= 0x2600 && c < 0x27C0) || c == '♥';
    }

    /** Only decomposed text pays for normalisation. */
    private static String composed(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x300 && c < 0x370) {
                return Normalizer.normalize(text, Normalizer.Form.NFC);
            }
        }
        return text;
    }

    private void append(char c) {
        if (length < buffer.length) {
            buffer[length++] = c;
        }
    }

    private void finish(int inClause) {
        if (length == 0) {
            return;
        }
        if (count == written.length) {
            written = Arrays.copyOf(written, count * 2);
            stem = Arrays.copyOf(stem, count * 2);
            clause = Arrays.copyOf(clause, count * 2);
        }
        long hash = BASIS;
        long stemHash = BASIS;
        int letters = 0;
        for (int i = 0; i < length; i++) {
            char c = buffer[i];
            if (repeated(i)) {
                continue;
            }
            hash = (hash ^ c) * PRIME;
            char bare = fold(c);
            accented |= bare != c;
            if (letters++ < STEM) {
                stemHash = (stemHash ^ bare) * PRIME;
            }
        }
        written[count] = hash;
        stem[count] = stemHash;
        clause[count] = inClause;
        count++;
        length = 0;
    }

    private boolean repeated(int i) {
        char c = buffer[i];
        if (i == 0 || buffer[i - 1] != c || !Character.isLetter(c)) {
            return false;
        }
        return (i > 1 && buffer[i - 2] == c) || (i + 1 < length && buffer[i + 1] == c);
    }

    private static char[] foldTable() {
        char[] table = new char[TABLE];
        for (char c = 0; c < TABLE; c++) {
            String parts = Normalizer.normalize(String.valueOf(c), Normalizer.Form.NFD);
            char base = Character.toLowerCase(parts.charAt(0));
            table[c] = base == 'đ' ? 'd' : base;
        }
        return table;
    }
}
