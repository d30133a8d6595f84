package dev.thac.testkit.answer;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One of a closed set of labels.
 *
 * <p>A set with a good and a bad label is answered by the text's polarity, a scale such as low,
 * medium, high by its urgency, anything else by what label and text have in common: the lexicon's
 * concepts, and words by their first five letters, rare ones weighing more.
 */
final class Choice implements Value {

    private static final Set<String> FALLBACK =
            Set.of(
                    "other",
                    "others",
                    "none",
                    "general",
                    "unknown",
                    "misc",
                    "khac",
                    "safe",
                    "ok",
                    "clean",
                    "normal",
                    "allow",
                    "allowed",
                    "legit",
                    "binh thuong",
                    "accept",
                    "approve",
                    "approved",
                    "pass",
                    "no",
                    "khong",
                    "irrelevant",
                    "benign");
    private static final List<List<String>> SCALES =
            List.of(
                    List.of("low", "thap", "minor", "p3", "p4"),
                    List.of("medium", "normal", "moderate", "trung binh", "p2", "mid"),
                    List.of("high", "cao", "major", "p1", "severe"),
                    List.of("critical", "urgent", "khan cap", "p0", "blocker", "highest"));
    private static final Set<String> RISKY =
            Set.of(
                    "block",
                    "suspicious",
                    "fraud",
                    "fraudulent",
                    "anomaly",
                    "anomalous",
                    "deny",
                    "reject",
                    "hold",
                    "review",
                    "flag",
                    "dang ngo",
                    "bat thuong",
                    "gian lan",
                    "high risk",
                    "decline",
                    "stop",
                    "alert");
    private static final Set<String> EMPTY_WORDS =
            Set.of("a", "of", "the", "to", "my", "or", "and", "is", "for", "in", "on", "it", "i");

    /** How the set is answered. */
    private enum Mode {
        POLARITY,
        SCALE,
        RISK,
        LABEL
    }

    private final List<String> json = new ArrayList<>();
    private final List<List<Integer>> concepts = new ArrayList<>();
    private final List<Integer> wordCounts = new ArrayList<>();
    private final Map<Long, int[]> byStem = new HashMap<>();
    private final int[] byPole = {-1, -1, -1};
    private final int[] byLevel = {-1, -1, -1, -1};
    private final Mode mode;
    private int fallback = -1;
    private int risky = -1;

    /**
     * Studies the labels.
     *
     * @param options the JSON values, at least one
     */
    Choice(List<JsonNode> options) {
        Map<Long, Set<Integer>> stems = new HashMap<>();
        for (JsonNode option : options) {
            int index = json.size();
            json.add(option.toString());
            String name = Names.words(option.asText());
            Reading reading = Reading.ofName(name);
            concepts.add(present(reading));
            note(index, Words.fold(name), reading);
            int counted = 0;
            for (String word : name.split(" ", -1)) {
                if (!word.isEmpty() && !EMPTY_WORDS.contains(Words.fold(word))) {
                    long stem = new Words(word).stem[0];
                    stems.computeIfAbsent(stem, _ -> new HashSet<>()).add(index);
                    counted++;
                }
            }
            wordCounts.add(Math.max(1, counted));
        }
        stems.forEach(
                (stem, indexes) ->
                        byStem.put(stem, indexes.stream().mapToInt(Integer::intValue).toArray()));
        mode = mode(options);
    }

    private Mode mode(List<JsonNode> options) {
        if (byPole[0] >= 0 && byPole[2] >= 0) {
            return Mode.POLARITY;
        }
        int levels = 0;
        for (int option : byLevel) {
            levels += option >= 0 ? 1 : 0;
        }
        if (levels >= 2 && levels >= options.size() - 1) {
            return Mode.SCALE;
        }
        return risky >= 0 && fallback >= 0 ? Mode.RISK : Mode.LABEL;
    }

    private void note(int index, String folded, Reading reading) {
        if (!Double.isNaN(reading.pole())) {
            int at = (int) reading.pole() + 1;
            byPole[at] = byPole[at] < 0 ? index : byPole[at];
        }
        for (int level = 0; level < SCALES.size(); level++) {
            if (SCALES.get(level).contains(folded) && byLevel[level] < 0) {
                byLevel[level] = index;
            }
        }
        if (fallback < 0 && FALLBACK.contains(folded)) {
            fallback = index;
        }
        if (risky < 0 && RISKY.contains(folded)) {
            risky = index;
        }
    }

    @Override
    public void write(Judged judged, StringBuilder out) {
        out.append(json.get(pick(judged)));
    }

    private int pick(Judged judged) {
        return switch (mode) {
            case POLARITY -> {
                judged.leanOnSentiment();
                int chosen = byPole[judged.polarity() + 1];
                yield chosen >= 0 ? chosen : byPole[judged.valence() >= 0 ? 2 : 0];
            }
            case SCALE -> level(judged);
            case RISK -> {
                judged.certainty(Math.abs(judged.risk() - 0.5) * 2);
                yield judged.risk() > 0.5 ? risky : fallback;
            }
            case LABEL -> label(judged);
        };
    }

    private int level(Judged judged) {
        int level = (int) Math.min(3, judged.urgency() * 4);
        for (int down = level; down >= 0; down--) {
            if (byLevel[down] >= 0) {
                return byLevel[down];
            }
        }
        for (int up = level; up < byLevel.length; up++) {
            if (byLevel[up] >= 0) {
                return byLevel[up];
            }
        }
        return 0;
    }

    private int label(Judged judged) {
        double[] scores = scores(judged);
        int best = fallback >= 0 ? fallback : 0;
        double bestScore = 0;
        double second = 0;
        for (int i = 0; i < scores.length; i++) {
            if (i != fallback && scores[i] > bestScore) {
                second = bestScore;
                bestScore = scores[i];
                best = i;
            } else if (i != fallback && scores[i] > second) {
                second = scores[i];
            }
        }
        if (bestScore == 0) {
            judged.certainty(fallback >= 0 ? 0.6 : 0.15);
        } else {
            judged.certainty(0.3 + 0.7 * (bestScore - second) / bestScore);
        }
        return judged.slips() && json.size() > 1 ? judged.other(best, json.size()) : best;
    }

    /** The labels that fit, as JSON, in the order of the set; the best one if too few do. */
    List<String> several(Judged judged, int atLeast) {
        double[] scores = scores(judged);
        List<String> chosen = new ArrayList<>();
        for (int i = 0; i < scores.length; i++) {
            if (i != fallback && scores[i] > 0) {
                chosen.add(json.get(i));
            }
        }
        for (int i = 0; chosen.size() < atLeast && i < json.size(); i++) {
            String next = json.get(fallback < 0 ? i : (fallback + i) % json.size());
            if (!chosen.contains(next)) {
                chosen.add(next);
            }
        }
        return chosen;
    }

    private double[] scores(Judged judged) {
        double[] scores = new double[json.size()];
        Words words = judged.reading().words();
        for (int i = 0; i < words.count; i++) {
            int[] having = byStem.get(words.stem[i]);
            if (having != null && first(words, i)) {
                double rarity = Math.log(1 + (double) json.size() / having.length);
                for (int option : having) {
                    scores[option] += rarity / Math.sqrt(wordCounts.get(option));
                }
            }
        }
        for (int option = 0; option < scores.length; option++) {
            for (int concept : concepts.get(option)) {
                scores[option] +=
                        Math.min(3, judged.hits(concept)) * 0.6 / concepts.get(option).size();
            }
        }
        return scores;
    }

    private static boolean first(Words words, int at) {
        for (int i = 0; i < at; i++) {
            if (words.stem[i] == words.stem[at]) {
                return false;
            }
        }
        return true;
    }

    /** The concepts a text mentions. */
    static List<Integer> present(Reading reading) {
        List<Integer> found = new ArrayList<>();
        for (int i = 0; i < reading.concepts().length; i++) {
            if (reading.hits(i) > 0) {
                found.add(i);
            }
        }
        return found;
    }
}
