package dev.thac.recover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thac.event.Delivery;
import dev.thac.event.ErrorCode;
import dev.thac.event.Failure;
import dev.thac.event.Header;
import dev.thac.event.Money;
import dev.thac.event.RecordId;
import dev.thac.event.SinkRecord;
import dev.thac.event.TokenUsage;
import dev.thac.event.Trail;
import dev.thac.event.Verdict;
import dev.thac.spec.DataSize;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

class DeadLettersTest {

    private static final Instant FIRST = Instant.parse("2026-11-01T10:00:00Z");
    private static final Failure FAILURE =
            new Failure(ErrorCode.SCHEMA_VIOLATION, "analysis.review", "score is missing");
    private static final Delivery DELIVERY =
            new Delivery(
                    new RecordId("reviews.raw", 1, 7),
                    99,
                    new byte[] {'k'},
                    new byte[] {'{', (byte) 0xFF},
                    List.of(Header.text("trace", "x"), new Header("empty", null)));

    @Test
    void theOriginalRecordIsUntouchedAndTheReasonIsInHeaders() {
        SinkRecord letter =
                new DeadLetters("reviews", "reviews.dlq")
                        .record(DELIVERY, FAILURE, Trail.NONE, 3, FIRST);

        assertThat(letter.topic()).isEqualTo("reviews.dlq");
        assertThat(letter.partition()).isNull();
        assertThat(letter.timestamp()).isEqualTo(99);
        assertThat(letter.key()).isSameAs(DELIVERY.key());
        assertThat(letter.value()).isSameAs(DELIVERY.value());
        assertThat(letter.headers().subList(0, 2)).isEqualTo(DELIVERY.headers());
        assertThat(texts(letter).subList(2, letter.headers().size()))
                .containsExactly(
                        "thac.source=reviews.raw-1@7",
                        "thac.pipeline=reviews",
                        "thac.stage=analysis.review",
                        "thac.reason=schema-violation",
                        "thac.message=score is missing",
                        "thac.attempts=3",
                        "thac.first-failure=2026-11-01T10:00:00Z");
    }

    @Test
    void whatWasPaidAndSettledBeforeIsKept() {
        Verdict settled =
                new Verdict(
                        "intent",
                        new Verdict.Result.Answered(Map.of("intent", "refund")),
                        "small",
                        Optional.of("m"),
                        OptionalDouble.empty(),
                        "",
                        new TokenUsage(10, 0, 0, 5, 0),
                        new Money(1500),
                        1,
                        1,
                        "");
        SinkRecord letter =
                new DeadLetters("reviews", "reviews.dlq")
                        .record(DELIVERY, FAILURE, new Trail(List.of(settled)), 1, FIRST);

        assertThat(texts(letter))
                .contains(
                        "thac.cost.nanos=1500",
                        "thac.tokens=15",
                        "thac.analysis.intent={\"intent\":\"refund\"}");
    }

    @Test
    void aValueTooLargeIsLeftOutAndSaysSo() {
        SinkRecord letter =
                new DeadLetters("reviews", "reviews.dlq", new DataSize(1))
                        .record(DELIVERY, FAILURE, Trail.NONE, 1, FIRST);

        assertThat(letter.value()).isNull();
        assertThat(texts(letter)).contains("thac.truncated=true");
    }

    private static List<String> texts(SinkRecord letter) {
        return letter.headers().stream().map(header -> header.key() + "=" + header.text()).toList();
    }
}
