package dev.thac.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** The compiled checks against the complete validator as oracle. */
class SchemaCheckTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final List<Object> VALUES =
            List.of(
                    "",
                    "good",
                    "bad",
                    "đẹp",
                    "\uD83D\uDE00\uD83D\uDE00\uD83D\uDE00",
                    0L,
                    1L,
                    3L,
                    -7L,
                    1.0,
                    2.5,
                    1e3,
                    true,
                    false,
                    List.of(),
                    List.of(1L, 1L),
                    List.of("good", "bad", 3L),
                    List.of(List.of("good")),
                    Map.of(),
                    Map.of("a", 1L),
                    Map.of("a", "good", "b", List.of()),
                    Map.of("c", Map.of("a", 3L)));

    @Test
    void compiledChecksAgreeWithTheCompleteValidator() {
        Random random = new Random(11);
        int valid = 0;
        for (int round = 0; round < 20_000; round++) {
            Object schema = schema(random, 2);
            SchemaCheck compiled = SchemaCheck.of(schema);
            SchemaCheck complete = CompleteSchema.of(schema);
            for (int i = 0; i < 3; i++) {
                Object value = VALUES.get(random.nextInt(VALUES.size()));
                boolean passes = complete.violation(value) == null;
                assertThat(compiled.violation(value) == null)
                        .as("%s against %s", value, schema)
                        .isEqualTo(passes);
                valid += passes ? 1 : 0;
            }
        }
        assertThat(valid).isBetween(10_000, 50_000);
    }

    @Test
    void keywordsBeyondTheCommonOnesWorkToo() throws Exception {
        Object schema =
                JSON.readValue(
                        """
                        {"$defs": {"mood": {"enum": ["good", "bad"]}},
                         "if": {"type": "string"}, "then": {"$ref": "#/$defs/mood"}}
                        """,
                        Object.class);

        SchemaCheck check = SchemaCheck.of(schema);

        assertThat(check.violation("good")).isNull();
        assertThat(check.violation(7L)).isNull();
        assertThat(check.violation("meh")).startsWith("breaks enum");
    }

    @Test
    void violationsSayWhereAndWhatButNotTheValue() throws Exception {
        Object schema =
                JSON.readValue(
                        """
                        {"properties": {"list": {"items": {"properties": {"n": {"maximum": 5}}}}}}
                        """,
                        Object.class);

        String violation =
                SchemaCheck.of(schema)
                        .violation(Map.of("list", List.of(Map.of("n", 1L), Map.of("n", 4711L))));

        assertThat(violation).isEqualTo("list[1] n breaks maximum 5");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\": \"text\"}",
                "{\"enum\": 7}",
                "{\"minimum\": \"low\"}",
                "{\"pattern\": \"(\"}",
                "{\"maxLength\": -1}",
                "{\"properties\": []}",
                "{\"items\": null}",
                "7"
            })
    void whatIsNoSchemaIsRefused(String text) throws Exception {
        Object schema = JSON.readValue(text, Object.class);

        assertThatThrownBy(() -> SchemaCheck.of(schema))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Object schema(Random random, int depth) {
        Map<String, Object> schema = new LinkedHashMap<>();
        int keywords = random.nextInt(3);
        for (int i = 0; i <= keywords; i++) {
            keyword(random, depth, schema);
        }
        return schema;
    }

    private static void keyword(Random random, int depth, Map<String, Object> schema) {
        List<String> types =
                List.of("string", "integer", "number", "boolean", "array", "object", "null");
        switch (random.nextInt(depth > 0 ? 22 : 14)) {
            case 0, 1 -> schema.put("type", types.get(random.nextInt(types.size())));
            case 2 -> schema.put("type", List.of("string", types.get(random.nextInt(7))));
            case 3 -> schema.put("enum", List.of("good", 1L, List.of(1L, 1L), 2.5, Map.of()));
            case 4 -> schema.put("const", VALUES.get(random.nextInt(VALUES.size())));
            case 5 -> schema.put("minimum", (long) random.nextInt(4));
            case 6 -> schema.put("maximum", random.nextInt(4) + 0.5);
            case 7 -> schema.put("exclusiveMinimum", 1L);
            case 8 -> schema.put("exclusiveMaximum", 3L);
            case 9 -> schema.put("multipleOf", random.nextBoolean() ? 2L : 0.5);
            case 10 -> schema.put("minLength", 3L);
            case 11 -> schema.put("maxLength", 3L);
            case 12 -> schema.put("pattern", random.nextBoolean() ? "o+" : "^b");
            case 13 -> schema.put("uniqueItems", true);
            case 14 -> schema.put("items", schema(random, depth - 1));
            case 15 -> schema.put(random.nextBoolean() ? "minItems" : "maxItems", 2L);
            case 16 -> schema.put("properties", Map.of("a", schema(random, depth - 1)));
            case 17 -> schema.put("required", List.of("a"));
            case 18 -> schema.put("additionalProperties", false);
            case 19 -> schema.put("anyOf", both(random, depth));
            case 20 -> schema.put("oneOf", both(random, depth));
            default -> schema.put("not", schema(random, depth - 1));
        }
    }

    private static List<Object> both(Random random, int depth) {
        List<Object> both = new ArrayList<>();
        both.add(schema(random, depth - 1));
        both.add(schema(random, depth - 1));
        return both;
    }
}
