package dev.thac.cascade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.thac.event.ErrorCode;
import dev.thac.event.Verdict;
import dev.thac.meter.Metric;
import dev.thac.model.ModelException;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Answers that were paid for before. */
class KeptAnswersTest {

    private final RememberedAnswers answers = new RememberedAnswers();
    private Judging judging;

    @TempDir private Path folder;

    @BeforeEach
    void remember() {
        judging = fresh();
    }

    @Test
    void anAnswerThatWasKeptIsUsedInsteadOfACallAndCarriesWhatItCost() throws Exception {
        Analysis analysis = judging.analysis(Judging.STRONG);
        Verdict first = Judging.settle(analysis, "one");
        Verdict again = Judging.settle(analysis, "one");

        assertThat(judging.models.get("strong").calls()).hasSize(1);
        assertThat(again.reason()).isEqualTo(first.reason() + ", from the journal");
        assertThat(again).usingRecursiveComparison().ignoringFields("reason").isEqualTo(first);
        assertThat(judging.meters.value(Metric.JOURNAL_HITS, "p", "review", "strong")).isOne();
    }

    @Test
    void withoutMemoryTheSameEventIsPaidForTwice() throws Exception {
        judging.answers = Answers.NONE;
        Analysis analysis = judging.analysis(Judging.STRONG);
        Verdict _ = Judging.settle(analysis, "one");
        Verdict _ = Judging.settle(analysis, "one");

        assertThat(judging.models.get("strong").calls()).hasSize(2);
    }

    @Test
    void anAnswerThatWasNotSureEnoughIsKeptTooAndLeadsToTheSameTier() throws Exception {
        judging.model("small", call -> call.answer(_ -> Judging.sure(0.4)));
        judging.model(
                "strong",
                call -> {
                    throw call.error(ModelException.Kind.INVALID);
                });
        Verdict failed = Judging.settle(judging.analysis(Judging.SMALL, Judging.STRONG), "one");
        assertThat(Judging.failure(failed).code()).isEqualTo(ErrorCode.REQUEST_REJECTED);

        Judging restarted = fresh();
        Verdict verdict = Judging.settle(restarted.analysis(Judging.SMALL, Judging.STRONG), "one");

        assertThat(restarted.models.get("small").calls()).isEmpty();
        assertThat(restarted.models.get("strong").calls()).hasSize(1);
        assertThat(verdict.tier()).isEqualTo("strong");
        assertThat(verdict.reason()).isEqualTo("confidence 0.40 < 0.70");
        assertThat(verdict.cost())
                .isEqualTo(
                        judging.models
                                .get("small")
                                .cost()
                                .plus(restarted.models.get("strong").cost()));
        assertThat(verdict.calls()).isEqualTo(2);
    }

    @Test
    void aWayOfKeptAnswersCostsWhatTheyCostToTheNano() throws Exception {
        judging.model("small", call -> call.answer(_ -> Judging.sure(0.4)));
        judging.model(
                "strong",
                call -> call.number() == 1 ? call.text("no json") : call.answer(Judging::note));
        Verdict paid = Judging.settle(judging.analysis(Judging.SMALL, Judging.STRONG), "one");

        Judging restarted = fresh();
        Verdict verdict = Judging.settle(restarted.analysis(Judging.SMALL, Judging.STRONG), "one");

        assertThat(restarted.models.get("strong").calls()).isEmpty();
        assertThat(verdict.cost()).isEqualTo(paid.cost());
        assertThat(verdict.usage()).isEqualTo(paid.usage());
        assertThat(verdict.calls()).isEqualTo(3).isEqualTo(paid.calls());
        judging.assertSumsAreExact(List.of(verdict));
    }

    @Test
    void anotherPromptInputOrModelIsAnotherQuestion() throws Exception {
        Verdict _ = Judging.settle(judging.analysis(Judging.STRONG), "one");

        for (String changed :
                List.of(
                        "truncate: 1KiB",
                        "examples: [ { input: a, answer: { mood: bad, note: n } } ]")) {
            Judging restarted = fresh();
            Verdict _ = Judging.settle(restarted.analysisWith(changed, Judging.STRONG), "one");

            assertThat(restarted.models.get("strong").calls()).as(changed).hasSize(1);
        }
        Judging smaller = fresh();
        Verdict _ = Judging.settle(smaller.analysis("{ model: small }"), "one");
        assertThat(smaller.models.get("small").calls()).hasSize(1);
    }

    @Test
    void whatBreaksTheSchemaIsNoAnswerWhereverItIsFrom() throws Exception {
        Analysis analysis = judging.analysis(Judging.STRONG);
        Verdict _ = Judging.settle(analysis, "one");
        answers.kept.replaceAll(
                (_, answer) ->
                        new Answers.Answer(
                                Map.of("mood", "odd", "note", "n"),
                                OptionalDouble.empty(),
                                answer.model(),
                                answer.usage(),
                                answer.cost(),
                                answer.calls()));

        Verdict verdict = Judging.settle(analysis, "one");

        assertThat(judging.models.get("strong").calls()).hasSize(2);
        assertThat(Judging.fields(verdict)).containsEntry("mood", "good");
    }

    @Test
    void anAnswerThatComesWhileItsQuestionWaitsForOthersIsUsed() throws Exception {
        Analysis first = judging.analysis(Judging.STRONG);
        Verdict _ = Judging.settle(first, "one");
        Map<Answers.Asked, Answers.Answer> late = Map.copyOf(answers.kept);
        answers.kept.clear();
        answers.searches.set(0);

        Judging other = fresh();
        Analysis batched = other.analysis("{ model: strong, batch: { size: 4, wait: 1h } }");
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Verdict> verdict = executor.submit(() -> Judging.settle(batched, "one"));
            await().until(() -> answers.searches.get() > 0);
            answers.kept.putAll(late);
            await().until(
                            () -> {
                                batched.flush();
                                return verdict.isDone();
                            });

            assertThat(verdict.get().reason()).endsWith("from the journal");
        }
        assertThat(other.models.get("strong").calls()).isEmpty();
    }

    private Judging fresh() {
        Judging fresh = new Judging(folder);
        fresh.answers = answers;
        fresh.model("strong", call -> call.answer(Judging::note));
        return fresh;
    }
}
