package dev.thac.decode;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

import dev.thac.event.JsonText;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Random;

/** The reader against Jackson: the same documents are accepted, and mean the same. */
class JacksonOracleTest {

    private static final int DOCUMENTS = 20_000;
    private static final JsonMapper JACKSON =
            JsonMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .build();

    @Test
    void randomDocumentsMeanTheSame() throws JsonProcessingException {
        Random random = new Random(3);
        JsonTrees trees = new JsonTrees();
        for (int i = 0; i < DOCUMENTS; i++) {
            StringBuilder json = new StringBuilder();
            document(random, 3, json);
            byte[] bytes = json.toString().getBytes(StandardCharsets.UTF_8);

            assertSameMeaning(bytes, ours(trees, bytes), jackson(bytes));
        }
    }

    @Test
    void damagedDocumentsAreRefusedWhereJacksonRefusesThem() throws JsonProcessingException {
        Random random = new Random(4);
        JsonTrees trees = new JsonTrees();
        int refused = 0;
        for (int i = 0; i < DOCUMENTS; i++) {
            StringBuilder json = new StringBuilder();
            document(random, 3, json);
            byte[] bytes = json.toString().getBytes(StandardCharsets.UTF_8);
            byte[] damage =
                    "\"\\{}[]:,019eE.+-tfn \n\u0001\u00c3u".getBytes(StandardCharsets.ISO_8859_1);
            for (int n = 1 + random.nextInt(3); n > 0; n--) {
                bytes[random.nextInt(bytes.length)] = damage[random.nextInt(damage.length)];
            }
            Optional<JsonNode> expected = jackson(bytes);
            refused += expected.isEmpty() ? 1 : 0;

            assertSameMeaning(bytes, ours(trees, bytes), expected);
        }

        assertThat(refused).isBetween(DOCUMENTS / 4, DOCUMENTS);
    }

    private static void assertSameMeaning(
            byte[] bytes, Optional<String> ours, Optional<JsonNode> expected)
            throws JsonProcessingException {
        String document = new String(bytes, StandardCharsets.UTF_8);
        assertThat(ours.isPresent()).as(document).isEqualTo(expected.isPresent());
        if (ours.isPresent()) {
            JsonNode actual = JACKSON.readTree(ours.get());
            assertThat(actual.equals(JacksonOracleTest::compare, expected.orElseThrow()))
                    .as("%s as %s", document, ours.get())
                    .isTrue();
        }
    }

    private static int compare(JsonNode a, JsonNode b) {
        return a.isNumber() && b.isNumber()
                ? a.decimalValue().compareTo(b.decimalValue())
                : a.equals(b) ? 0 : 1;
    }

    private static Optional<String> ours(JsonTrees trees, byte[] bytes) {
        try {
            return Optional.of(JsonText.text(trees.read(bytes)));
        } catch (MalformedException _) {
            return Optional.empty();
        }
    }

    /** Jackson reads decoded text, because it is lax about UTF-8. */
    private static Optional<JsonNode> jackson(byte[] bytes) {
        try {
            String text =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            JsonNode node = JACKSON.readTree(text);
            return node == null || node.isMissingNode() ? Optional.empty() : Optional.of(node);
        } catch (JsonProcessingException | CharacterCodingException | NumberFormatException _) {
            return Optional.empty();
        }
    }

    private static void document(Random random, int depth, StringBuilder json) {
        space(random, json);
        switch (random.nextInt(depth == 0 ? 5 : 9)) {
            case 0 -> json.append(random.nextInt(2000) - 1000);
            case 1 -> json.append(number(random));
            case 2 -> string(random, json);
            case 3 -> json.append(random.nextBoolean());
            case 4 -> json.append("null");
            case 5, 6 -> {
                json.append('[');
                for (int i = random.nextInt(4); i > 0; i--) {
                    document(random, depth - 1, json);
                    json.append(i > 1 ? "," : "");
                }
                json.append(']');
            }
            default -> {
                json.append('{');
                int members = random.nextInt(8) == 0 ? 40 : random.nextInt(5);
                for (int i = members; i > 0; i--) {
                    space(random, json);
                    string(random, json);
                    json.append(random.nextBoolean() ? ":" : " : ");
                    document(random, depth - 1, json);
                    json.append(i > 1 ? "," : "");
                }
                json.append('}');
            }
        }
        space(random, json);
    }

    private static void space(Random random, StringBuilder json) {
        if (random.nextInt(6) == 0) {
            json.append(" \n\t\r".charAt(random.nextInt(4)));
        }
    }

    private static String number(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> Long.toString(random.nextLong());
            case 1 -> random.nextLong() + "" + random.nextInt(1_000_000);
            case 2 -> Double.toString(random.nextDouble() * 1e6).replace("E", "e+");
            case 3 -> Double.toString(random.nextGaussian());
            case 4 -> random.nextInt(100) + "." + Math.abs(random.nextLong());
            default -> random.nextInt(10) + "e" + (random.nextInt(700) - 350);
        };
    }

    private static void string(Random random, StringBuilder json) {
        json.append('"');
        for (int i = random.nextInt(6); i > 0; i--) {
            json.append(
                    switch (random.nextInt(8)) {
                        case 0 -> "\\n";
                        case 1 -> "\\u01" + random.nextInt(10) + "f";
                        case 2 -> "đ";
                        case 3 -> "😀";
                        case 4 -> "\\\"";
                        default -> String.valueOf((char) ('a' + random.nextInt(5)));
                    });
        }
        json.append('"');
    }
}
