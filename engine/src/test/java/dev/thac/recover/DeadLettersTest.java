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
                        .record(DELIVERY, FAILURE, trail(3), FIRST);

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
                        .record(DELIVERY, FAILURE, new Trail(List.of(settled)), FIRST);

        assertThat(texts(letter))
                .contains(
                        "thac.cost.nanos=1500",
                        "thac.tokens=15",
                        "thac.settled.intent={\"fields\":{\"intent\":\"refund\"},\"tier\":\"small\","
                            + "\"model\":\"m\",\"reason\":\"\",\"usage\":{\"input\":10,"
                            + "\"cacheRead\":0,\"cacheWrite\":0,\"output\":5,\"thinking\":0},"
                            + "\"cost\":1500,\"calls\":1,\"attempts\":1,\"prompt\":\"\"}");
    }

    @Test
    void headersOfOursThatTheRecordCarriedAreReplaced() {
        Delivery carrying =
                new Delivery(
                        DELIVERY.id(),
                        99,
                        null,
                        null,
                        List.of(
                                Header.text("thac.source", "other-0@1"),
                                Header.text("thac.cost.nanos", "77"),
                                Header.text("thac.review.tier", "rules"),
                                Header.text("thac.settled.review", "{}")));

        SinkRecord letter =
                new DeadLetters("reviews", "reviews.dlq")
                        .record(carrying, FAILURE, Trail.NONE, FIRST);

        assertThat(texts(letter))
                .contains("thac.source=reviews.raw-1@7", "thac.review.tier=rules")
                .noneMatch(text -> text.contains("other-0@1"))
                .noneMatch(text -> text.startsWith("thac.cost") || text.contains("settled"));
    }

    @Test
    void whatCameThroughRetryTopicsSaysSoAndSumsAllPasses() {
        Earlier earlier =
                new Earlier(
                        3,
                        2,
                        1,
                        Optional.of(FIRST.minusSeconds(60)),
                        new Money(500),
                        40,
                        Earlier.Reported.NOTHING,
                        List.of());
        Delivery returned =
                new Delivery(
                        DELIVERY.id(),
                        99,
                        DELIVERY.key(),
                        DELIVERY.value(),
                        DELIVERY.headers(),
                        earlier);

        SinkRecord letter =
                new DeadLetters("reviews", "reviews.dlq")
                        .record(returned, FAILURE, Trail.after(earlier), FIRST);

        assertThat(texts(letter))
                .contains(
                        "thac.source.timestamp=99",
                        "thac.attempts=4",
                        "thac.retries=2",
                        "thac.redrives=1",
                        "thac.cost.nanos=500",
                        "thac.tokens=40");
    }

    @Test
    void aRecordTooLargeLosesItsValueAndSaysSo() {
        Delivery large =
                new Delivery(DELIVERY.id(), 99, DELIVERY.key(), new byte[2_000], List.of());

        SinkRecord letter =
                new DeadLetters("reviews", "reviews.dlq", new DataSize(2_000))
                        .record(large, FAILURE, Trail.NONE, FIRST);
        SinkRecord whole =
                new DeadLetters("reviews", "reviews.dlq", new DataSize(3_000))
                        .record(large, FAILURE, Trail.NONE, FIRST);

        assertThat(letter.value()).isNull();
        assertThat(letter.key()).isSameAs(DELIVERY.key());
        assertThat(texts(letter)).contains("thac.truncated=true");
        assertThat(whole.value()).isSameAs(large.value());
    }

    /** What is known of an event that needed so many attempts and was not answered. */
    private static Trail trail(int attempts) {
        return new Trail(
                List.of(
                        new Verdict(
                                "review",
                                new Verdict.Result.Unanswered(FAILURE),
                                "small",
                                Optional.empty(),
                                OptionalDouble.empty(),
                                "",
                                TokenUsage.NONE,
                                Money.ZERO,
                                attempts,
                                attempts,
                                "")));
    }

    private static List<String> texts(SinkRecord letter) {
        return letter.headers().stream().map(header -> header.key() + "=" + header.text()).toList();
    }
}
