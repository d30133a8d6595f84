package dev.thac.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thac.event.Delivery;
import dev.thac.event.ErrorCode;
import dev.thac.event.Header;
import dev.thac.event.Outcome;
import dev.thac.event.RecordId;
import dev.thac.event.SinkRecord;
import dev.thac.event.Verdict;
import dev.thac.model.ModelException;
import dev.thac.model.ModelReply;
import dev.thac.recover.RetryRecords;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Events that go through retry topics, from one pass to the next. */
class RetryLaterTest {

    private static final String TWO =
            """
            analyses:
              mood:
                task: T
                input: "{{ value.text }}"
                output: { mood: { enum: [good, bad] }, note: { type: string } }
                tiers: [ { model: small } ]
              intent:
                task: T
                input: "{{ value.text }}"
                output: { mood: { enum: [good, bad] }, note: { type: string } }
                tiers: [ { model: strong } ]
            routes: [ { to: out } ]
            failures: { retry: { attempts: 2, later: [1m, 10m] } }
            """;

    @TempDir private Path folder;
    private Flow flow;

    @BeforeEach
    void begin() {
        flow = new Flow(folder);
    }

    @Test
    void whatFailsGoesThroughEveryRetryTopicAndThenToTheDeadLetters() throws Exception {
        flow.model("strong", call -> call.stop(ModelReply.Stop.REFUSED));
        Pipeline pipeline = flow.pipeline(TWO);
        Delivery original = flow.record("{\"text\": \"x\"}");

        Outcome.RetryLater first = later(pipeline.process(original));
        Outcome.RetryLater second = later(pipeline.process(back(first)));
        Outcome last = pipeline.process(back(second));

        assertThat(first.record().topic()).isEqualTo("p.retry.1m");
        assertThat(first.delay()).isEqualTo(Duration.ofMinutes(1));
        assertThat(second.record().topic()).isEqualTo("p.retry.10m");
        assertThat(header(first.record(), "thac.first-failure"))
                .isEqualTo(header(second.record(), "thac.first-failure"));
        SinkRecord letter = ((Outcome.DeadLettered) last).record();
        assertThat(letter.timestamp()).isEqualTo(original.timestamp());
        assertThat(header(letter, "thac.source")).contains(original.id().toString());
        assertThat(header(letter, "thac.attempts")).contains("6");
        assertThat(header(letter, "thac.retries")).contains("2");
        assertThat(header(letter, "thac.reason")).contains("refused");
        assertThat(header(letter, "thac.first-failure"))
                .isEqualTo(header(first.record(), "thac.first-failure"));
    }

    @Test
    void anAnswerThatStandsIsNotAskedForAgainAndItsPriceCountsOnce() throws Exception {
        flow.model("strong", call -> call.stop(ModelReply.Stop.REFUSED));
        Outcome.RetryLater later =
                later(flow.pipeline(TWO).process(flow.record("{\"text\": \"x\"}")));
        int refused = flow.models.get("strong").calls().size();
        flow.model("strong", call -> call.answer(input -> Map.of("mood", "bad", "note", input)));

        Outcome outcome = flow.pipeline(TWO).process(back(later));

        assertThat(flow.models.get("small").calls()).hasSize(1);
        SinkRecord routed = ((Outcome.Routed) outcome).records().getFirst();
        assertThat(Flow.value(routed))
                .containsPattern("\"mood\":\\{[^}]*\"mood\":\"good\"")
                .containsPattern("\"intent\":\\{[^}]*\"mood\":\"bad\"");
        long small = flow.models.get("small").cost().nanos();
        long strong = flow.models.get("strong").cost().nanos();
        assertThat(header(routed, "thac.mood.tier")).contains("small");
        assertThat(header(routed, "thac.attempts")).contains(Integer.toString(refused + 1));
        assertThat(later.trail().cost().nanos() + outcome.trail().cost().nanos())
                .isEqualTo(Long.parseLong(header(routed, "thac.cost.nanos").orElseThrow()))
                .isGreaterThan(small + strong);
        assertThat(outcome.trail().reached())
                .extracting(Verdict::analysis)
                .containsExactly("intent");
    }

    @Test
    void anAnswerToAQuestionThatHasChangedIsAskedForAgain() throws Exception {
        flow.model("strong", call -> call.stop(ModelReply.Stop.REFUSED));
        Outcome.RetryLater later =
                later(flow.pipeline(TWO).process(flow.record("{\"text\": \"x\"}")));

        Outcome _ = flow.pipeline(TWO.replaceFirst("task: T", "task: Other.")).process(back(later));

        assertThat(flow.models.get("small").calls()).hasSize(2);
    }

    @Test
    void whatNoRetryCanHelpIsDeadAtOnceWhateverElseFailed() throws Exception {
        flow.model("small", call -> call.stop(ModelReply.Stop.REFUSED));
        flow.model(
                "strong",
                _ -> {
                    throw new ModelException(
                            ModelException.Kind.INVALID, "too long", Optional.empty());
                });
        Pipeline pipeline = flow.pipeline(TWO);

        Outcome rejected = pipeline.process(flow.record("{\"text\": \"x\"}"));
        Outcome undecodable = pipeline.process(flow.record("no json"));

        assertThat(((Outcome.DeadLettered) rejected).failure().code())
                .isEqualTo(ErrorCode.REQUEST_REJECTED);
        assertThat(undecodable).isInstanceOf(Outcome.DeadLettered.class);
    }

    @Test
    void whatCannotEvenBeDecodedAnyMoreKeepsWhatWasPaidForIt() throws Exception {
        flow.model("strong", call -> call.stop(ModelReply.Stop.REFUSED));
        Outcome.RetryLater later =
                later(flow.pipeline(TWO).process(flow.record("{\"text\": \"x\"}")));

        Outcome outcome =
                flow.pipeline(TWO + "derive: { words: size(value.none) }\n").process(back(later));

        SinkRecord letter = ((Outcome.DeadLettered) outcome).record();
        assertThat(header(letter, "thac.cost.nanos"))
                .isEqualTo(header(later.record(), "thac.cost.nanos"));
        assertThat(header(letter, "thac.settled.mood")).isPresent();
        assertThat(outcome.trail().cost().nanos()).isZero();
    }

    @Test
    void anEventThatMakesWayGoesToTheNextRetryTopicWhileThereIsOne() throws Exception {
        Pipeline pipeline = flow.pipeline(TWO);
        Delivery original = flow.record("{\"text\": \"x\"}");

        Outcome.RetryLater first = later(pipeline.diverted(original).orElseThrow());
        Outcome.RetryLater second = later(pipeline.diverted(back(first)).orElseThrow());

        assertThat(first.record().topic()).isEqualTo("p.retry.1m");
        assertThat(header(first.record(), "thac.reason")).contains("head-of-line");
        assertThat(second.record().topic()).isEqualTo("p.retry.10m");
        assertThat(pipeline.diverted(back(second))).isEmpty();
    }

    private static Outcome.RetryLater later(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.RetryLater.class);
        return (Outcome.RetryLater) outcome;
    }

    /** The event as a lane reads it from the retry topic. */
    private static Delivery back(Outcome.RetryLater later) {
        SinkRecord record = later.record();
        return RetryRecords.returned(
                        new Delivery(
                                new RecordId(record.topic(), 0, 77),
                                5_000,
                                record.key(),
                                record.value(),
                                record.headers()))
                .orElseThrow();
    }

    private static Optional<String> header(SinkRecord record, String name) {
        return record.headers().stream()
                .filter(header -> header.key().equals(name))
                .map(Header::text)
                .findFirst();
    }
}
