package dev.thac.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;

import org.junit.jupiter.api.Test;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

class JsonWriterTest {

    @Test
    void treesBecomeCompactJson() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("a\"", Arrays.asList(1L, -0.5, null, true, "đẹp 😀\n\u0001"));
        tree.put("b", Map.of());
        tree.put("c", List.of(new BigInteger("123456789012345678901"), new BigDecimal("1E+400")));
        tree.put("d", List.of(Long.MIN_VALUE, Long.MAX_VALUE, 0L, -7L));

        assertThat(JsonText.text(tree))
                .isEqualTo(
                        "{\"a\\\"\":[1,-0.5,null,true,\"đẹp 😀\\n\\u0001\"],\"b\":{},"
                                + "\"c\":[123456789012345678901,1E+400],"
                                + "\"d\":[-9223372036854775808,9223372036854775807,0,-7]}");
    }

    @Test
    void whatJsonCannotSayBecomesText() {
        assertThat(JsonText.text(List.of(Double.NaN, Double.POSITIVE_INFINITY)))
                .isEqualTo("[\"NaN\",\"Infinity\"]");
    }

    @Test
    void halfASurrogatePairStaysAnEscape() {
        assertThat(JsonText.text("a\uD83Db\uDE00")).isEqualTo("\"a\\ud83db\\ude00\"");
    }

    @Test
    void anyTextSurvivesTheWayThroughJackson() throws JsonProcessingException {
        JsonMapper jackson = new JsonMapper();
        Random random = new Random(9);
        for (int i = 0; i < 5_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(300); n > 0; n--) {
                int point =
                        random.nextInt(
                                switch (random.nextInt(4)) {
                                    case 0 -> 0x20;
                                    case 1 -> 0x80;
                                    case 2 -> 0x3000;
                                    default -> 0x110000;
                                });
                text.appendCodePoint(point >= 0xD800 && point < 0xE000 ? 'x' : point);
            }
            byte[] json = JsonText.bytes(text.toString());

            assertThat(jackson.readValue(new String(json, StandardCharsets.UTF_8), String.class))
                    .isEqualTo(text.toString());
        }
    }
}
