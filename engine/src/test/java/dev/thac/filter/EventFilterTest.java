package dev.thac.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thac.event.Delivery;
import dev.thac.event.Event;
import dev.thac.event.Header;
import dev.thac.event.RecordId;

import org.junit.jupiter.api.Test;

import java.math.BigInteger;
import java.util.Collections;
import java.util.List;
import java.util.Map;

class EventFilterTest {

    @Test
    void noPatternLetsEverythingPass() throws PatternException {
        assertThat(EventFilter.compile(List.of()).matches(event("text"))).isTrue();
    }

    @Test
    void anyPatternIsEnoughAndAllFieldsOfOneMustMatch() throws PatternException {
        EventFilter filter =
                EventFilter.compile(
                        List.of(
                                value(Map.of("a", List.of(1L), "b", List.of("x"))),
                                Map.of("topic", List.of(Map.of("prefix", "urgent.")))));

        assertThat(filter.matches(event(Map.of("a", 1.0, "b", "x")))).isTrue();
        assertThat(filter.matches(event(Map.of("a", 1L, "b", "y")))).isFalse();
    }

    @Test
    void textValuesAreMatchedWhole() throws PatternException {
        EventFilter filter =
                EventFilter.compile(
                        List.of(Map.of("value", List.of(Map.of("wildcard", "ERROR*timeout")))));

        assertThat(filter.matches(event("ERROR: a timeout"))).isTrue();
        assertThat(filter.matches(event("a timeout"))).isFalse();
    }

    @Test
    void conditionsOnAnObjectInAnArrayHoldForTheSameElement() throws PatternException {
        EventFilter filter =
                EventFilter.compile(
                        List.of(
                                value(
                                        Map.of(
                                                "items",
                                                Map.of("sku", List.of("a"), "n", List.of(2L))))));

        assertThat(filter.matches(items(item("a", 1), item("b", 2)))).isFalse();
        assertThat(filter.matches(items(item("b", 1), item("a", 2)))).isTrue();
    }

    @Test
    void numbersAreExact() throws PatternException {
        EventFilter above =
                EventFilter.compile(
                        List.of(value(Map.of("id", List.of(Map.of("numeric", List.of(">", 1L)))))));

        assertThat(above.matches(event(Map.of("id", 9_007_199_254_740_993L)))).isTrue();
        assertThat(above.matches(event(Map.of("id", new BigInteger("99999999999999999999")))))
                .isTrue();
        EventFilter exact =
                EventFilter.compile(List.of(value(Map.of("id", List.of(9_007_199_254_740_993L)))));
        assertThat(exact.matches(event(Map.of("id", 9_007_199_254_740_992L)))).isFalse();
    }

    @Test
    void networksMatchAddressesOnly() throws PatternException {
        EventFilter filter =
                EventFilter.compile(
                        List.of(
                                value(
                                        Map.of(
                                                "ip",
                                                List.of(
                                                        Map.of("cidr", "10.1.2.0/23"),
                                                        Map.of("cidr", "2001:db8::/33"))))));

        for (String inside : List.of("10.1.2.0", "10.1.3.255", "2001:db8:7fff::1")) {
            assertThat(filter.matches(event(Map.of("ip", inside)))).as(inside).isTrue();
        }
        for (String outside :
                List.of("10.1.4.0", "2001:db8:8000::", "10.1.2", "fade", "a:b", "", "10.1.2.x")) {
            assertThat(filter.matches(event(Map.of("ip", outside)))).as(outside).isFalse();
        }
    }

    @Test
    void absenceAsksForTheWholeEvent() throws PatternException {
        EventFilter filter =
                EventFilter.compile(
                        List.of(
                                value(
                                        Map.of(
                                                "items",
                                                Map.of("n", List.of(Map.of("exists", false)))))));

        assertThat(filter.matches(items(item("a", 1), Map.of("sku", "b")))).isFalse();
        assertThat(filter.matches(items(Map.of("sku", "b")))).isTrue();
        assertThat(filter.matches(event(Map.of()))).isTrue();
    }

    @Test
    void keyAndHeadersAreSeen() throws PatternException {
        Event event =
                new Event(
                        new Delivery(
                                new RecordId("t", 0, 0),
                                0,
                                null,
                                null,
                                List.of(Header.text("trace.id", "x"), Header.text("n", "1"))),
                        Map.of());

        assertThat(matches(Map.of("headers", Map.of("trace.id", List.of("x"))), event)).isTrue();
        assertThat(matches(Map.of("key", List.of(Map.of("exists", false))), event)).isTrue();
        assertThat(matches(Map.of("key", List.of(Map.of("exists", true))), event)).isFalse();
    }

    @Test
    void mistakesNameTheirPlaceAndTheNearestSpelling() {
        assertRefused(Map.of("valeu", List.of("x")), "[0].valeu", "\"value\"");
        assertRefused(Map.of("text", List.of("x")), "[0].text", "under 'value'");
        assertRefused(
                value(Map.of("text", List.of("ok", Map.of("prefx", "x")))),
                "[0].value.text[1].prefx",
                "\"prefix\"");
        assertRefused(value(Map.of("text", "x")), "[0].value.text", "put it in a list: [x]");
        assertRefused(value(Map.of("text", List.of())), "[0].value.text", "empty list");
        assertRefused(Map.of("value", Map.of()), "[0].value", "empty object");
        assertRefused(
                value(Map.of("n", List.of(Map.of("numeric", List.of(">", 5L, "<", 1L))))),
                "[0].value.n[0].numeric",
                "below");
        assertRefused(
                value(Map.of("n", List.of(Map.of("anything-but", List.of("a", 1L))))),
                "[0].value.n[0].anything-but",
                "texts only or numbers only");
        assertRefused(
                value(Map.of("n", List.of(Map.of("exists", "yes")))),
                "[0].value.n[0].exists",
                "true or false");
        assertRefused(
                value(Map.of("n", List.of(Map.of("cidr", "10.0.0.0/40")))),
                "[0].value.n[0].cidr",
                "10.0.0.0/24");
        assertRefused(
                value(Map.of("n", List.of(Map.of("wildcard", "a**b")))),
                "[0].value.n[0].wildcard",
                "'**'");
        assertRefused(
                value(Map.of("$or", List.of(Map.of("a", List.of(1L))))),
                "[0].value.$or",
                "at least two");
        assertRefused(
                value(Map.of("n", Collections.singletonList(List.of(1L)))),
                "[0].value.n[0]",
                "a list in a list");
    }

    private static Map<String, Object> value(Map<String, Object> body) {
        return Map.of("value", body);
    }

    private static Event items(Object... items) {
        return event(Map.of("items", List.of(items)));
    }

    private static Map<String, Object> item(String sku, long n) {
        return Map.of("sku", sku, "n", n);
    }

    private static Event event(Object value) {
        return new Event(
                new Delivery(new RecordId("t", 0, 0), 0, new byte[] {'k'}, null, List.of()), value);
    }

    private static boolean matches(Object pattern, Event event) throws PatternException {
        return EventFilter.compile(List.of(pattern)).matches(event);
    }

    private static void assertRefused(Object pattern, String path, String message) {
        assertThatThrownBy(() -> EventFilter.compile(List.of(pattern)))
                .hasMessageContaining(message)
                .isInstanceOfSatisfying(
                        PatternException.class,
                        refused -> assertThat(refused.path()).isEqualTo(path));
    }
}
