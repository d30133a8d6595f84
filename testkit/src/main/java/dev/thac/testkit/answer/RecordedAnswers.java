package dev.thac.testkit.answer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Answers recorded in a file of JSON lines: {@code {"input": "…", "model": "…", "answer": {…},
 * "confidence": 0.9}}; {@code model} and {@code confidence} may be absent. Immutable.
 *
 * <p>An answer is found by model and input, then by input among the lines without a model. Inputs
 * are compared without regard to case, white space and Unicode form.
 */
public final class RecordedAnswers {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String ANY = "";

    private final Map<Key, Answer> answers;

    private record Key(String model, String input) {}

    /**
     * One recorded answer.
     *
     * @param fields the properties of the answer
     * @param confidence a number; empty when the file states none
     */
    public record Answer(JsonNode fields, Optional<JsonNode> confidence) {}

    private RecordedAnswers(Map<Key, Answer> answers) {
        this.answers = answers;
    }

    /**
     * Reads a file.
     *
     * @param modelIds model ids by the names the file may use for them, such as small → an id
     * @throws IllegalArgumentException naming the line, if one is not as described
     * @throws UncheckedIOException if the file cannot be read
     */
    public static RecordedAnswers load(Path file, Map<String, String> modelIds) {
        try {
            return parse(Files.readAllLines(file), file.toString(), modelIds);
        } catch (IOException e) {
            throw new UncheckedIOException("could not read " + file + ": " + e.getMessage(), e);
        }
    }

    /**
     * Reads lines.
     *
     * @param name what messages call the source
     * @param modelIds model ids by the names the lines may use for them
     * @throws IllegalArgumentException naming the line, if one is not as described
     */
    public static RecordedAnswers parse(
            List<String> lines, String name, Map<String, String> modelIds) {
        Map<Key, Answer> answers = new HashMap<>();
        int number = 0;
        for (String line : lines) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            JsonNode node = node(line, name, number);
            String model = node.path("model").asText(ANY);
            answers.put(
                    new Key(
                            modelIds.getOrDefault(model, model),
                            normal(node.get("input").asText())),
                    new Answer(node.get("answer"), Optional.ofNullable(node.get("confidence"))));
        }
        return new RecordedAnswers(Map.copyOf(answers));
    }

    /** How many answers there are. */
    public int size() {
        return answers.size();
    }

    /**
     * The answer to an input.
     *
     * @param model the model id of the call
     */
    public Optional<Answer> find(String model, String input) {
        String normal = normal(input);
        Answer own = answers.get(new Key(model, normal));
        return Optional.ofNullable(own != null ? own : answers.get(new Key(ANY, normal)));
    }

    private static JsonNode node(String line, String name, int number) {
        JsonNode node;
        try {
            node = MAPPER.readTree(line);
        } catch (IOException e) {
            throw new IllegalArgumentException(name + ":" + number + ": not JSON", e);
        }
        if (!node.path("input").isTextual() || !node.path("answer").isObject()) {
            throw new IllegalArgumentException(
                    name + ":" + number + ": needs \"input\" (a text) and \"answer\" (an object)");
        }
        return node;
    }

    private static String normal(String input) {
        return Normalizer.normalize(input, Normalizer.Form.NFC)
                .strip()
                .replaceAll("\\s+", " ")
                .toLowerCase(Locale.ROOT);
    }
}
