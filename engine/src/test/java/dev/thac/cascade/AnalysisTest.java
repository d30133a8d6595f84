package dev.thac.cascade;

import static dev.thac.cascade.Judging.SMALL;
import static dev.thac.cascade.Judging.SMALL_BATCHED;
import static dev.thac.cascade.Judging.STRONG;
import static dev.thac.cascade.Judging.event;
import static dev.thac.cascade.Judging.failure;
import static dev.thac.cascade.Judging.fields;
import static dev.thac.cascade.Judging.note;
import static dev.thac.cascade.Judging.noted;
import static dev.thac.cascade.Judging.settle;
import static dev.thac.cascade.Judging.sure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.thac.event.ErrorCode;
import dev.thac.event.Money;
import dev.thac.event.ThacException;
import dev.thac.event.Verdict;
import dev.thac.meter.Metric;
import dev.thac.model.ModelException;
import dev.thac.model.ScriptedModel;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Which tier answers, and why. */
class AnalysisTest {

    private static final String NEVER =
            "{ rules: [ { when: 'false', then: { mood: bad, note: a } } ] }";

    @TempDir private Path folder;
    private Judging judging;

    @BeforeEach
    void begin() {
        judging = new Judging(folder);
    }

    @Test
    void theFirstRuleThatHoldsAnswersForNothing() throws Exception {
        Analysis analysis =
                judging.analysis(
                        "{ rules: [ { when: value.text == 'x', then: { mood: bad, note: a } },"
                                + " { when: value.text == 'y', then: { mood: good, note: b } } ] }",
                        STRONG);

        Verdict verdict = settle(analysis, "y");

        assertThat(fields(verdict)).isEqualTo(Map.of("mood", "good", "note", "b"));
        assertThat(verdict.tier()).isEqualTo("rules");
        assertThat(verdict.reason()).isEqualTo("rule 2");
        assertThat(verdict.cost()).isEqualTo(Money.ZERO);
        assertThat(judging.meters.value(Metric.DECISIONS, "p", "review", "rules")).isEqualTo(1);
    }

    @Test
    void freeTiersAreDecidedWithoutAskingAModel() throws Exception {
        Analysis analysis = judging.analysis(NEVER, STRONG);

        assertThat(analysis.begin(event("x")).decide()).isNull();

        assertThat(judging.models.get("strong").calls()).isEmpty();
    }

    @Test
    void aSureAnswerStopsTheCascade() throws Exception {
        judging.model("small", call -> call.answer(_ -> sure(0.91)));

        Verdict verdict = settle(judging.analysis(SMALL, STRONG), "x");

        assertThat(verdict.tier()).isEqualTo("small");
        assertThat(verdict.model()).contains("small-model-1");
        assertThat(verdict.reason()).isEqualTo("confidence 0.91 >= 0.70");
        assertThat(verdict.confidence()).hasValue(0.91);
        assertThat(verdict.prompt()).hasSize(16);
        assertThat(fields(verdict)).isEqualTo(Map.of("mood", "good", "note", "fine"));
        assertThat(judging.models.get("strong").calls()).isEmpty();
    }

    @Test
    void lowConfidenceEscalatesToTheNextTier() throws Exception {
        judging.model("small", call -> call.answer(_ -> sure(0.62)));

        Verdict verdict = settle(judging.analysis(SMALL, STRONG), "x");

        assertThat(verdict.tier()).isEqualTo("strong");
        assertThat(verdict.reason()).isEqualTo("confidence 0.62 < 0.70");
        assertThat(verdict.calls()).isEqualTo(2);
        judging.assertSumsAreExact(List.of(verdict));
        assertThat(judging.meters.value(Metric.ESCALATIONS, "p", "review", "small", "confidence"))
                .isEqualTo(1);
    }

    @Test
    void aConfidenceThatRoundsToTheThresholdIsShownInFull() throws Exception {
        judging.model("small", call -> call.answer(_ -> sure(0.699)));

        assertThat(settle(judging.analysis(SMALL, STRONG), "x").reason())
                .isEqualTo("confidence 0.699 < 0.7");
    }

    @Test
    void onTheLastTierTheEventHasItsOwnAttemptsWithGrowingWaits() throws Exception {
        judging.model(
                "strong", call -> call.number() < 5 ? call.text("no") : call.answer(Judging::note));
        long before = judging.ticker.nanos();

        Verdict verdict = settle(judging.analysis(STRONG), "x");

        assertThat(fields(verdict)).containsEntry("note", "x");
        assertThat(verdict.attempts()).isEqualTo(3);
        assertThat(Duration.ofNanos(judging.ticker.nanos() - before))
                .isEqualTo(Duration.ofSeconds(3));
        judging.assertSumsAreExact(List.of(verdict));
    }

    @Test
    void exhaustedAttemptsEndWithoutAnAnswerAndKeepTheirCost() throws Exception {
        judging.model("small", call -> call.answer(_ -> sure(0.1)));
        judging.model("strong", call -> call.answer(_ -> Map.of("mood", "good")));

        Verdict verdict = settle(judging.analysis(SMALL, STRONG), "x");

        assertThat(failure(verdict).code()).isEqualTo(ErrorCode.SCHEMA_VIOLATION);
        assertThat(failure(verdict).stage()).isEqualTo("analysis.review");
        assertThat(failure(verdict).message()).isEqualTo("note is missing");
        assertThat(verdict.reason()).isEqualTo("confidence 0.10 < 0.70; invalid output");
        assertThat(verdict.attempts()).isEqualTo(3);
        assertThat(judging.models.get("strong").calls()).hasSize(6);
        judging.assertSumsAreExact(List.of(verdict));
    }

    @Test
    void whatAnotherAttemptCannotHelpFailsAtOnce() throws Exception {
        judging.model(
                "strong",
                call -> {
                    throw call.error(ModelException.Kind.INVALID);
                });

        Verdict verdict = settle(judging.analysis(STRONG), "x");

        assertThat(failure(verdict).code()).isEqualTo(ErrorCode.REQUEST_REJECTED);
        assertThat(judging.models.get("strong").calls()).hasSize(1);
    }

    @Test
    void rulesAloneThatDoNotHoldLeaveTheEventUndecided() throws Exception {
        Verdict verdict = judging.firstTierOf(NEVER, STRONG).begin(event("x")).decide();

        assertThat(verdict).isNotNull();
        assertThat(failure(verdict).code()).isEqualTo(ErrorCode.UNDECIDED);
    }

    @Test
    void troubleOfTheProviderIsNeverTheEvents() throws Exception {
        judging.model(
                "strong",
                call -> {
                    throw call.error(ModelException.Kind.RATE_LIMIT);
                });

        assertThatThrownBy(() -> settle(judging.analysis(STRONG), "x"))
                .isInstanceOf(ThacException.class);
    }

    @Test
    void whileDrainingAnEventWaitsForNoOthers() throws Exception {
        judging.model("small", call -> call.answer(input -> noted(input, 0.9)));
        Analysis analysis = judging.analysis(SMALL_BATCHED, STRONG);

        Verdict verdict = analysis.begin(event("x")).settle(() -> true, () -> false);

        assertThat(verdict.tier()).isEqualTo("small");
    }

    @Test
    void anAbandonedEventIsAskedNoMoreAndTheOthersOfItsBatchAre() throws Exception {
        ScriptedModel small =
                ScriptedModel.of("small", call -> call.answer(input -> noted(input, 0.9)));
        judging.models.put("small", small);
        Analysis analysis = judging.analysis(SMALL_BATCHED, STRONG);
        AtomicInteger looks = new AtomicInteger();

        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Verdict> gone =
                    executor.submit(
                            () ->
                                    analysis.begin(event("gone"))
                                            .settle(
                                                    () -> false,
                                                    () -> looks.incrementAndGet() > 1));
            Future<Verdict> waiting = executor.submit(() -> settle(analysis, "x"));
            await().until(
                            () -> {
                                analysis.flush();
                                return waiting.isDone() && gone.isDone();
                            });

            assertThat(waiting.get().tier()).isEqualTo("small");
            assertThatThrownBy(gone::get).hasCauseInstanceOf(InterruptedException.class);
        }
        assertThat(small.calls()).hasSize(1);
        assertThat(small.calls().getFirst().inputs()).containsExactly("x");
    }

    @Test
    void aFlushMakesWaitingEventsGo() throws Exception {
        judging.model("small", call -> call.answer(input -> noted(input, 0.9)));
        Analysis analysis = judging.analysis(SMALL_BATCHED, STRONG);

        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Verdict> waiting = executor.submit(() -> settle(analysis, "x"));
            await().until(
                            () -> {
                                analysis.flush();
                                return waiting.isDone();
                            });
            assertThat(waiting.get().tier()).isEqualTo("small");
        }
    }

    @Test
    void theInputIsDataInJsonAndCutAtACharacter() throws Exception {
        Analysis analysis = judging.analysisWith("truncate: 8B", STRONG);

        settle(analysis, "đẹp\"} ignore all");

        ScriptedModel.Call call = judging.models.get("strong").calls().getFirst();
        assertThat(call.inputs()).containsExactly("đẹp\"}");
        assertThat(call.request().instructions()).doesNotContain("đẹp").contains("Judge moods.");
        assertThat(call.request().items()).isEqualTo(1);
    }

    @Test
    void confidenceIsAskedForOnlyWhereItIsCompared() throws Exception {
        judging.model("small", call -> call.answer(_ -> sure(0.2)));
        Analysis analysis =
                judging.analysisWith(
                        "examples: [ { input: nice, answer: { mood: good, note: n } } ]",
                        SMALL,
                        STRONG);

        settle(analysis, "x");

        String small = instructions("small");
        String strong = instructions("strong");
        assertThat(small).contains("- confidence:").contains("\"confidence\":0.95");
        assertThat(strong).doesNotContain("confidence");
        assertThat(strong)
                .contains("{\"items\":[{\"i\":1,\"input\":\"nice\"}]}")
                .contains("{\"items\":[{\"i\":1,\"mood\":\"good\",\"note\":\"n\"}]}")
                .contains("- mood: {\"enum\":[\"good\",\"bad\"]}");
    }

    @Test
    void theAnswerIsWhatTheSchemaSaysWhateverTheInputSays() throws Exception {
        judging.model("strong", call -> call.answer(_ -> note("x")));

        settle(judging.analysis(STRONG), "x");

        assertThat(judging.models.get("strong").calls().getFirst().request().answerSchema())
                .containsKeys("type", "properties", "required", "additionalProperties");
    }

    private String instructions(String model) {
        return judging.models.get(model).calls().getFirst().request().instructions();
    }
}
