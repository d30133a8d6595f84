package dev.thac.recover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thac.event.Delivery;
import dev.thac.event.Earlier;
import dev.thac.event.ErrorCode;
import dev.thac.event.Failure;
import dev.thac.event.Header;
import dev.thac.event.Money;
import dev.thac.event.RecordId;
import dev.thac.event.SinkRecord;
import dev.thac.event.TokenUsage;
import dev.thac.event.Trail;
import dev.thac.event.Verdict;
import dev.thac.spec.Delay;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

class RetryRecordsTest {

    private static final Instant FIRST = Instant.parse("2026-11-01T10:00:00Z");
    private static final Failure FAILURE =
            new Failure(ErrorCode.SCHEMA_VIOLATION, "analysis.review", "score is missing");
    private static final RetryTopics TOPICS =
            RetryTopics.of(
                    "p",
                    List.of(
                            new Delay("60s", Duration.ofMinutes(1)),
                            new Delay("10m", Duration.ofMinutes(10))));
    private static final Delivery ORIGINAL =
            new Delivery(
                    new RecordId("reviews-raw", 3, 7),
                    99,
                    new byte[] {'k'},
                    new byte[] {'{', (byte) 0xFF},
                    List.of(Header.text("trace", "x"), new Header("empty", null)));

    private final RetryRecords records = new RetryRecords("p");

    @Test
    void topicsAreNamedAsTheFileSpellsTheirDelays() {
        assertThat(TOPICS.levels())
                .extracting(RetryTopic::name)
                .containsExactly("p.retry.60s", "p.retry.10m");
        assertThat(TOPICS.after(1)).contains(TOPICS.levels().getLast());
        assertThat(TOPICS.after(2)).isEmpty();
    }

    @Test
    void theOriginalRecordIsUntouchedAndGoesToItsPartitionWithoutATime() {
        SinkRecord record =
                records.record(
                        TOPICS.levels().getFirst(),
                        ORIGINAL,
                        FAILURE,
                        new Trail(List.of(failed(3, 20))),
                        FIRST);

        assertThat(record.topic()).isEqualTo("p.retry.60s");
        assertThat(record.partition()).isEqualTo(3);
        assertThat(record.timestamp()).isNegative();
        assertThat(record.key()).isSameAs(ORIGINAL.key());
        assertThat(record.value()).isSameAs(ORIGINAL.value());
        assertThat(record.headers().subList(0, 2)).isEqualTo(ORIGINAL.headers());
        assertThat(texts(record.headers().subList(2, record.headers().size())))
                .containsExactly(
                        "thac.source=reviews-raw-3@7",
                        "thac.source.timestamp=99",
                        "thac.pipeline=p",
                        "thac.stage=analysis.review",
                        "thac.reason=schema-violation",
                        "thac.message=score is missing",
                        "thac.attempts=3",
                        "thac.first-failure=2026-11-01T10:00:00Z",
                        "thac.retries=1",
                        "thac.cost.nanos=20",
                        "thac.tokens=20");
    }

    @Test
    void whatComesBackIsTheOriginalWithAllThatWasDoneForIt() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("z", "Tốt \"ạ\"");
        fields.put("a", List.of(1L, new BigInteger("123456789012345678901234567890")));
        fields.put("amount", new BigDecimal("0.1000000000000000055"));
        fields.put("share", 0.1);
        Verdict settled = answered("intent", fields, 1_500);

        Delivery once = back(ORIGINAL, new Trail(List.of(settled, failed(3, 20))), FIRST);
        Delivery twice =
                back(
                        once,
                        new Trail(
                                List.of(settled, failed(2, 5)),
                                List.of(failed(2, 5)),
                                once.earlier()),
                        once.earlier().firstFailure().orElseThrow());

        assertThat(twice.id()).isEqualTo(ORIGINAL.id());
        assertThat(twice.timestamp()).isEqualTo(99);
        assertThat(twice.key()).isSameAs(ORIGINAL.key());
        assertThat(twice.value()).isSameAs(ORIGINAL.value());
        assertThat(texts(twice.headers())).isEqualTo(texts(ORIGINAL.headers()));
        assertThat(once.earlier())
                .isEqualTo(
                        new Earlier(
                                3,
                                1,
                                0,
                                Optional.of(FIRST),
                                new Money(1_520),
                                1_520,
                                Earlier.Reported.NOTHING,
                                List.of(settled)));
        assertThat(twice.earlier())
                .isEqualTo(
                        new Earlier(
                                5,
                                2,
                                0,
                                Optional.of(FIRST),
                                new Money(1_525),
                                1_525,
                                Earlier.Reported.NOTHING,
                                List.of(settled)));
    }

    @Test
    void aRedrivenRecordNeedsNothingButItsSource() {
        Delivery redriven =
                physical(List.of(header("thac.source=a-b-1@2"), header("thac.redrives=1")));

        Delivery delivery = RetryRecords.returned(redriven).orElseThrow();

        assertThat(delivery.id()).isEqualTo(new RecordId("a-b", 1, 2));
        assertThat(delivery.timestamp()).isEqualTo(redriven.timestamp());
        assertThat(delivery.earlier().redrives()).isOne();
        assertThat(delivery.earlier().retries()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "thac.trace=x",
        "thac.source=",
        "thac.source=nothing",
        "thac.source=a-1@-2",
        "thac.source=a-1@2 thac.attempts=many",
        "thac.source=a-1@2 thac.retries=-1",
        "thac.source=a-1@2 thac.retries=99999999999",
        "thac.source=a-1@2 thac.first-failure=yesterday",
        "thac.source=a-1@2 thac.source.timestamp=now",
        "thac.source=a-1@2 thac.cost.nanos=1.5",
    })
    void missingOrDamagedHeadersAreNotOurs(String headers) {
        assertThat(
                        RetryRecords.returned(
                                physical(
                                        Arrays.stream(headers.split(" "))
                                                .map(RetryRecordsTest::header)
                                                .toList())))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{",
                "[]",
                "{\"fields\":[]}",
                "{\"fields\":{}} x",
                "{\"fields\":{},\"tier\":1}"
            })
    void anAnswerThatCannotBeReadIsAskedForAgain(String json) {
        Delivery delivery =
                RetryRecords.returned(
                                physical(
                                        List.of(
                                                header("thac.source=a-1@2"),
                                                Header.text("thac.settled.review", json))))
                        .orElseThrow();

        assertThat(delivery.earlier().settled()).isEmpty();
        assertThat(delivery.headers()).isEmpty();
    }

    private Delivery back(Delivery event, Trail trail, Instant first) {
        SinkRecord record =
                records.record(TOPICS.levels().getFirst(), event, FAILURE, trail, first);
        return RetryRecords.returned(
                        new Delivery(
                                new RecordId("p.retry.60s", 3, 1_000),
                                123_456,
                                record.key(),
                                record.value(),
                                record.headers()))
                .orElseThrow();
    }

    private static Delivery physical(List<Header> headers) {
        return new Delivery(new RecordId("p.retry.60s", 0, 5), 123_456, null, null, headers);
    }

    private static Header header(String text) {
        int equals = text.indexOf('=');
        return Header.text(text.substring(0, equals), text.substring(equals + 1));
    }

    private static Verdict failed(int attempts, long cost) {
        return verdict("review", new Verdict.Result.Unanswered(FAILURE), attempts, cost);
    }

    private static Verdict answered(String analysis, Map<String, Object> fields, long cost) {
        return verdict(analysis, new Verdict.Result.Answered(fields), 1, cost);
    }

    private static Verdict verdict(
            String analysis, Verdict.Result result, int attempts, long cost) {
        return new Verdict(
                analysis,
                result,
                "small",
                Optional.of("small-1"),
                OptionalDouble.of(0.75),
                "last tier",
                new TokenUsage(cost, 0, 0, 0, 0),
                new Money(cost),
                attempts,
                attempts,
                "0123456789abcdef");
    }

    private static List<String> texts(List<Header> headers) {
        return headers.stream()
                .map(
                        header -> {
                            byte[] value = header.value();
                            return header.key()
                                    + "="
                                    + (value == null
                                            ? "null"
                                            : new String(value, StandardCharsets.UTF_8));
                        })
                .toList();
    }
}
