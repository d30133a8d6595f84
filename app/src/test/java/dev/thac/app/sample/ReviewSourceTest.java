package dev.thac.app.sample;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;

import dev.thac.app.terminal.Json;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.Stream;

class ReviewSourceTest {

    private static List<String> lines(long seed, int count) {
        ReviewSource source = new ReviewSource(seed);
        return Stream.generate(() -> source.next().line()).limit(count).toList();
    }

    private static boolean isJson(String line) {
        try {
            Json.read(line);
            return true;
        } catch (JsonProcessingException _) {
            return false;
        }
    }

    @Test
    void theSameSeedGivesTheSameReviews() {
        assertThat(lines(7, 200)).isEqualTo(lines(7, 200)).isNotEqualTo(lines(8, 200));
    }

    @Test
    void aFewAreBrokenOrWithoutTextAndTheRestVaries() {
        List<String> lines = lines(1, 4000);

        assertThat(lines.stream().filter(line -> !isJson(line)).count()).isBetween(5L, 60L);
        assertThat(
                        lines.stream()
                                .filter(line -> isJson(line) && !line.contains("\"text\""))
                                .count())
                .isBetween(10L, 90L);
        assertThat(lines.stream().map(line -> line.replaceAll("\"(id|userId)\":\"[^\"]*\"", "")))
                .satisfies(
                        texts -> assertThat(texts.stream().distinct().count()).isGreaterThan(2500));
    }

    @Test
    void someAreWrittenWithoutDiacritics() {
        List<String> lines = lines(1, 1000);

        assertThat(lines).anyMatch(line -> line.contains("sẽ mua lại"));
        assertThat(lines).anyMatch(line -> line.contains("se mua lai"));
    }
}
