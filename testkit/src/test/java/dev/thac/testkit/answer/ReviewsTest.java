package dev.thac.testkit.answer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/**
 * The heuristic against real reviews, which may not be part of this repository: they are looked for
 * in {@code shared/data} beside the repository or above it.
 */
class ReviewsTest {

    private static final String SCHEMA =
            """
            {"type":"object","properties":{
            "sentiment":{"enum":["positive","negative","neutral"]},
            "score":{"type":"integer"},
            "confidence":{"type":"number"}}}
            """;

    private final ObjectMapper mapper = new ObjectMapper();

    /** Escalated shares are of a threshold of 0.7. */
    @ParameterizedTest
    @CsvSource({"claude-haiku-5-5, 0.10, 0.30", "claude-sonnet-5-5, 0.0, 0.02"})
    void phoneReviewsAgreeWithTheirStars(String model, double least, double most)
            throws IOException {
        List<List<String>> rows = csv("vi_reviews_visfd/visfd.csv.gz");
        int text = rows.getFirst().indexOf("comment");
        int stars = rows.getFirst().indexOf("n_star");

        Tally tally = new Tally();
        for (List<String> row : rows.subList(1, rows.size())) {
            tally.add(answer(model, row.get(text)), Integer.parseInt(row.get(stars)));
        }

        tally.print("phone reviews, " + model);
        assertThat(tally.polarityAgreement()).isGreaterThan(0.82);
        assertThat(tally.agreement()).isGreaterThan(0.68);
        assertThat(tally.meanStarError()).isLessThan(1.0);
        assertThat(tally.uncertain()).isBetween(least, most);
    }

    @Test
    void shopReviewsAgreeWithTheirLabels() throws IOException {
        List<List<String>> rows = csv("vi_reviews_aivivn/aivivn.csv.gz");
        int text = rows.getFirst().indexOf("text");
        int label = rows.getFirst().indexOf("label");

        Tally tally = new Tally();
        for (List<String> row : rows.subList(1, rows.size())) {
            tally.add(
                    answer("claude-sonnet-5-5", row.get(text)), row.get(label).equals("0") ? 5 : 1);
        }

        tally.print("shop reviews");
        assertThat(tally.polarityAgreement()).isGreaterThan(0.82);
    }

    private final HeuristicAnswers answers = new HeuristicAnswers(1);
    private final AnswerSchema schema = AnswerSchema.parse(SCHEMA.getBytes(StandardCharsets.UTF_8));

    private JsonNode answer(String model, String text) throws IOException {
        return mapper.readTree("{" + answers.properties(schema, model, text) + "}");
    }

    private static final class Tally {

        private int all;
        private int agreed;
        private int polar;
        private int polarAgreed;
        private int decided;
        private int unsure;
        private double starError;

        void add(JsonNode answer, int stars) {
            String expected = stars > 3 ? "positive" : stars < 3 ? "negative" : "neutral";
            String given = answer.get("sentiment").asText();
            all++;
            agreed += given.equals(expected) ? 1 : 0;
            unsure += answer.get("confidence").asDouble() < 0.7 ? 1 : 0;
            starError += Math.abs(answer.get("score").asInt() - stars);
            if (stars != 3) {
                polar++;
                decided += given.equals("neutral") ? 0 : 1;
                polarAgreed += given.equals(expected) ? 1 : 0;
            }
        }

        double agreement() {
            return (double) agreed / all;
        }

        /** Among reviews that are not neutral by their stars and got a polar answer. */
        double polarityAgreement() {
            return (double) polarAgreed / decided;
        }

        double uncertain() {
            return (double) unsure / all;
        }

        double meanStarError() {
            return starError / all;
        }

        void print(String name) {
            System.err.printf(
                    "%s: %d reviews, three-way agreement %.3f, polarity agreement %.3f (decided"
                            + " %.3f), mean star error %.2f, below 0.7: %.3f%n",
                    name,
                    all,
                    agreement(),
                    polarityAgreement(),
                    (double) decided / polar,
                    meanStarError(),
                    uncertain());
        }
    }

    private static List<List<String>> csv(String name) throws IOException {
        Optional<Path> file = find(name);
        assumeTrue(file.isPresent(), "skipped: no shared/data/" + name + " here");
        try (InputStream in = new GZIPInputStream(Files.newInputStream(file.orElseThrow()))) {
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private static Optional<Path> find(String name) {
        Path directory = Path.of("").toAbsolutePath();
        while (directory != null) {
            Path file = directory.resolve("shared/data").resolve(name);
            if (Files.isReadable(file)) {
                return Optional.of(file);
            }
            directory = directory.getParent();
        }
        return Optional.empty();
    }

    private static List<List<String>> parse(String text) {
        List<List<String>> rows = new ArrayList<>();
        List<String> row = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                boolean doubled = quoted && i + 1 < text.length() && text.charAt(i + 1) == '"';
                if (doubled) {
                    cell.append('"');
                    i++;
                } else {
                    quoted = !quoted;
                }
            } else if (!quoted && (c == ',' || c == '\n')) {
                row.add(cell.toString());
                cell.setLength(0);
                if (c == '\n') {
                    rows.add(List.copyOf(row));
                    row.clear();
                }
            } else if (quoted || c != '\r') {
                cell.append(c);
            }
        }
        return rows;
    }
}
