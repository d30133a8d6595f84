package dev.thac.testkit.answer;

import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;

import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Answers by a small hand-made reader of Vietnamese and English instead of a language model: every
 * value is valid against the schema, and plausible for what the text says.
 *
 * <p>Models whose id says haiku, small, mini, nano, flash, lite or luna are weak: less confident,
 * and sometimes wrong where the text is ambiguous.
 *
 * <p>Thread-safe. Answers to texts seen before are kept, up to a limit.
 */
public final class HeuristicAnswers {

    private static final int KEPT = 100_000;

    private final long seed;
    private final Map<Asked, Map<String, String>> kept = new ConcurrentHashMap<>();

    private record Asked(AnswerSchema schema, String model) {}

    /**
     * A reader.
     *
     * @param seed decides where weak models slip
     */
    public HeuristicAnswers(long seed) {
        this.seed = seed;
    }

    /**
     * The properties of one item's answer, as JSON without braces and without the ordinal.
     *
     * @param model the model id, whose strength counts
     * @param input the item's text
     */
    public String properties(AnswerSchema schema, String model, String input) {
        Map<String, String> answers =
                kept.computeIfAbsent(new Asked(schema, model), _ -> new ConcurrentHashMap<>());
        String known = answers.get(input);
        if (known != null) {
            return known;
        }
        if (answers.size() >= KEPT) {
            answers.clear();
        }
        String answer = answer(schema, model, input);
        answers.put(input, answer);
        return answer;
    }

    /**
     * The same with recorded values in place of the heuristic's.
     *
     * @param recorded its fields win; what it lacks the heuristic fills in
     */
    public String properties(
            AnswerSchema schema, String model, String input, RecordedAnswers.Answer recorded) {
        StringBuilder out = new StringBuilder();
        Judged judged = judged(model, input);
        for (AnswerSchema.Property property : schema.properties()) {
            out.append(out.isEmpty() ? "" : ",");
            Json.quote(property.name(), out);
            out.append(':');
            JsonNode value = recorded(property, recorded);
            if (value == null) {
                property.value().write(judged, out);
            } else {
                out.append(value);
            }
        }
        return out.toString();
    }

    /**
     * One sentence on a text, for questions without a schema.
     *
     * @param model the model id, whose strength counts
     */
    public String sentence(String model, String input) {
        Judged judged = judged(model, input);
        return judged.summary(judged.vietnamese());
    }

    private static @Nullable JsonNode recorded(
            AnswerSchema.Property property, RecordedAnswers.Answer recorded) {
        JsonNode value = recorded.fields().get(property.name());
        return value == null && property.confidence() ? recorded.confidence().orElse(null) : value;
    }

    private String answer(AnswerSchema schema, String model, String input) {
        StringBuilder out = new StringBuilder(128);
        AnswerSchema.write(schema.properties(), judged(model, input), out);
        return out.toString();
    }

    private Judged judged(String model, String input) {
        return new Judged(input, weak(model), Hash.of(Hash.of(seed, model), input));
    }

    /** Whether a model is a small one, by its id. */
    static boolean weak(String model) {
        String id = model.toLowerCase(Locale.ROOT);
        return Names.any(id, "haiku", "small", "mini", "nano", "flash", "lite", "luna");
    }
}
