package dev.thac.testkit.answer;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * What the heuristic made of one text.
 *
 * @param valence from -1 (bad) to 1 (good)
 * @param evidence how much was said for or against, in units of one plain word of praise
 * @param mixed whether both praise and blame carry weight
 * @param pole the polarity the text names, as a label does: -1, 0, 1, or NaN when it names none
 * @param concepts hits per concept, by the lexicon's index
 * @param question whether it asks something
 * @param vietnamese whether it is (rather) Vietnamese than English
 * @param words its words
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, shared or changed
record Reading(
        double valence,
        double evidence,
        boolean mixed,
        double pole,
        int[] concepts,
        boolean question,
        boolean vietnamese,
        Words words) {

    /** How far a negator reaches, in words. */
    private static final int REACH = 3;

    /** What contrast does to weights: after "but" comes what counts. */
    private static final double BEFORE_CONTRAST = 0.8;

    private static final double AFTER_CONTRAST = 1.35;

    /** Hits of one concept. */
    int hits(int concept) {
        return concepts[concept];
    }

    /**
     * Reads a text.
     *
     * @param text any text; empty is fine
     */
    static Reading of(String text) {
        Words words = new Words(text);
        Scan scan = new Scan(words, words.accented || looksVietnamese(words));
        return scan.read(text);
    }

    /**
     * Reads the name of a property or a label, which may be of either language.
     *
     * @param name its words
     */
    static Reading ofName(String name) {
        Words words = new Words(name);
        Reading one = new Scan(words, true).read(name);
        Reading other = new Scan(words, false).read(name);
        for (int i = 0; i < one.concepts.length; i++) {
            one.concepts[i] += other.concepts[i];
        }
        return one;
    }

    private static boolean looksVietnamese(Words words) {
        int balance = 0;
        for (int i = 0; i < words.count; i++) {
            long hash = 0;
            for (int n = 0; n < 2 && i + n < words.count; n++) {
                hash = Words.join(hash, words.written[i + n]);
                Lexicon.Entry @Nullable [] found = Lexicon.BUNDLED.find(hash);
                if (found == null) {
                    break;
                }
                for (Lexicon.Entry entry : found) {
                    boolean counts =
                            entry.kind() == Lexicon.Kind.STOP
                                    || entry.kind() == Lexicon.Kind.SENTIMENT;
                    if (counts && entry.language() != Lexicon.Language.ANY) {
                        balance += entry.language() == Lexicon.Language.VI ? 1 : -1;
                    }
                }
            }
        }
        return balance >= 0;
    }

    /** One pass over a text; used once. */
    private static final class Scan {

        private final Words words;
        private final boolean vietnamese;
        private final int[] concepts;
        private double good;
        private double bad;
        private double pole = Double.NaN;
        private double scale = 1;
        private double emphasis = 1;
        private int emphasisEnds = -1;
        private int negatedUntil = -1;
        private int negatedClause = -1;
        private int sentimentEnds = -1;
        private int lastSign;
        private int lastEnd = -1;
        private double lastWeight;
        private boolean question;

        Scan(Words words, boolean vietnamese) {
            this.words = words;
            this.vietnamese = vietnamese;
            this.concepts = new int[Lexicon.BUNDLED.concepts().size()];
        }

        Reading read(String text) {
            for (int i = 0; i < words.count; i++) {
                at(i);
            }
            double evidence = good + bad;
            double valence = (good - bad) / (evidence + 0.8);
            boolean mixed = Math.min(good, bad) > 0.35 * Math.max(good, bad);
            boolean asks = question || text.indexOf('?') >= 0;
            return new Reading(valence, evidence, mixed, pole, concepts, asks, vietnamese, words);
        }

        private void at(int i) {
            long hash = 0;
            int longest = 0;
            double weight = 0;
            boolean negates = false;
            double emphasised = 1;
            for (int n = 0; n < Lexicon.LONGEST && i + n < words.count; n++) {
                if (words.clause[i + n] != words.clause[i]) {
                    break;
                }
                hash = Words.join(hash, words.written[i + n]);
                Lexicon.Entry @Nullable [] found = Lexicon.BUNDLED.find(hash);
                if (found == null) {
                    break;
                }
                for (Lexicon.Entry entry : found) {
                    if (!entry.in(vietnamese)) {
                        continue;
                    }
                    switch (entry.kind()) {
                        case SENTIMENT -> {
                            longest = n + 1;
                            weight = entry.weight();
                        }
                        case CONCEPT -> concepts[entry.concept()]++;
                        case POLE -> pole = Double.isNaN(pole) ? entry.weight() : pole;
                        case NEGATE -> negates = true;
                        case INTENSIFY -> emphasised = 1.4;
                        case SOFTEN -> emphasised = 0.7;
                        case CONTRAST -> contrast(i);
                        case QUESTION -> question = true;
                        case STOP -> {}
                    }
                }
            }
            if (longest > 0 && i > sentimentEnds) {
                sentiment(i, longest, weight);
            } else if (i > sentimentEnds) {
                modify(i, negates, emphasised);
            }
        }

        private void sentiment(int i, int length, double weight) {
            sentimentEnds = i + length - 1;
            if (weight == 0) {
                return;
            }
            double effective = weight * scale;
            if (emphasisEnds >= i - 1) {
                effective *= emphasis;
            }
            if (i <= negatedUntil && words.clause[i] == negatedClause) {
                // "not good" is bad; "not bad" is only fair
                effective *= weight > 0 ? -0.8 : -0.35;
                negatedUntil = -1;
            }
            if (effective > 0) {
                good += effective;
            } else {
                bad -= effective;
            }
            lastSign = effective > 0 ? 1 : -1;
            lastWeight = Math.abs(effective);
            lastEnd = sentimentEnds;
        }

        private void modify(int i, boolean negates, double emphasised) {
            if (negates) {
                negatedUntil = i + REACH;
                negatedClause = words.clause[i];
            }
            if (emphasised == 1) {
                return;
            }
            emphasis = emphasised;
            emphasisEnds = i;
            // Vietnamese also emphasises behind the word: "tốt lắm", "đẹp quá"
            if (emphasised > 1 && lastEnd == i - 1 && lastEnd >= 0 && vietnamese) {
                if (lastSign > 0) {
                    good += 0.4 * lastWeight;
                } else {
                    bad += 0.4 * lastWeight;
                }
            }
        }

        private void contrast(int i) {
            if (i > 0 && scale == 1) {
                good *= BEFORE_CONTRAST;
                bad *= BEFORE_CONTRAST;
                scale = AFTER_CONTRAST;
            }
        }
    }

    @Override
    public String toString() {
        return "Reading[valence=%.2f, evidence=%.2f, mixed=%s, concepts=%s]"
                .formatted(valence, evidence, mixed, Arrays.toString(concepts));
    }
}
