package dev.thac.spec;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds what someone probably meant to write. Stateless. */
public final class Spelling {

    /** So many letters at the start of a word tell it, as in {@code int} for integer. */
    private static final int SHORTEST_START = 3;

    private Spelling() {}

    /**
     * The candidate nearest to a word: same letters with other case, hyphens or underscores, else a
     * word it begins, else the smallest edit distance (insert, delete, replace, swap of
     * neighbours), if it is small for the length of the word.
     *
     * @param word what was written
     * @param candidates what is valid, in order of preference
     * @return the nearest; empty when nothing is near
     */
    public static Optional<String> nearest(String word, Collection<String> candidates) {
        String plain = plain(word);
        int best = longest(plain.length()) + 1;
        Optional<String> nearest = Optional.empty();
        for (String candidate : candidates) {
            String target = plain(candidate);
            int distance =
                    plain.length() >= SHORTEST_START && target.startsWith(plain)
                            ? Math.min(1, target.length() - plain.length())
                            : distance(plain, target);
            if (distance < best) {
                best = distance;
                nearest = Optional.of(candidate);
            }
        }
        return nearest;
    }

    /**
     * Advice that names the nearest candidate, or all of them when nothing is near.
     *
     * @param word what was written
     * @param candidates what is valid
     * @param noun what the candidates are, plural, for example {@code keys}
     * @return one sentence
     */
    public static String advice(String word, Collection<String> candidates, String noun) {
        return nearest(word, candidates)
                .map(candidate -> "did you mean \"" + candidate + "\"?")
                .orElseGet(
                        () ->
                                candidates.isEmpty()
                                        ? "there are no " + noun
                                        : "the " + noun + " are " + String.join(", ", candidates));
    }

    private static int longest(int length) {
        if (length <= 2) {
            return length - 1;
        }
        return length <= 5 ? 2 : Math.min(4, 1 + length / 3);
    }

    private static String plain(String word) {
        return word.replaceAll("[-_. ]", "").toLowerCase(Locale.ROOT);
    }

    /** Optimal string alignment distance; three rows are enough. */
    private static int distance(String from, String to) {
        int[] before = new int[to.length() + 1];
        int[] last = new int[to.length() + 1];
        int[] row = new int[to.length() + 1];
        for (int column = 0; column <= to.length(); column++) {
            last[column] = column;
        }
        for (int index = 1; index <= from.length(); index++) {
            row[0] = index;
            for (int column = 1; column <= to.length(); column++) {
                int change = from.charAt(index - 1) == to.charAt(column - 1) ? 0 : 1;
                row[column] =
                        Math.min(
                                Math.min(row[column - 1] + 1, last[column] + 1),
                                last[column - 1] + change);
                if (index > 1
                        && column > 1
                        && from.charAt(index - 1) == to.charAt(column - 2)
                        && from.charAt(index - 2) == to.charAt(column - 1)) {
                    row[column] = Math.min(row[column], before[column - 2] + 1);
                }
            }
            int[] spare = before;
            before = last;
            last = row;
            row = spare;
        }
        return last[to.length()];
    }
}
