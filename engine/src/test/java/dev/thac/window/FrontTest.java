package dev.thac.window;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thac.decode.Format;
import dev.thac.event.Delivery;
import dev.thac.event.RecordId;
import dev.thac.pipeline.FlowSpec;
import dev.thac.recover.FailuresSpec;
import dev.thac.recover.RetrySpec;
import dev.thac.spec.CelText;
import dev.thac.spec.DataSize;
import dev.thac.spec.Tree;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The front of a topology sees what the lanes see, and says when it happened. */
class FrontTest {

    private static final long RECORD_TIME = 1_700_000_000_000L;
    private static final Duration MAX_AHEAD = Duration.ofHours(1);

    @Test
    void eventsAreDecodedFilteredAndDerived() {
        Front front = front(Optional.empty());

        assertThat(front.read(delivery("{\"n\": 3}")))
                .isInstanceOfSatisfying(
                        Front.Result.Taken.class,
                        taken -> {
                            assertThat(taken.time()).isEqualTo(RECORD_TIME);
                            assertThat(taken.event().value())
                                    .isEqualTo(Map.of("n", 3L, "twice", 6L));
                        });
        assertThat(front.read(delivery("{\"m\": 3}"))).isInstanceOf(Front.Result.Filtered.class);
        assertThat(front.read(delivery("{"))).isInstanceOf(Front.Result.Refused.class);
    }

    @ParameterizedTest
    @CsvSource({
        "'\"2023-11-01T00:00:01.500Z\"', 2023-11-01T00:00:01.500Z",
        "'\"2023-11-01T07:00:00+07:00\"', 2023-11-01T00:00:00Z",
        "'\"2023-11-01T00:00:00.123456\"', 2023-11-01T00:00:00.123Z",
        "'\"2023-11-01 00:00:00\"', 2023-11-01T00:00:00Z",
        "1000, 1970-01-01T00:00:01Z",
        "1000.0, 1970-01-01T00:00:01Z",
    })
    void timeIsReadFromTheEvent(String json, Instant time) {
        Front front = front(Optional.of(new CelText("value.at")));

        assertThat(front.read(delivery("{\"n\": 1, \"at\": " + json + "}")))
                .isInstanceOfSatisfying(
                        Front.Result.Taken.class,
                        taken -> assertThat(taken.time()).isEqualTo(time.toEpochMilli()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"yesterday\"", "-1", "1.5", "null", "[]", "999999999999999"})
    void anEventWithoutUsableTimeIsRefused(String json) {
        Front front = front(Optional.of(new CelText("value.at")));

        assertThat(front.read(delivery("{\"n\": 1, \"at\": " + json + "}")))
                .isInstanceOfSatisfying(
                        Front.Result.Refused.class,
                        refused -> assertThat(refused.failure().stage()).isEqualTo("time"));
    }

    @ParameterizedTest
    @CsvSource({"0, true", "3600000, true", "3600001, false", "-86400000000, true"})
    void anEventIsBelievedUpToSoFarAheadOfItsRecord(long ahead, boolean believed) {
        Front front = front(Optional.of(new CelText("value.at")));

        assertThat(front.read(delivery("{\"n\": 1, \"at\": " + (RECORD_TIME + ahead) + "}")))
                .isInstanceOf(believed ? Front.Result.Taken.class : Front.Result.Ahead.class);
    }

    @Test
    void anEventOfARecordWithoutTimestampIsBelieved() {
        Front front = front(Optional.of(new CelText("value.at")));

        assertThat(front.read(delivery("{\"n\": 1, \"at\": 0}", -1)))
                .isInstanceOf(Front.Result.Taken.class);
        assertThat(front.read(delivery("{\"n\": 1, \"at\": " + RECORD_TIME + "}", -1)))
                .isInstanceOf(Front.Result.Taken.class);
    }

    private static Front front(Optional<CelText> time) {
        FlowSpec spec =
                new FlowSpec(
                        "p",
                        Format.JSON,
                        Optional.empty(),
                        new DataSize(1 << 20),
                        List.of(
                                new Tree(
                                        Map.of(
                                                "value",
                                                Map.of("n", List.of(Map.of("exists", true)))))),
                        Map.of("twice", new CelText("value.n * 2")),
                        Map.of(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Map.of(),
                        List.of(),
                        new FailuresSpec(
                                new RetrySpec(1, Duration.ZERO, Duration.ZERO, List.of()),
                                Optional.empty()),
                        Map.of());
        return Front.of(spec, new EventClock(time, MAX_AHEAD));
    }

    private static Delivery delivery(String value) {
        return delivery(value, RECORD_TIME);
    }

    private static Delivery delivery(String value, long timestamp) {
        return new Delivery(
                new RecordId("t", 0, 0),
                timestamp,
                null,
                value.getBytes(StandardCharsets.UTF_8),
                List.of());
    }
}
