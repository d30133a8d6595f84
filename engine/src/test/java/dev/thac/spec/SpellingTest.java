package dev.thac.spec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

class SpellingTest {

    private static final List<String> KEYS =
            List.of("tiers", "task", "to", "maxOutputTokens", "deadLetter", "integer", "when");

    @ParameterizedTest
    @CsvSource({
        "teir, tiers",
        "tsak, task",
        "max-output-tokens, maxOutputTokens",
        "max_tokens, ",
        "dead_letter, deadLetter",
        "DEADLETTER, deadLetter",
        "int, integer",
        "wen, when",
        "xyz, ",
        "a, ",
    })
    void findsWhatWasMeant(String word, String expected) {
        assertThat(Spelling.nearest(word, KEYS).orElse(null)).isEqualTo(expected);
    }

    @Test
    void namesAllChoicesWhenNothingIsNear() {
        assertThat(Spelling.advice("zzzz", List.of("a1", "b2"), "models"))
                .isEqualTo("the models are a1, b2");
    }
}
