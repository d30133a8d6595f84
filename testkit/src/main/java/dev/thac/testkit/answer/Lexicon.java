package dev.thac.testkit.answer;

import org.jspecify.annotations.Nullable;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The phrases the heuristic knows, from {@code lexicon.txt}, found by the hash of their words. */
final class Lexicon {

    // Before BUNDLED, whose loading needs it.
    private static final Entry[] NONE = {};

    /** The one lexicon; immutable once loaded. */
    static final Lexicon BUNDLED = load();

    /** The longest phrase, in words. */
    static final int LONGEST = 5;

    /** What a phrase is. */
    enum Kind {
        SENTIMENT,
        CONCEPT,
        STOP,
        NEGATE,
        INTENSIFY,
        SOFTEN,
        CONTRAST,
        QUESTION,
        POLE
    }

    /** Which texts a phrase counts in. */
    enum Language {
        VI,
        EN,
        ANY
    }

    /**
     * One meaning of one phrase.
     *
     * @param weight of SENTIMENT and POLE; otherwise 0
     * @param concept the index of a CONCEPT; otherwise -1
     */
    record Entry(Kind kind, Language language, double weight, int concept) {

        boolean in(boolean vietnamese) {
            return switch (language) {
                case ANY -> true;
                case VI -> vietnamese;
                case EN -> !vietnamese;
            };
        }
    }

    private final Map<String, Integer> concepts = new LinkedHashMap<>();

    // Open addressing: keys[i] is a phrase's hash or 0; entries[i] its meanings, none for a mere
    // beginning of longer phrases.
    private long[] keys = new long[1 << 14];
    private Entry[][] entries = new Entry[1 << 14][];
    private int size;

    private Lexicon() {}

    /**
     * The meanings of the phrase with that hash.
     *
     * @return null if no phrase is or begins like that; empty if longer ones begin so
     */
    Entry @Nullable [] find(long hash) {
        int slot = slot(keys, hash);
        return keys[slot] == 0 ? null : entries[slot];
    }

    /** The index of a concept. */
    int concept(String name) {
        Integer index = concepts.get(name);
        if (index == null) {
            throw new IllegalArgumentException("lexicon.txt has no concept " + name);
        }
        return index;
    }

    /** The concepts' names by index. */
    List<String> concepts() {
        return List.copyOf(concepts.keySet());
    }

    private static int slot(long[] keys, long hash) {
        int mask = keys.length - 1;
        int slot = (int) (hash ^ hash >>> 32) & mask;
        while (keys[slot] != 0 && keys[slot] != hash) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private static Lexicon load() {
        Lexicon lexicon = new Lexicon();
        try (InputStream in = Lexicon.class.getResourceAsStream("lexicon.txt")) {
            if (in == null) {
                throw new IllegalStateException("lexicon.txt is not on the class path");
            }
            BufferedReader lines =
                    new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            String line = lines.readLine();
            while (line != null) {
                if (!line.isBlank() && line.charAt(0) != '#') {
                    lexicon.line(line);
                }
                line = lines.readLine();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return lexicon;
    }

    private void line(String line) {
        int colon = line.indexOf(':');
        String[] head = line.substring(0, colon).trim().split(" ", -1);
        Kind kind = Kind.valueOf(head[0].toUpperCase(Locale.ROOT));
        Language language = Language.valueOf(head[2].toUpperCase(Locale.ROOT));
        boolean weighted = kind == Kind.SENTIMENT || kind == Kind.POLE;
        double weight = weighted ? Double.parseDouble(head[1]) : 0;
        int concept =
                kind == Kind.CONCEPT
                        ? concepts.computeIfAbsent(head[1], name -> concepts.size())
                        : -1;
        Entry entry = new Entry(kind, language, weight, concept);
        for (String phrase : line.substring(colon + 1).split(";", -1)) {
            add(phrase.trim(), entry);
        }
    }

    private void add(String phrase, Entry entry) {
        boolean exact = phrase.startsWith("=");
        String text = exact ? phrase.substring(1) : phrase;
        Words written = new Words(text);
        if (written.count == 0 || written.count > LONGEST) {
            throw new IllegalStateException("lexicon.txt: no phrase of 1 to 5 words: " + phrase);
        }
        Words bare = exact ? written : new Words(Words.fold(text));
        List<Long> variants = List.of(0L);
        for (int i = 0; i < written.count; i++) {
            List<Long> longer = new ArrayList<>();
            for (long variant : variants) {
                longer.add(Words.join(variant, written.written[i]));
                if (bare.written[i] != written.written[i]) {
                    longer.add(Words.join(variant, bare.written[i]));
                }
            }
            variants = longer;
            boolean last = i == written.count - 1;
            for (long variant : variants) {
                put(variant, last ? new Entry[] {entry} : NONE);
            }
        }
    }

    private void put(long hash, Entry[] more) {
        if (size * 2 > keys.length) {
            grow();
        }
        int slot = slot(keys, hash);
        if (keys[slot] == 0) {
            keys[slot] = hash;
            entries[slot] = more;
            size++;
            return;
        }
        Entry[] old = entries[slot];
        for (Entry addition : more) {
            boolean known = false;
            for (Entry present : old) {
                // The first line that gives a phrase its sentiment stands.
                known |=
                        present.kind() == addition.kind()
                                && present.language() == addition.language()
                                && present.concept() == addition.concept();
            }
            if (!known) {
                Entry[] both = java.util.Arrays.copyOf(old, old.length + 1);
                both[old.length] = addition;
                entries[slot] = both;
                old = both;
            }
        }
    }

    private void grow() {
        long[] oldKeys = keys;
        Entry[][] oldEntries = entries;
        keys = new long[oldKeys.length * 2];
        entries = new Entry[oldKeys.length * 2][];
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != 0) {
                int slot = slot(keys, oldKeys[i]);
                keys[slot] = oldKeys[i];
                entries[slot] = oldEntries[i];
            }
        }
    }
}
