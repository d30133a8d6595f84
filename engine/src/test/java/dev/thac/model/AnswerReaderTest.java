package dev.thac.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thac.event.ErrorCode;
import dev.thac.model.AnswerReader.Answers;
import dev.thac.model.AnswerReader.Item;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

class AnswerReaderTest {

    private static final AnswerSchema SCHEMA =
            AnswerSchema.of(
                    Map.of(
                            "mood", Map.of("enum", List.of("good", "bad")),
                            "score", Map.of("type", "integer", "minimum", 1L, "maximum", 5L)),
                    true);

    private final AnswerReader reader = new AnswerReader(SCHEMA);

    @Test
    void answersAreMatchedByOrdinalWhateverTheirOrder() {
        List<Item> items =
                read(
                        """
                        {"items":[{"i":2,"mood":"bad","score":1,"confidence":0.5},
                                  {"i":1,"mood":"good","score":5,"confidence":0.9}]}\
                        """,
                        2);

        assertThat(items)
                .containsExactly(
                        new Item.Valid(Map.of("mood", "good", "score", 5L), OptionalDouble.of(0.9)),
                        new Item.Valid(Map.of("mood", "bad", "score", 1L), OptionalDouble.of(0.5)));
    }

    @Test
    void missingDuplicateAndForeignItemsAreFoundAndCostNoOtherItsAnswer() {
        Answers answers =
                reader.read(
                        """
                        {"items":[{"i":1,"mood":"good","score":5,"confidence":1},
                                  {"i":2,"mood":"good","score":5,"confidence":1},
                                  {"i":2,"mood":"bad","score":5,"confidence":1},
                                  {"i":9,"mood":"bad","score":5,"confidence":1},
                                  {"i":0},{"i":"1"},{"i":1.5},7,null]}\
                        """,
                        3);

        assertThat(answers)
                .isInstanceOfSatisfying(
                        Answers.Read.class,
                        read -> {
                            assertThat(read.foreign()).isEqualTo(6);
                            assertThat(read.items().get(0)).isInstanceOf(Item.Valid.class);
                            assertThat(code(read.items().get(1)))
                                    .isEqualTo(ErrorCode.DUPLICATE_ITEM);
                            assertThat(code(read.items().get(2))).isEqualTo(ErrorCode.MISSING_ITEM);
                        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"i\":1,\"mood\":\"meh\",\"score\":5,\"confidence\":1}",
                "{\"i\":1,\"mood\":\"good\",\"score\":6,\"confidence\":1}",
                "{\"i\":1,\"mood\":\"good\",\"score\":\"5\",\"confidence\":1}",
                "{\"i\":1,\"mood\":\"good\",\"score\":2.5,\"confidence\":1}",
                "{\"i\":1,\"mood\":\"good\",\"score\":NaN,\"confidence\":1}",
                "{\"i\":1,\"mood\":\"good\",\"score\":null,\"confidence\":1}",
                "{\"i\":1,\"mood\":\"good\",\"confidence\":1}",
                "{\"i\":1,\"mood\":\"good\",\"score\":1,\"confidence\":1,\"more\":true}"
            })
    void anItemAgainstTheSchemaIsInvalid(String item) {
        List<Item> items = read("{\"items\":[" + item + "]}", 1);

        assertThat(code(items.getFirst())).isEqualTo(ErrorCode.SCHEMA_VIOLATION);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ",\"confidence\":NaN", ",\"confidence\":\"high\"", ",\"confidence\":95"})
    void aConfidenceThatIsNoneIsNoConfidence(String confidence) {
        List<Item> items =
                read("{\"items\":[{\"i\":1,\"mood\":\"good\",\"score\":1" + confidence + "}]}", 1);

        assertThat(items)
                .containsExactly(
                        new Item.Valid(Map.of("mood", "good", "score", 1L), OptionalDouble.of(0)));
    }

    @Test
    void anAnswerCutAtAnyCharacterIsNotJson() {
        String whole = "{\"items\":[{\"i\":1,\"mood\":\"good\",\"score\":5,\"confidence\":0.9}]}";

        for (int length = 0; length < whole.length(); length++) {
            assertThat(reader.read(whole.substring(0, length), 1))
                    .isInstanceOfSatisfying(
                            Answers.Unreadable.class,
                            unreadable ->
                                    assertThat(unreadable.code()).isEqualTo(ErrorCode.NOT_JSON));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "7", "\"text\"", "{}", "{\"items\":{}}", "{\"answer\":[]}"})
    void jsonOfAnotherShapeIsASchemaViolation(String text) {
        assertThat(reader.read(text, 1))
                .isInstanceOfSatisfying(
                        Answers.Unreadable.class,
                        unreadable ->
                                assertThat(unreadable.code())
                                        .isEqualTo(ErrorCode.SCHEMA_VIOLATION));
    }

    @Test
    void aFenceAroundTheAnswerIsIgnored() {
        assertThat(read("```json\n{\"items\":[]}\n```", 1)).hasSize(1);
    }

    @Test
    void wordsAfterTheAnswerMakeItUnreadable() {
        assertThat(reader.read("{\"items\":[]} I hope this helps", 1))
                .isInstanceOf(Answers.Unreadable.class);
    }

    @Test
    void digitsAreNotLost() {
        AnswerReader numbers =
                new AnswerReader(AnswerSchema.of(Map.of("n", Map.of("type", "number")), false));

        Answers answers =
                numbers.read(
                        "{\"items\":[{\"i\":1,\"n\":0.12345678901234567890123},"
                                + "{\"i\":2,\"n\":0.1}]}",
                        2);

        assertThat(((Answers.Read) answers).items())
                .containsExactly(
                        new Item.Valid(
                                Map.of("n", new BigDecimal("0.12345678901234567890123")),
                                OptionalDouble.empty()),
                        new Item.Valid(Map.of("n", 0.1), OptionalDouble.empty()));
    }

    @Test
    void namesThatTheAnswerNeedsItselfAreRefused() {
        assertThatThrownBy(() -> AnswerSchema.of(Map.of("i", Map.of()), false))
                .hasMessageStartingWith("i:");
        assertThatThrownBy(() -> AnswerSchema.of(Map.of("confidence", Map.of()), true))
                .hasMessageStartingWith("confidence:");
    }

    private List<Item> read(String text, int asked) {
        return ((Answers.Read) reader.read(text, asked)).items();
    }

    private static ErrorCode code(Item item) {
        return ((Item.Invalid) item).code();
    }
}
