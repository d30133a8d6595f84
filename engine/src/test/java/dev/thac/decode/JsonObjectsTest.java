package dev.thac.decode;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.Set;

class JsonObjectsTest {

    @Test
    void membersAreAddedBeforeTheClosingBrace() {
        assertThat(with("{\"a\": 1.00 }\n", "{\"b\":2}")).isEqualTo("{\"a\": 1.00 ,\"b\":2}\n");
        assertThat(with("{}", "{\"b\":2}")).isEqualTo("{\"b\":2}");
        assertThat(with("{ \n}", "{\"b\":2}")).isEqualTo("{ \n\"b\":2}");
        assertThat(with("{\"a\":{}}", "{\"b\":2}")).isEqualTo("{\"a\":{},\"b\":2}");
        assertThat(with("{\"a\":\"{\"}", "{\"b\":2}")).isEqualTo("{\"a\":\"{\",\"b\":2}");
    }

    @Test
    void nothingAddedIsTheSameArray() {
        byte[] object = {'{', '}'};

        assertThat(JsonObjects.with(object, new byte[] {'{', '}'})).isSameAs(object);
    }

    @Test
    void membersAreRemovedWhereverTheyStand() {
        assertThat(without("{\"x\":1,\"a\":2,\"b\":3}", "x")).isEqualTo("{\"a\":2,\"b\":3}");
        assertThat(without("{\"a\":2, \"x\":{\"x\":[1,\"}\"]} ,\"b\":3}", "x"))
                .isEqualTo("{\"a\":2,\"b\":3}");
        assertThat(without("{\"a\":1e5,\"x\":\"\\\"\"}", "x")).isEqualTo("{\"a\":1e5}");
        assertThat(without(" { \"x\" : 1 } ", "x")).isEqualTo(" {} ");
        assertThat(without("{\"x\":1,\"x\":2,\"y\":3}", "x", "y")).isEqualTo("{}");
        assertThat(without("{\"\\u0078\":1,\"a\":true}", "x")).isEqualTo("{\"a\":true}");
        assertThat(without("\uFEFF{\"đ\":1,\"a\":[]}", "đ")).isEqualTo("\uFEFF{\"a\":[]}");
    }

    @Test
    void whatIsNotThereLeavesTheSameArray() {
        byte[] object = "{\"a\":{\"x\":1}, \"b\":\"x\"}".getBytes(StandardCharsets.UTF_8);

        assertThat(JsonObjects.without(object, Set.of("x"))).isSameAs(object);
    }

    private static String with(String object, String additions) {
        return text(JsonObjects.with(bytes(object), bytes(additions)));
    }

    private static String without(String object, String... names) {
        return text(JsonObjects.without(bytes(object), Set.of(names)));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
