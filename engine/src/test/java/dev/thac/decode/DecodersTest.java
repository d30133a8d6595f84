package dev.thac.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thac.event.Delivery;
import dev.thac.event.ErrorCode;
import dev.thac.event.Event;
import dev.thac.event.Failure;
import dev.thac.event.RecordId;

import org.junit.jupiter.api.Test;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

class DecodersTest {

    private static final Decoder JSON = Decoders.of(Format.JSON);
    private static final Decoder TEXT = Decoders.of(Format.TEXT);

    @Test
    void jsonBecomesTreesInDocumentOrder() {
        Object tree =
                tree("{\"b\": [1, -2.5, true, null, {\"x\": \"đẹp \\u0111\\n\"}], \"a\": {}}");

        assertThat(tree).hasToString("{b=[1, -2.5, true, null, {x=đẹp đ\n}], a={}}");
    }

    @Test
    void numbersKeepEveryDigit() {
        assertThat(tree("[0, -0.0, 9223372036854775807, -9223372036854775808]"))
                .isEqualTo(List.of(0L, -0.0, Long.MAX_VALUE, Long.MIN_VALUE));
        assertThat(tree("9223372036854775808")).isEqualTo(new BigInteger("9223372036854775808"));
        assertThat(tree("[0.1, 12345.678901234, 1e3, 1E-7]"))
                .isEqualTo(List.of(0.1, 12345.678901234, 1000.0, 1e-7));
        assertThat(tree("1234567.1234567890123"))
                .isEqualTo(new BigDecimal("1234567.1234567890123"));
        assertThat(tree("1e400")).isEqualTo(new BigDecimal("1e400"));
        assertThat(tree("0.1000000000000000055")).isInstanceOf(BigDecimal.class);
    }

    @Test
    void theLastOfRepeatedNamesCounts() {
        assertThat(tree("{\"a\":1,\"b\":2,\"\\u0061\":3}")).isEqualTo(Map.of("a", 3L, "b", 2L));
    }

    @Test
    void largeObjectsAreReadWhole() {
        StringBuilder json = new StringBuilder("{");
        for (int i = 0; i < 1000; i++) {
            json.append('"').append("f").append(i % 900).append("\":").append(i).append(',');
        }
        Map<?, ?> tree = (Map<?, ?>) tree(json.append("\"end\":true}").toString());

        assertThat(tree).hasSize(901);
        assertThat(tree.get("f5")).isEqualTo(905L);
        assertThat(tree.get("f899")).isEqualTo(899L);
        assertThat(tree.get("end")).isEqualTo(true);
        assertThat(tree.get("gone")).isNull();
    }

    @Test
    void namesThatAreMetAgainAreTheSameObject() {
        tree("{\"rating\":0}");
        Map<?, ?> first = (Map<?, ?>) tree("{\"rating\":1}");
        Map<?, ?> second = (Map<?, ?>) tree("{\"rating\":2}");

        assertThat(first.keySet().iterator().next())
                .isSameAs(second.keySet().iterator().next())
                .isSameAs("rating");
    }

    @Test
    void manyDifferentNamesAreStillRight() {
        for (int i = 0; i < 20_000; i++) {
            assertThat(((Map<?, ?>) tree("{\"name" + i + "\":1}")).containsKey("name" + i))
                    .isTrue();
        }
    }

    @Test
    void whatIsNoJsonIsRefusedWithItsPlaceAndWithoutPayload() {
        assertRefused("", 0);
        assertRefused("{\"secret\": tru}", 14);
        assertRefused("{\"secret\": 1} x", 14);
        assertRefused("{\"secret\": 01}", 11);
        assertRefused("{'secret': 1}", 1);
        assertRefused("{\"secret\" 1}", 10);
        assertRefused("[1,]", 3);
        assertRefused("\"secret", 7);
        assertRefused("\"secret\\x\"", 8);
        assertRefused("\"sec\nret\"", 4);
        assertRefused("NaN", 0);
        assertRefused("1.", 2);
    }

    @Test
    void endlessNestingIsRefused() {
        assertRefused("[".repeat(100_000), JsonReader.MAX_DEPTH);
        assertThat(tree("[".repeat(500) + "]".repeat(500))).isInstanceOf(List.class);
    }

    @Test
    void invalidUtf8IsRefusedAndTheReplacementCharacterIsNot() {
        assertThat(failure(JSON, new byte[] {'"', (byte) 0xC3, '"'}).message())
                .isEqualTo("not UTF-8 at byte 1");
        assertThat(failure(JSON, new byte[] {'"', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"'}))
                .isNotNull(); // a lone surrogate
        assertThat(failure(TEXT, new byte[] {'a', (byte) 0xFF}).message())
                .isEqualTo("not UTF-8 at byte 1");
        assertThat(tree("\"a\uFFFDb\"")).isEqualTo("a\uFFFDb");
    }

    @Test
    void otherEncodingsOfJsonAreRefused() {
        assertThat(failure(JSON, "{\"a\":1}".getBytes(StandardCharsets.UTF_16LE))).isNotNull();
        assertThat(failure(JSON, "{\"a\":1}".getBytes(StandardCharsets.UTF_16))).isNotNull();
    }

    @Test
    void aByteOrderMarkIsSkipped() {
        assertThat(tree("\uFEFF{\"a\":1}")).isEqualTo(Map.of("a", 1L));
    }

    @Test
    void textIsOneString() {
        assertThat(decoded(TEXT, "xin chào {".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo("xin chào {");
    }

    @Test
    void aTombstoneIsANullValue() {
        assertThat(JSON.decode(delivery(null)))
                .isInstanceOfSatisfying(
                        Decoder.Result.Undecodable.class,
                        result ->
                                assertThat(result.failure().code())
                                        .isEqualTo(ErrorCode.NULL_VALUE));
    }

    @Test
    void formatsThatAreNotBuiltAreRefused() {
        assertThatThrownBy(() -> Decoders.of(Format.AVRO))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Object tree(String json) {
        return decoded(JSON, json.getBytes(StandardCharsets.UTF_8));
    }

    private static Object decoded(Decoder decoder, byte[] value) {
        return switch (decoder.decode(delivery(value))) {
            case Decoder.Result.Decoded(Event event) -> event.value();
            case Decoder.Result.Undecodable(Failure failure) -> throw new AssertionError(failure);
        };
    }

    private static Failure failure(Decoder decoder, byte[] value) {
        return switch (decoder.decode(delivery(value))) {
            case Decoder.Result.Decoded(Event event) -> throw new AssertionError(event.value());
            case Decoder.Result.Undecodable(Failure failure) -> failure;
        };
    }

    private static Delivery delivery(byte[] value) {
        return new Delivery(new RecordId("t", 0, 0), 0, null, value, List.of());
    }

    private static void assertRefused(String json, int position) {
        Failure failure = failure(JSON, json.getBytes(StandardCharsets.UTF_8));

        assertThat(failure.code()).isEqualTo(ErrorCode.UNDECODABLE);
        assertThat(failure.stage()).isEqualTo("decode");
        assertThat(failure.message()).endsWith("at byte " + position).doesNotContain("secret");
    }
}
