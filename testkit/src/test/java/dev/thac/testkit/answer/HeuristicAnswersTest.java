package dev.thac.testkit.answer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;

class HeuristicAnswersTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String STRONG = "claude-sonnet-5-5";

    private final HeuristicAnswers answers = new HeuristicAnswers(1);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    Sản phẩm rất tốt, sẽ ủng hộ shop tiếp          | positive
                    san pham rat tot, se ung ho shop tiep          | positive
                    Hàng đẹp lắm, đóng gói cẩn thận                | positive
                    Quá thất vọng, không nên mua                   | negative
                    qua that vong, khong nen mua                   | negative
                    Máy hay bị đơ, pin tụt nhanh                   | negative
                    không tốt                                      | negative
                    chưa thấy lỗi gì                               | positive
                    Great product, fast delivery                   | positive
                    Terrible. Broken on arrival, waste of money    | negative
                    not good at all                                | negative
                    The parcel is blue                             | neutral
                    Máy màu xanh                                   | neutral
                    😍😍                                            | positive
                    tốtttttt quáááá                                | positive
                    """)
    void polarityIsReadInBothLanguages(String text, String expected) {
        assertThat(
                        value(
                                        "{\"enum\":[\"positive\",\"negative\",\"neutral\"]}",
                                        "sentiment",
                                        text)
                                .asText())
                .isEqualTo(expected);
    }

    @Test
    void decomposedTextReadsAlike() {
        String text = "Hàng lỗi, thất vọng quá";

        assertThat(Reading.of(Normalizer.normalize(text, Normalizer.Form.NFD)).valence())
                .isEqualTo(Reading.of(text).valence());
    }

    @Test
    void vietnameseLabelsAreUnderstood() {
        String labels = "{\"enum\":[\"tích cực\",\"tiêu cực\",\"trung tính\"]}";

        assertThat(value(labels, "cam_xuc", "Tuyệt vời").asText()).isEqualTo("tích cực");
        assertThat(value(labels, "cam_xuc", "quá tệ").asText()).isEqualTo("tiêu cực");
    }

    @Test
    void categoriesFollowWhatIsMentioned() {
        String schema =
                "{\"type\":\"array\",\"items\":{\"enum\":[\"shipping\",\"quality\",\"service\",\"price\"]}}";

        assertThat(value(schema, "categories", "giao hàng chậm, giá đắt").toString())
                .isEqualTo("[\"shipping\",\"price\"]");
        assertThat(value(schema, "categories", "rude staff").toString()).isEqualTo("[\"service\"]");
        assertThat(value(schema, "categories", "hmm").toString()).isEqualTo("[]");
    }

    @Test
    void intentsAreFoundByTheWordsOfTheirNames() {
        String schema =
                "{\"enum\":[\"card_arrival\",\"lost_or_stolen_card\",\"exchange_rate\",\"top_up_failed\",\"other\"]}";

        assertThat(value(schema, "intent", "When will my new card arrive?").asText())
                .isEqualTo("card_arrival");
        assertThat(value(schema, "intent", "My top up failed again").asText())
                .isEqualTo("top_up_failed");
        assertThat(value(schema, "intent", "hello there").asText()).isEqualTo("other");
    }

    @Test
    void moderationFlagsAbuse() {
        assertThat(
                        value(
                                        "{\"enum\":[\"safe\",\"toxic\",\"spam\",\"scam\"]}",
                                        "label",
                                        "đồ ngu, câm mồm")
                                .asText())
                .isEqualTo("toxic");
        assertThat(
                        value(
                                        "{\"enum\":[\"safe\",\"toxic\",\"spam\",\"scam\"]}",
                                        "label",
                                        "Việc nhẹ lương cao, kết bạn zalo nhé")
                                .asText())
                .isEqualTo("spam");
        assertThat(
                        value(
                                        "{\"enum\":[\"safe\",\"toxic\",\"spam\",\"scam\"]}",
                                        "label",
                                        "Hôm nay trời đẹp")
                                .asText())
                .isEqualTo("safe");
        assertThat(value("{\"type\":\"boolean\"}", "toxic", "you stupid idiot").asBoolean())
                .isTrue();
    }

    @Test
    void riskWeighsTheSituation() {
        String schema = "{\"enum\":[\"normal\",\"suspicious\"]}";

        assertThat(
                        value(schema, "verdict", "Tài khoản mới mua 10 điện thoại, 120.000.000 VND")
                                .asText())
                .isEqualTo("suspicious");
        assertThat(value(schema, "verdict", "Khách VIP mua đồng hồ 120.000.000 VND").asText())
                .isEqualTo("normal");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"type":"integer","minimum":1,"maximum":10}           | score
                    {"type":"integer","description":"from 1 to 10"}       | quality
                    {"type":"number","minimum":0,"maximum":1}             | risk
                    {"type":"integer","description":"minimum: 1, maximum: 3"} | priority
                    {"type":"number"}                                     | confidence
                    """)
    void numbersStayInsideTheirBounds(String schema, String name) throws JsonProcessingException {
        JsonNode rules = MAPPER.readTree(schema);
        double max =
                rules.path("maximum")
                        .asDouble(name.equals("quality") ? 10 : name.equals("priority") ? 3 : 1);
        for (String text : new String[] {"rất tốt", "quá tệ, hoàn tiền gấp", "lừa đảo", "x", ""}) {
            double value = value(schema, name, text).asDouble();
            assertThat(value).as(text).isBetween(rules.path("minimum").asDouble(0), max);
        }
    }

    @Test
    void textsRespectTheirLimitAndLanguage() {
        assertThat(value("{\"type\":\"string\",\"maxLength\":10}", "summary", "rất tốt").asText())
                .hasSizeLessThanOrEqualTo(10);
        assertThat(
                        value(
                                        "{\"type\":\"string\",\"description\":\"one sentence in"
                                                + " English\"}",
                                        "summary",
                                        "quá tệ")
                                .asText())
                .startsWith("The customer is not satisfied");
        assertThat(value("{\"type\":\"string\"}", "language", "The parcel is late").asText())
                .isEqualTo("en");
    }

    @Test
    void boundsInDescriptionsCountWhereTheSchemaMayNotHaveThem() {
        String few =
                "{\"type\":\"array\",\"description\":\"topics (maxItems: 2, minItems:"
                    + " 1)\",\"items\":{\"enum\":[\"shipping\",\"quality\",\"service\",\"price\"]}}";
        String brief = "{\"type\":\"string\",\"description\":\"one sentence (maxLength: 12)\"}";
        String ten = "{\"type\":\"integer\",\"description\":\"maximum: 10, minimum: 0\"}";

        assertThat(value(few, "topics", "giao hàng chậm, giá đắt, nhân viên tệ, hàng lỗi"))
                .hasSize(2);
        assertThat(value(few, "topics", "hmm")).hasSize(1);
        assertThat(value(brief, "summary", "rất tốt").asText()).hasSize(12);
        assertThat(value(ten, "score", "quá tệ, thất vọng").asInt()).isZero();
        assertThat(value(ten, "score", "rất tốt, tuyệt vời").asInt()).isEqualTo(10);
    }

    @Test
    void nestedNullableAndReferencedSchemasAreFilled() throws JsonProcessingException {
        String schema =
                """
                {"type":"object","$defs":{"mood":{"enum":["good","bad"]}},"properties":{
                "mood":{"$ref":"#/$defs/mood"},
                "note":{"type":["string","null"]},
                "refund":{"anyOf":[{"type":"null"},{"type":"boolean"}]},
                "detail":{"type":"object","properties":{"stars":{"type":"integer"}}},
                "version":{"const":3}}}
                """;

        JsonNode answer = MAPPER.readTree("{" + properties(schema, "quá tệ, hoàn tiền") + "}");

        assertThat(answer.get("mood").asText()).isEqualTo("bad");
        assertThat(answer.get("note").isTextual()).isTrue();
        assertThat(answer.get("refund").asBoolean()).isTrue();
        assertThat(answer.at("/detail/stars").asInt()).isEqualTo(1);
        assertThat(answer.get("version").asInt()).isEqualTo(3);
    }

    @Test
    void ambiguousTextsAreLessCertainAndWeakModelsMoreSo() {
        String clear = "Sản phẩm rất tốt, giao hàng nhanh";
        String mixed = "Đẹp nhưng pin yếu";

        assertThat(confidence("claude-haiku-5-5", mixed)).isLessThan(0.7);
        assertThat(confidence("claude-haiku-5-5", clear)).isGreaterThan(0.85);
        assertThat(confidence(STRONG, mixed)).isGreaterThan(0.75);
        assertThat(confidence(STRONG, clear)).isGreaterThan(0.9);
    }

    @Test
    void theSameQuestionGetsTheSameAnswer() {
        AnswerSchema schema = schema("{\"enum\":[\"positive\",\"negative\",\"neutral\"]}", "s");

        assertThat(new HeuristicAnswers(7).properties(schema, "m-mini", "cũng được"))
                .isEqualTo(new HeuristicAnswers(7).properties(schema, "m-mini", "cũng được"));
    }

    private double confidence(String model, String text) {
        String json =
                "{\"type\":\"object\",\"properties\":{\"confidence\":{\"type\":\"number\"},"
                        + "\"sentiment\":{\"enum\":[\"positive\",\"negative\",\"neutral\"]}}}";
        AnswerSchema schema = AnswerSchema.parse(json.getBytes(StandardCharsets.UTF_8));
        return parse(answers.properties(schema, model, text)).get("confidence").asDouble();
    }

    private JsonNode value(String schema, String name, String text) {
        return parse(answers.properties(schema(schema, name), STRONG, text)).get(name);
    }

    private String properties(String schema, String text) {
        return answers.properties(
                AnswerSchema.parse(schema.getBytes(StandardCharsets.UTF_8)), STRONG, text);
    }

    private static AnswerSchema schema(String property, String name) {
        String json = "{\"type\":\"object\",\"properties\":{\"" + name + "\":" + property + "}}";
        return AnswerSchema.parse(json.getBytes(StandardCharsets.UTF_8));
    }

    private static JsonNode parse(String properties) {
        try {
            return MAPPER.readTree("{" + properties + "}");
        } catch (JsonProcessingException e) {
            throw new AssertionError(properties, e);
        }
    }
}
