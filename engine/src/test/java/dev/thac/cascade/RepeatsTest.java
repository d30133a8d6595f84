package dev.thac.cascade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.thac.event.Delivery;
import dev.thac.event.ErrorCode;
import dev.thac.event.Event;
import dev.thac.event.RecordId;
import dev.thac.event.Verdict;
import dev.thac.meter.Metric;
import dev.thac.model.Model;
import dev.thac.model.ModelException;
import dev.thac.resilience.ManualTicker;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What an analysis does with an input that comes again. */
class RepeatsTest {

    @TempDir private Path folder;
    private Judging judging;
    private long offset;

    @BeforeEach
    void begin() {
        judging = new Judging(folder);
    }

    @Test
    void theSameInputIsAnsweredWithoutAModelAndWithoutWaiting() throws Exception {
        Analysis analysis = judging.analysis(Judging.STRONG);
        Verdict paid = settle(analysis, "x");

        Verdict free = decide(analysis, "x");

        assertThat(free).isNotNull();
        assertThat(Judging.fields(free)).isEqualTo(Judging.fields(paid));
        assertThat(free.tier()).isEqualTo("cache");
        assertThat(free.model()).isEqualTo(paid.model());
        assertThat(free.reason()).isEqualTo("same input as in-0@0");
        assertThat(free.calls()).isZero();
        assertThat(judging.models.get("strong").calls()).hasSize(1);
        judging.assertSumsAreExact(List.of(paid, free));
        assertThat(requests("hit")).isEqualTo(1);
        assertThat(requests("miss")).isEqualTo(1);
        assertThat(judging.meters.value(Metric.DECISIONS, "p", "review", "cache")).isEqualTo(1);
        assertThat(analysis.stands(free)).isTrue();
    }

    @Test
    void anotherInputIsAnotherQuestion() throws Exception {
        Analysis analysis = judging.analysis(Judging.STRONG);
        Verdict _ = settle(analysis, "x");

        for (String other : List.of("y", "X", "x ", "")) {
            assertThat(decide(analysis, other)).as(other).isNull();
        }
    }

    @Test
    void normalisedTextIsTheSameInAnyCaseSpacingAndEncodingOfAccents() throws Exception {
        Analysis analysis = judging.analysisWith("cache: { mode: normalised }", Judging.STRONG);
        Verdict _ = settle(analysis, "Hàng tốt,  nhanh");

        assertThat(decide(analysis, " hàng TỐT,\u00a0nhanh\n")).isNotNull();
        assertThat(decide(analysis, "Ha\u0300ng to\u0302\u0301t, nhanh")).isNotNull();
        assertThat(decide(analysis, "Hang tot, nhanh")).isNull();
        assertThat(decide(analysis, "Hàng tốt nhanh")).isNull();
    }

    @Test
    void switchedOffEveryEventIsJudgedByItself() throws Exception {
        Analysis analysis = judging.analysisWith("cache: { mode: off }", Judging.STRONG);

        assertThat(settle(analysis, "x").tier()).isEqualTo("strong");
        assertThat(settle(analysis, "x").tier()).isEqualTo("strong");

        assertThat(requests("hit") + requests("miss") + requests("bypass")).isZero();
    }

    @Test
    void anAnswerExpires() throws Exception {
        Analysis analysis = judging.analysisWith("cache: { expiry: 1h }", Judging.STRONG);
        Verdict _ = settle(analysis, "x");

        judging.ticker.advance(Duration.ofMinutes(59));
        assertThat(decide(analysis, "x")).isNotNull();
        judging.ticker.advance(Duration.ofMinutes(1));

        assertThat(decide(analysis, "x")).isNull();
    }

    @Test
    void aChangedQuestionNeverHasTheAnswerOfTheOldOne() throws Exception {
        Analysis before = judging.analysis(Judging.STRONG);
        Descent descent = before.begin(event("x"));
        Verdict _ = descent.settle(() -> false, () -> false);

        for (String changed :
                List.of(
                        "truncate: 1KiB",
                        "examples: [ { input: a, answer: { mood: bad, note: n } } ]")) {
            Analysis after = judging.analysisWith(changed, Judging.STRONG);
            descent.fill().ifPresent(after::keep);

            assertThat(decide(after, "x")).as(changed).isNull();
        }
        Analysis other = judging.analysis("{ model: small }");
        descent.fill().ifPresent(other::keep);
        assertThat(decide(other, "x")).isNull();
    }

    @Test
    void whatFailsLeavesNothingBehind() throws Exception {
        judging.model("strong", call -> call.text("no json"));
        Analysis analysis = judging.analysis(Judging.STRONG);

        Descent descent = analysis.begin(event("x"));
        Verdict failed = descent.settle(() -> false, () -> false);

        assertThat(failed.result()).isInstanceOf(Verdict.Result.Unanswered.class);
        assertThat(descent.fill()).isEmpty();
    }

    @Test
    void whatAFallbackAnsweredDoesNotAnswerOthers() throws Exception {
        judging.model(
                "strong",
                call -> {
                    Model.Paid paid = call.answer(Judging::note);
                    return new Model.Paid(paid.reply(), paid.cost(), "small", Optional.empty());
                });
        Analysis analysis = judging.analysis(Judging.STRONG);

        Descent descent = analysis.begin(event("x"));
        Verdict verdict = descent.settle(() -> false, () -> false);

        assertThat(verdict.reason()).endsWith("answered by the fallback small");
        assertThat(descent.fill()).isEmpty();
    }

    @Test
    void anAnswerOfTheEventsOwnInTheJournalComesFirstWithItsPrice() throws Exception {
        RememberedAnswers answers = new RememberedAnswers();
        judging.answers = answers;
        Analysis analysis = judging.analysis(Judging.STRONG);
        Event event = event("x");
        Verdict paid = settle(analysis, event);

        Verdict again = settle(analysis, event);
        Verdict other = settle(analysis, event("x"));

        assertThat(again.reason()).endsWith("from the journal");
        assertThat(again.cost()).isEqualTo(paid.cost());
        assertThat(other.tier()).isEqualTo("cache");
        assertThat(requests("bypass")).isEqualTo(1);
    }

    @Test
    void anInputThatComesAgainWhileItIsBeingJudgedIsAskedAboutOnce() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        judging.model(
                "strong",
                call -> {
                    answer.await();
                    return call.answer(Judging::note);
                });
        Analysis analysis = judging.analysis(Judging.STRONG);

        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Verdict> first = executor.submit(() -> settle(analysis, "x"));
            awaitCalls(1);
            Future<Verdict> second = executor.submit(() -> settle(analysis, "x"));
            Future<Verdict> other = executor.submit(() -> settle(analysis, "y"));
            awaitCalls(2);
            await().until(() -> judging.ticker.waiting() == 1);
            answer.countDown();

            assertThat(first.get().tier()).isEqualTo("strong");
            assertThat(second.get().tier()).isEqualTo("cache");
            assertThat(second.get().reason())
                    .isEqualTo("same input as in-0@0, asked at the same time");
            assertThat(second.get().calls()).isZero();
            assertThat(other.get().tier()).isEqualTo("strong");
            judging.assertSumsAreExact(List.of(first.get(), second.get(), other.get()));
        }
        assertThat(judging.models.get("strong").calls()).hasSize(2);
        assertThat(requests("hit")).isEqualTo(1);
        assertThat(requests("miss")).isEqualTo(2);
    }

    @Test
    void whoWaitedForOneThatFailsAsksItself() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        judging.model(
                "strong",
                call -> {
                    if (call.number() > 1) {
                        return call.answer(Judging::note);
                    }
                    answer.await();
                    throw call.error(ModelException.Kind.INVALID);
                });
        Analysis analysis = judging.analysis(Judging.STRONG);

        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Verdict> first = executor.submit(() -> settle(analysis, "x"));
            awaitCalls(1);
            Future<Verdict> second = executor.submit(() -> settle(analysis, "x"));
            await().until(() -> judging.ticker.waiting() == 1);
            answer.countDown();

            assertThat(Judging.failure(first.get()).code()).isEqualTo(ErrorCode.REQUEST_REJECTED);
            assertThat(second.get().tier()).isEqualTo("strong");
        }
    }

    @Test
    void whoWaitedForOneThatIsInterruptedAsksItself() throws Exception {
        judging.model(
                "strong",
                call -> {
                    if (call.number() == 1) {
                        new CountDownLatch(1).await();
                    }
                    return call.answer(Judging::note);
                });
        Analysis analysis = judging.analysis(Judging.STRONG);

        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Verdict> first = executor.submit(() -> settle(analysis, "x"));
            awaitCalls(1);
            Future<Verdict> second = executor.submit(() -> settle(analysis, "x"));
            await().until(() -> judging.ticker.waiting() == 1);
            assertThat(first.cancel(true)).isTrue();

            assertThat(second.get().tier()).isEqualTo("strong");
        }
        assertThat(judging.models.get("strong").calls()).hasSize(2);
    }

    @Test
    void nobodyWaitsForAnotherLongerThanAnAnswerUsuallyTakes() throws Exception {
        CountDownLatch stuck = new CountDownLatch(1);
        ManualTicker ticker = judging.ticker;
        judging.model(
                "strong",
                call -> {
                    if (call.inputs().contains("usual")) {
                        ticker.advance(Duration.ofSeconds(4));
                    } else if (call.number() == 2) {
                        stuck.await();
                    }
                    return call.answer(Judging::note);
                });
        Analysis analysis = judging.analysis(Judging.STRONG);
        Verdict _ = settle(analysis, "usual");

        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Verdict> first = executor.submit(() -> settle(analysis, "x"));
            awaitCalls(2);
            Future<Verdict> second = executor.submit(() -> settle(analysis, "x"));
            await().until(() -> ticker.waiting() == 1);
            ticker.advance(Duration.ofMillis(3_999));
            await().pollDelay(Duration.ofMillis(20)).until(() -> ticker.waiting() == 1);
            assertThat(judging.models.get("strong").calls()).hasSize(2);
            ticker.advance(Duration.ofMillis(1));

            assertThat(second.get().tier()).isEqualTo("strong");
            assertThat(first.isDone()).isFalse();
            stuck.countDown();
            assertThat(first.get().tier()).isEqualTo("strong");
        }
    }

    private void awaitCalls(int calls) {
        await().until(() -> judging.models.get("strong").calls().size() == calls);
    }

    private double requests(String result) {
        return judging.meters.value(Metric.CACHE_REQUESTS, "p", "review", result);
    }

    private Verdict decide(Analysis analysis, String text) {
        return analysis.begin(event(text)).decide();
    }

    private Verdict settle(Analysis analysis, String text) throws InterruptedException {
        return settle(analysis, event(text));
    }

    /** As a lane does it: what an outcome brings is applied when it is taken in. */
    private static Verdict settle(Analysis analysis, Event event) throws InterruptedException {
        Descent descent = analysis.begin(event);
        Verdict verdict = descent.settle(() -> false, () -> false);
        descent.fill().ifPresent(analysis::keep);
        return verdict;
    }

    private synchronized Event event(String text) {
        RecordId id = new RecordId("in", 0, offset++);
        return new Event(new Delivery(id, 0, null, new byte[0], List.of()), Map.of("text", text));
    }
}
