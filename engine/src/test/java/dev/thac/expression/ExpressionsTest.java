package dev.thac.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thac.event.Delivery;
import dev.thac.event.Event;
import dev.thac.event.RecordId;

import org.junit.jupiter.api.Test;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

class ExpressionsTest {

    private static final BigInteger BIG = new BigInteger("123456789012345678901");

    @Test
    void theRuleOfTheExampleHolds() throws ExpressionException {
        Condition rule =
                Expressions.condition(
                        "value.rating == 5 && fold(value.text).contains('se mua lai')");

        assertThat(rule.test(event(Map.of("rating", 5L, "text", "Đẹp, SẼ MUA LẠI")))).isTrue();
        assertThat(rule.test(event(Map.of("rating", 5.0, "text", "sẽ mua lại")))).isTrue();
        assertThat(rule.test(event(Map.of("rating", 4L, "text", "sẽ mua lại")))).isFalse();
    }

    @Test
    void missingFieldsAndWrongTypesAreFalse() throws ExpressionException {
        assertThat(Expressions.condition("value.gone > 1").test(event(Map.of()))).isFalse();
        assertThat(Expressions.condition("value.a > 1").test(event(Map.of("a", "x")))).isFalse();
        assertThat(Expressions.condition("value.a").test(event(Map.of("a", "x")))).isFalse();
        assertThat(Expressions.condition("value.a == 1").test(event("text"))).isFalse();
        assertThat(Expressions.condition("value.gone.a == 1 || true").test(event(null))).isTrue();
    }

    @Test
    void formulasGiveTheEventsOwnValue() throws ExpressionException, EvaluationException {
        Event event = event(Map.of("id", BIG, "list", List.of(1L)));

        assertThat(Expressions.formula("value.id").apply(event)).isSameAs(BIG);
        assertThat(Expressions.formula("value.list[0] + 1").apply(event)).isEqualTo(2L);
        assertThat(Expressions.formula("string(value.id)").apply(event)).isEqualTo(BIG.toString());
    }

    @Test
    void formulasNameTheMissingFieldAndNoPayload() throws ExpressionException {
        Formula formula = Expressions.formula("value.customer.name + '!'");

        assertThatThrownBy(() -> formula.apply(event(Map.of("customer", Map.of("n", "secret")))))
                .isInstanceOf(EvaluationException.class)
                .hasMessage("value.customer.name is missing");
        assertThatThrownBy(() -> formula.apply(event(Map.of("customer", Map.of("name", 1L)))))
                .isInstanceOf(EvaluationException.class)
                .hasMessage("'+' does not take values of these types");
        assertThatThrownBy(
                        () ->
                                Expressions.formula("timestamp(value.at)")
                                        .apply(event(Map.of("at", "secret"))))
                .isInstanceOf(EvaluationException.class)
                .hasMessageNotContaining("secret");
    }

    @Test
    void bigNumbersCompareExactly() throws ExpressionException {
        Event event =
                event(
                        Map.of(
                                "id",
                                BIG,
                                "price",
                                new BigDecimal("0.1000000000000000000001"),
                                "long",
                                9_007_199_254_740_993L));

        assertThat(Expressions.condition("value.id > 9223372036854775807").test(event)).isTrue();
        assertThat(Expressions.condition("value.price > 0.1").test(event)).isTrue();
        assertThat(Expressions.condition("value.long == 9007199254740992.0").test(event)).isFalse();
    }

    @Test
    void nullIsAValue() throws ExpressionException {
        Map<String, Object> value = new HashMap<>(Collections.singletonMap("a", null));

        assertThat(Expressions.condition("value.a == null").test(event(value))).isTrue();
        assertThat(Expressions.condition("has(value.a)").test(event(value))).isTrue();
        assertThat(Expressions.condition("key == null").test(event(value))).isTrue();
    }

    @Test
    void pathsAreCollected() throws ExpressionException {
        assertThat(
                        Expressions.condition(
                                        "analysis.review.urgent && has(value.a.b)"
                                                + " && value.items.exists(i, i.p > value.min)"
                                                + " && value.list[0].x == headers['trace-id']"
                                                + " && fold(value.text).contains(topic)")
                                .paths())
                .containsExactlyInAnyOrder(
                        "analysis.review.urgent",
                        "value.a.b",
                        "value.items",
                        "value.min",
                        "value.list[0].x",
                        "headers[\"trace-id\"]",
                        "value.text",
                        "topic");
    }

    @Test
    void mistakesAreRefusedWithTheirPlace() {
        assertRefused("value.a ==", 10, "mismatched input");
        assertRefused("true &&\n valeu.a", 9, "unknown name 'valeu'");
        assertRefused("'đ😀' == x", 9, "unknown name 'x'");
        assertRefused("fold(1)", 4, "no matching overload");
        assertRefused("value.a == 1 ? 'x' : 'y'", 0, "true or false");
        assertRefused("value.a.matches('(')", 16, "regular expression");
    }

    @Test
    void commonConstructsNeedNoInterpreter() throws ExpressionException {
        for (String cel :
                List.of(
                        "value.a == 1 && value.b.matches('x+')",
                        "value.items.exists(i, i.price > 10.5)",
                        "value.items.map(i, i.price).size() > 2",
                        "{'a': [1, 2.5, value.x]}",
                        "value.tags.all(t, t in ['a', 'b'])")) {
            assertThat(Expressions.covered(cel)).as(cel).isTrue();
        }
        assertThat(Expressions.covered("timestamp(value.at) > timestamp('2026-01-01T00:00:00Z')"))
                .isFalse();
    }

    private static Event event(Object value) {
        return new Event(new Delivery(new RecordId("t", 0, 0), 0, null, null, List.of()), value);
    }

    private static void assertRefused(String cel, int position, String message) {
        assertThatThrownBy(() -> Expressions.condition(cel))
                .hasMessageContaining(message)
                .isInstanceOfSatisfying(
                        ExpressionException.class,
                        refused -> assertThat(refused.position()).isEqualTo(position));
    }
}
