package dev.thac.redact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thac.event.Delivery;
import dev.thac.event.Event;
import dev.thac.event.Header;
import dev.thac.event.RecordId;
import dev.thac.expression.ExpressionException;
import dev.thac.expression.Template;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class RedactorTest {

    private static final List<RedactKind> ALL = Arrays.asList(RedactKind.values());

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "viết cho lan.nguyen+shop@mail.example.vn nhé | viết cho [email] nhé",
                "(a@b.co), <x_y@thu.edu.vn>. | ([email]), <[email]>.",
                "gọi 0912345678 | gọi [phone]",
                "gọi 0912 345 678, 091-234-5678 | gọi [phone], [phone]",
                "0912.345.678 hoặc 09 12 34 56 78 | [phone] hoặc [phone]",
                "+84 912 345 678 và +84(0)912.345.678 | [phone] và [phone]",
                "0084912345678 hay 84912345678 | [phone] hay [phone]",
                "số cũ 01682345678 | số cũ [phone]",
                "cố định 024 3822 1234, (028) 3822 1234 | cố định [phone], ([phone]",
                "from abroad +1 415 555 0123 | from abroad [phone]",
                "sdt:0912345678. | sdt:[phone].",
                "０９１２３４５６７８ | [phone]",
                "thẻ 4111 1111 1111 1111 hết hạn 11/27 | thẻ [card] hết hạn 11/27",
                "5500-0000-0000-0004/378282246310005 | [card]/[card]",
                "CCCD 001099012345 | CCCD [national-id]",
                "001 099 012 345 | [national-id]",
                "số cmnd: 271234567 | số cmnd: [national-id]",
                "chứng minh thư 123456789 | chứng minh thư [national-id]",
                "012345678 cấp tại Hà Nội | [national-id] cấp tại Hà Nội",
            })
    void takesOutPersonalData(String text, String redacted) {
        assertThat(shown(kinds(), "{{ value.text }}", Map.of("text", text))).isEqualTo(redacted);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mua 10 điện thoại giá 250000000 đồng",
                "50.000.000 đ, 1.250.000 VND, 123456789 VND",
                "đơn 2026-11-20 08:15, 20.11.2026 10:30, 03.11.2026 10:30",
                "mã đơn 123456789012, lô 4111111111111112",
                "tổng đài 19001560, 1800 1091",
                "1732093200000 1732093200000123",
                "ai đó @ nhà, x@y",
                "toạ độ 10.762622, 106.660172",
            })
    void leavesOtherTextAlone(String text) {
        assertThat(shown(kinds(), "{{ value.text }}", Map.of("text", text))).isEqualTo(text);
    }

    @Test
    void looksIntoObjectsThatAreRenderedAsJson() throws Exception {
        Map<String, Object> value =
                Map.of(
                        "profile",
                        Map.of(
                                "note",
                                "line one\n0912345678 \"a@b.vn\"",
                                "amount",
                                250_000_000L,
                                "pan",
                                4_111_111_111_111_111L,
                                "rate",
                                new BigDecimal("0.912345678")));

        String text = shown(kinds(), "{{ value.profile }}", value);

        assertThat(text)
                .contains("line one\\n[phone] \\\"[email]\\\"")
                .contains("\"amount\":250000000")
                .contains("\"pan\":\"[card]\"")
                .contains("\"rate\":0.912345678");
    }

    @Test
    void fieldsAreReplacedAsAWholeWhereverTheyAreRendered() throws Exception {
        Map<String, Object> value =
                Map.of(
                        "customer",
                        "C-1042",
                        "name",
                        Map.of("first", "Lan", "last", "Nguyễn Thị"),
                        "contacts",
                        List.of(Map.of("mail", "one"), Map.of("mail", "two", "kind", "work")),
                        "note",
                        "khách c-1042 (NGUYỄN THỊ) hỏi; C-10421 thì không",
                        "context",
                        Map.of(
                                "count_1h",
                                3L,
                                "last",
                                List.of(Map.of("customer", "C-9999", "amount", 5L))));
        Redactor redactor =
                Redactor.of(
                        Optional.of(
                                new RedactSpec(
                                        List.of(),
                                        Map.of(),
                                        List.of(
                                                "value.customer",
                                                "value.name",
                                                "value.contacts.mail",
                                                "headers.phone",
                                                "key"))));

        assertThat(shown(redactor, "{{ value.customer }} {{ value.name.first }}", value))
                .isEqualTo("[customer] [name]");
        assertThat(shown(redactor, "{{ value.contacts }}", value))
                .contains("\"mail\":\"[mail]\"", "\"kind\":\"work\"")
                .doesNotContain("one", "two");
        assertThat(shown(redactor, "{{ value.contacts[1].mail }}", value)).isEqualTo("[mail]");
        assertThat(shown(redactor, "{{ value.note }}", value))
                .isEqualTo("khách [redacted] ([redacted]) hỏi; C-10421 thì không");
        assertThat(shown(redactor, "{{ value.context }}", value))
                .contains("\"customer\":\"[customer]\"", "\"amount\":5", "\"count_1h\":3")
                .doesNotContain("9999");
        assertThat(shown(redactor, "{{ key }} {{ headers.phone }} {{ headers.h }}", value))
                .isEqualTo("[key] [phone] v");
        assertThat(shown(redactor, "{{ value }}", value))
                .doesNotContain("1042\"", "Lan", "Nguy", "9999", "one", "two");
    }

    @Test
    void whatIsMissingStaysMissing() throws Exception {
        Redactor redactor =
                Redactor.of(
                        Optional.of(new RedactSpec(List.of(), Map.of(), List.of("value.phone"))));

        assertThat(shown(redactor, "<{{ value.phone }}>", Map.of("text", "x"))).isEqualTo("<>");
    }

    @Test
    void nothingIsTakenOutWhereNothingIsDeclared() throws Exception {
        String text = "0912345678 a@b.vn 4111111111111111 001099012345";

        assertThat(shown(Redactor.of(Optional.empty()), "{{ value.text }}", Map.of("text", text)))
                .isEqualTo(text);
    }

    /** With backtracking the first would take longer than the universe has. */
    @Test
    void noTextMakesAnExpressionSlow() throws Exception {
        Redactor redactor =
                Redactor.of(
                        Optional.of(
                                new RedactSpec(
                                        ALL,
                                        Map.of("odd", "(a|aa)+b", "nested", "(x+x+)+y"),
                                        List.of("value.name"))));
        String text =
                "a".repeat(5_000)
                        + "@"
                        + "x".repeat(5_000)
                        + " 0".repeat(5_000)
                        + "a@".repeat(2_000);

        long start = System.nanoTime();
        shown(redactor, "{{ value.text }}", Map.of("text", text, "name", "aaaa"));

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void customExpressionsHaveTheirNames() throws Exception {
        Redactor redactor =
                Redactor.of(
                        Optional.of(
                                new RedactSpec(
                                        List.of(RedactKind.PHONE),
                                        Map.of("account", "\\b[0-9]{9,14}\\b"),
                                        List.of())));

        assertThat(
                        shown(
                                redactor,
                                "{{ value.text }} {{ value.amount }}",
                                Map.of("text", "tk 19021234567 $1", "amount", 190_212_345L)))
                .isEqualTo("tk [account] $1 190212345");
    }

    @ParameterizedTest
    @CsvSource({"(a", "a*", "(?=x)y", "(a)\\1"})
    void refusesWhatCannotBeMatchedInLinearTimeOrMatchesEverywhere(String expression) {
        RedactSpec spec = new RedactSpec(List.of(), Map.of("odd", expression), List.of());

        assertThatThrownBy(() -> Redactor.of(Optional.of(spec)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Redactor kinds() {
        try {
            return Redactor.of(Optional.of(new RedactSpec(ALL, Map.of(), List.of())));
        } catch (ExpressionException e) {
            throw new AssertionError(e);
        }
    }

    private static String shown(Redactor redactor, String template, Map<String, Object> value) {
        Delivery delivery =
                new Delivery(
                        new RecordId("in", 0, 0),
                        0,
                        "k-secret".getBytes(StandardCharsets.UTF_8),
                        new byte[0],
                        List.of(Header.text("phone", "+84912345678"), Header.text("h", "v")));
        Event event = new Event(delivery, value);
        try {
            return Template.parse(template).render(event, redactor.lens(event));
        } catch (ExpressionException e) {
            throw new AssertionError(e);
        }
    }
}
