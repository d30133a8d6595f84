package dev.thac.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thac.event.Delivery;
import dev.thac.event.Event;
import dev.thac.event.Header;
import dev.thac.event.RecordId;

import org.junit.jupiter.api.Test;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.List;
import java.util.Map;

class TemplateTest {

    private static final Event EVENT =
            new Event(
                            new Delivery(
                                    new RecordId("orders", 2, 42),
                                    7,
                                    new byte[] {'k'},
                                    null,
                                    List.of(Header.text("trace-id", "abc"))),
                            Map.of(
                                    "text",
                                    "đẹp",
                                    "items",
                                    List.of(Map.of("name", "áo")),
                                    "price",
                                    new BigDecimal("0.10000000000000000001"),
                                    "a b",
                                    5L,
                                    "nothing",
                                    Collections.emptyList()))
                    .withAnalysis(Map.of("review", Map.of("urgent", true)));

    @Test
    void placeholdersAreFilled() throws ExpressionException {
        assertThat(render("{{ value.text }}/{{value.items[0].name}}/{{ value.price }}"))
                .isEqualTo("đẹp/áo/0.10000000000000000001");
        assertThat(render("{{ topic }}-{{ partition }}@{{ offset }} {{key}} {{timestamp}}"))
                .isEqualTo("orders-2@42 k 7");
        assertThat(render("{{headers.trace-id}} {{ value[\"a b\"] }} {{ analysis.review.urgent }}"))
                .isEqualTo("abc 5 true");
    }

    @Test
    void objectsAndListsRenderAsJson() throws ExpressionException {
        assertThat(render("{{ value.items }}{{ value.nothing }}"))
                .isEqualTo("[{\"name\":\"áo\"}][]");
    }

    @Test
    void whatIsMissingRendersAsNothing() throws ExpressionException {
        assertThat(render("<{{ value.gone.deep }}{{ value.items[3].name }}{{ value.text.x }}>"))
                .isEqualTo("<>");
    }

    @Test
    void escapedBracesAreLiteral() throws ExpressionException {
        assertThat(render("\\{{ value.text }} }} { {{ value.text }}"))
                .isEqualTo("{{ value.text }} }} { đẹp");
    }

    @Test
    void pathsAreListed() throws ExpressionException {
        assertThat(Template.parse("{{ value.items[0].name }} {{ value['a b'] }}{{key}}").paths())
                .containsExactly("value.items[0].name", "value[\"a b\"]", "key");
    }

    @Test
    void wrongTemplatesAreRefusedWithTheirPlace() {
        assertRefused("x {{ value.text", 2);
        assertRefused("x {{ }}", 5);
        assertRefused("x {{ valeu.text }}", 5);
        assertRefused("{{ value.text | upper }}", 13);
        assertRefused("{{ value.items[x] }}", 15);
        assertRefused("{{ value. }}", 8);
    }

    private static String render(String text) throws ExpressionException {
        return Template.parse(text).render(EVENT);
    }

    private static void assertRefused(String text, int position) {
        assertThatThrownBy(() -> Template.parse(text))
                .isInstanceOfSatisfying(
                        ExpressionException.class,
                        refused -> assertThat(refused.position()).isEqualTo(position));
    }
}
