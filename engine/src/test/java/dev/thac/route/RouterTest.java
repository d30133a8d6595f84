package dev.thac.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thac.decode.Decoder;
import dev.thac.decode.Decoders;
import dev.thac.decode.Format;
import dev.thac.event.Delivery;
import dev.thac.event.ErrorCode;
import dev.thac.event.Event;
import dev.thac.event.Failure;
import dev.thac.event.Header;
import dev.thac.event.Money;
import dev.thac.event.RecordId;
import dev.thac.event.SinkRecord;
import dev.thac.event.TokenUsage;
import dev.thac.event.Trail;
import dev.thac.event.Verdict;
import dev.thac.expression.ExpressionException;
import dev.thac.spec.CelText;
import dev.thac.spec.TemplateText;

import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

class RouterTest {

    private static final Map<String, Object> FIELDS = fields();
    private static final Trail JUDGED = new Trail(List.of(answered("review", FIELDS)));

    @Test
    void theAnalysisIsSplicedIntoTheOriginalBytes() throws ExpressionException {
        Event event = event("{\"id\": 1.50, \"text\" : \"\\u0111ẹp\"}");

        assertThat(value(event, JUDGED, route("out")))
                .isEqualTo(
                        "{\"id\": 1.50, \"text\" : \"\\u0111ẹp\",\"analysis\":{\"review\":"
                                + "{\"sentiment\":\"negative\",\"urgent\":true}}}");
    }

    @Test
    void anAnalysisFromBeforeIsReplaced() throws ExpressionException {
        Event event = event("{\"analysis\":{\"old\":1},\"id\":7}");

        assertThat(value(event, JUDGED, route("out")))
                .isEqualTo(
                        "{\"id\":7,\"analysis\":{\"review\":"
                                + "{\"sentiment\":\"negative\",\"urgent\":true}}}");
    }

    @Test
    void derivedMembersAreAddedAndReplaceOthers() throws ExpressionException {
        Event event = event("{\"id\":7.0,\"total\":1}").withDerived(Map.of("total", 9L));

        assertThat(value(event, Trail.NONE, route("out"))).isEqualTo("{\"id\":7.0,\"total\":9}");
    }

    @Test
    void withoutAnalysesTheOriginalBytesGoOn() throws ExpressionException {
        Event event = event("{\"id\": 1e2}");

        SinkRecord record = only(event, Trail.NONE, route("out"));

        assertThat(record.value()).isSameAs(event.delivery().value());
    }

    @Test
    void whatIsNoObjectGetsAnEnvelope() throws ExpressionException {
        Delivery delivery = delivery("xin chào".getBytes(StandardCharsets.UTF_8), List.of());
        Event event = decoded(Format.TEXT, delivery);

        assertThat(value(event, JUDGED, route("out")))
                .isEqualTo(
                        "{\"value\":\"xin chào\",\"analysis\":{\"review\":"
                                + "{\"sentiment\":\"negative\",\"urgent\":true}}}");
        assertThat(value(event, Trail.NONE, route("out"))).isEqualTo("xin chào");
    }

    @Test
    void aVerdictRouteEmitsTheAnalysisAlone() throws ExpressionException {
        RouteSpec verdict =
                new RouteSpec(
                        "out",
                        Optional.empty(),
                        false,
                        Optional.empty(),
                        Map.of(),
                        Optional.empty(),
                        Emit.VERDICT,
                        Optional.empty());

        assertThat(value(event("{}"), JUDGED, verdict))
                .isEqualTo("{\"review\":{\"sentiment\":\"negative\",\"urgent\":true}}");
    }

    @Test
    void aFailedOptionalAnalysisSaysItsError() throws ExpressionException {
        Trail trail =
                new Trail(
                        List.of(
                                new Verdict(
                                        "intent",
                                        new Verdict.Result.Unanswered(
                                                new Failure(
                                                        ErrorCode.REFUSED,
                                                        "analysis.intent",
                                                        "the model refused")),
                                        "",
                                        Optional.empty(),
                                        OptionalDouble.empty(),
                                        "",
                                        TokenUsage.NONE,
                                        Money.ZERO,
                                        0,
                                        2,
                                        "")));

        assertThat(value(event("{}"), trail, route("out")))
                .contains("\"intent\":{\"error\":{")
                .contains("\"code\":\"refused\"")
                .contains("\"message\":\"the model refused\"");
    }

    @Test
    void everyRouteWhoseConditionHoldsGetsTheEventAndOtherwiseTheRest() throws ExpressionException {
        Router router =
                new Router(
                        "reviews",
                        List.of(
                                when("a", "value.n > 1"),
                                otherwise("rest"),
                                when("b", "analysis.review.urgent")));
        Event urgent = event("{\"n\":2}").withAnalysis(Map.of("review", Map.of("urgent", true)));

        assertThat(topics(router.route(urgent, JUDGED))).containsExactly("a", "b");
        assertThat(topics(router.route(event("{\"n\":2}"), Trail.NONE))).containsExactly("a");
        assertThat(topics(router.route(event("{\"n\":1}"), Trail.NONE))).containsExactly("rest");
        assertThat(topics(router.route(event("{\"n\":\"x\"}"), Trail.NONE)))
                .containsExactly("rest");
    }

    @Test
    void keyTimestampAndHeadersAreTheSources() throws ExpressionException {
        Delivery delivery =
                delivery(
                        "{}".getBytes(StandardCharsets.UTF_8),
                        List.of(
                                Header.text("trace", "x"),
                                Header.text("thac.pipeline", "earlier"),
                                Header.text("thac.review.tier", "old")));

        SinkRecord record = only(decoded(Format.JSON, delivery), JUDGED, route("out"));

        assertThat(record.timestamp()).isEqualTo(1234);
        assertThat(record.key()).isSameAs(delivery.key());
        assertThat(record.partition()).isNull();
        assertThat(record.headers().stream().map(header -> header.key() + "=" + header.text()))
                .containsExactly(
                        "trace=x",
                        "thac.source=reviews.raw-3@42",
                        "thac.pipeline=reviews",
                        "thac.review.tier=small",
                        "thac.review.model=claude-haiku-5-5",
                        "thac.review.confidence=0.91",
                        "thac.review.reason=confidence 0.91 >= 0.70",
                        "thac.cost.nanos=57000",
                        "thac.tokens=130",
                        "thac.attempts=1",
                        "thac.prompt=00ff00ff00ff00ff");
    }

    @Test
    void keysAreComputed() throws ExpressionException {
        Event event = event("{\"id\":123456789012345678901,\"name\":\"Lê\",\"o\":{\"a\":[1]}}");

        assertThat(key(event, "value.name")).isEqualTo("Lê");
        assertThat(key(event, "value.id")).isEqualTo("123456789012345678901");
        assertThat(key(event, "value.name == 'Lê'")).isEqualTo("true");
        assertThat(key(event, "value.o")).isEqualTo("{\"a\":[1]}");
        assertThat(only(event, Trail.NONE, keyed("null")).key()).isNull();
    }

    @Test
    void routesAddHeadersAndChooseThePartition() throws ExpressionException {
        RouteSpec spec =
                new RouteSpec(
                        "out",
                        Optional.empty(),
                        false,
                        Optional.empty(),
                        Map.of("trace", new TemplateText("{{ value.id }}-{{ partition }}")),
                        Optional.of(new CelText("value.id % 4")),
                        Emit.EVENT,
                        Optional.empty());
        Delivery delivery =
                delivery(
                        "{\"id\":7}".getBytes(StandardCharsets.UTF_8),
                        List.of(Header.text("trace", "old")));

        SinkRecord record = only(decoded(Format.JSON, delivery), Trail.NONE, spec);

        assertThat(record.partition()).isEqualTo(3);
        assertThat(record.headers().stream().filter(header -> header.key().equals("trace")))
                .extracting(Header::text)
                .containsExactly("7-3");
    }

    private static RouteSpec placed(String partition) {
        return new RouteSpec(
                "out",
                Optional.empty(),
                false,
                Optional.empty(),
                Map.of(),
                Optional.of(new CelText(partition)),
                Emit.EVENT,
                Optional.empty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "Hà Nội", "abc", "user_842", "customer-1234567", "Đà Nẵng ở"})
    void aTextChoosesThePartitionThatKafkaGivesSuchAKey(String city) throws ExpressionException {
        Event event = event("{\"city\":\"" + city + "\"}");
        int partitions = 7;

        SinkRecord record = only(event, Trail.NONE, placed("value.city"));

        assertThat(Objects.requireNonNull(record.partition()) % partitions)
                .isEqualTo(
                        BuiltInPartitioner.partitionForKey(
                                city.getBytes(StandardCharsets.UTF_8), partitions));
    }

    @Test
    void aPartitionThatIsNeitherNumberNorTextRefusesTheEvent() throws ExpressionException {
        for (String wrong : List.of("value.id - 9", "1.5", "true", "null")) {
            assertThat(
                            new Router("reviews", List.of(placed(wrong)))
                                    .route(event("{\"id\":1}"), Trail.NONE))
                    .as(wrong)
                    .isInstanceOf(Router.Routing.Refused.class);
        }
        assertThat(placed(" 3 ").fixedPartition()).contains(3);
        assertThat(placed("value.id % 3").fixedPartition()).isEmpty();
    }

    @Test
    void aKeyThatCannotBeComputedRefusesTheEvent() throws ExpressionException {
        Router router = new Router("reviews", List.of(keyed("value.customer.id")));

        assertThat(router.route(event("{}"), Trail.NONE))
                .isEqualTo(
                        new Router.Routing.Refused(
                                new Failure(
                                        ErrorCode.WRONG_TYPE,
                                        "route",
                                        "the key for out: value.customer is missing")));
    }

    private static Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("sentiment", "negative");
        fields.put("urgent", true);
        return fields;
    }

    private static Verdict answered(String analysis, Map<String, Object> fields) {
        return new Verdict(
                analysis,
                new Verdict.Result.Answered(fields),
                "small",
                Optional.of("claude-haiku-5-5"),
                OptionalDouble.of(0.91),
                "confidence 0.91 >= 0.70",
                new TokenUsage(100, 0, 0, 30, 0),
                new Money(57_000),
                1,
                1,
                "00ff00ff00ff00ff");
    }

    private static RouteSpec route(String to) {
        return spec(to, Optional.empty(), false, Optional.empty());
    }

    private static RouteSpec when(String to, String when) {
        return spec(to, Optional.of(new CelText(when)), false, Optional.empty());
    }

    private static RouteSpec otherwise(String to) {
        return spec(to, Optional.empty(), true, Optional.empty());
    }

    private static RouteSpec keyed(String key) {
        return spec("out", Optional.empty(), false, Optional.of(new CelText(key)));
    }

    private static RouteSpec spec(
            String to, Optional<CelText> when, boolean otherwise, Optional<CelText> key) {
        return new RouteSpec(
                to, when, otherwise, key, Map.of(), Optional.empty(), Emit.EVENT, Optional.empty());
    }

    private static Event event(String json) {
        return decoded(Format.JSON, delivery(json.getBytes(StandardCharsets.UTF_8), List.of()));
    }

    private static Delivery delivery(byte[] value, List<Header> headers) {
        return new Delivery(
                new RecordId("reviews.raw", 3, 42), 1234, new byte[] {'k'}, value, headers);
    }

    private static Event decoded(Format format, Delivery delivery) {
        return switch (Decoders.of(format).decode(delivery)) {
            case Decoder.Result.Decoded(Event event) -> event;
            case Decoder.Result.Undecodable(Failure failure) -> throw new AssertionError(failure);
        };
    }

    private static SinkRecord only(Event event, Trail trail, RouteSpec spec)
            throws ExpressionException {
        return sent(new Router("reviews", List.of(spec)).route(event, trail)).getFirst();
    }

    private static String value(Event event, Trail trail, RouteSpec spec)
            throws ExpressionException {
        return new String(only(event, trail, spec).value(), StandardCharsets.UTF_8);
    }

    private static String key(Event event, String cel) throws ExpressionException {
        return new String(only(event, Trail.NONE, keyed(cel)).key(), StandardCharsets.UTF_8);
    }

    private static List<String> topics(Router.Routing routing) {
        return sent(routing).stream().map(SinkRecord::topic).toList();
    }

    private static List<SinkRecord> sent(Router.Routing routing) {
        return switch (routing) {
            case Router.Routing.Sent(List<SinkRecord> records) -> records;
            case Router.Routing.Refused(Failure failure) -> throw new AssertionError(failure);
        };
    }
}
