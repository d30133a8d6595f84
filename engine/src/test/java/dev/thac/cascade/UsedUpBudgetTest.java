package dev.thac.cascade;

import static dev.thac.cascade.Judging.SMALL;
import static dev.thac.cascade.Judging.SMALL_BATCHED;
import static dev.thac.cascade.Judging.STRONG;
import static dev.thac.cascade.Judging.failure;
import static dev.thac.cascade.Judging.fields;
import static dev.thac.cascade.Judging.note;
import static dev.thac.cascade.Judging.settle;
import static dev.thac.cascade.Judging.settleAll;
import static dev.thac.cascade.Judging.sure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.thac.cost.AtLimit;
import dev.thac.cost.BudgetException;
import dev.thac.cost.ScriptedSpending;
import dev.thac.event.ErrorCode;
import dev.thac.event.Money;
import dev.thac.event.Verdict;
import dev.thac.meter.Metric;
import dev.thac.model.Model;
import dev.thac.model.ModelException;
import dev.thac.model.ScriptedModel;
import dev.thac.model.Shortage;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** What becomes of an event that no money is left for. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UsedUpBudgetTest {

    private static final Money WORST = new Money(1_000_000);

    @TempDir private Path folder;
    private Judging judging;

    @BeforeEach
    void begin() {
        judging = new Judging(folder);
    }

    @Test
    void degradeMakesDoWithTheBestCompleteAnswerAndSaysSo() throws Exception {
        judging.model("small", call -> call.answer(_ -> sure(0.62)));
        judging.model("strong", _ -> broke(AtLimit.DEGRADE));

        Verdict verdict = settle(judging.analysis(SMALL, STRONG), "text");

        assertThat(fields(verdict)).containsEntry("mood", "good");
        assertThat(verdict.tier()).isEqualTo("small");
        assertThat(verdict.model()).contains("small-model-1");
        assertThat(verdict.confidence()).hasValue(0.62);
        assertThat(verdict.reason()).isEqualTo("confidence 0.62 < 0.70; budget");
        assertThat(verdict.calls()).isEqualTo(1);
        judging.assertSumsAreExact(List.of(verdict));
        assertThat(judging.meters.value(Metric.DECISIONS, "p", "review", "small")).isEqualTo(1);
    }

    @Test
    void degradeWaitsWhereThereIsNoAnswerAtAll() throws Exception {
        ScriptedSpending money = new ScriptedSpending(Money.ZERO, AtLimit.DEGRADE);
        judging.model(
                "strong",
                call -> {
                    try {
                        money.reserve(WORST).charge();
                    } catch (BudgetException e) {
                        throw new ModelException(new Shortage(e, money));
                    }
                    return call.answer(_ -> note("fine"));
                });
        Analysis analysis = judging.analysis(STRONG);
        FutureTask<Verdict> verdict = new FutureTask<>(() -> settle(analysis, "text"));
        Thread.ofVirtual().start(verdict);
        await().until(() -> money.waits() > 0);

        assertThat(verdict.isDone()).isFalse();
        money.add(WORST);

        assertThat(verdict.get().reason()).isEqualTo("last tier");
        assertThat(verdict.get().attempts()).isEqualTo(1);
    }

    @Test
    void deadLetterFailsTheEventAtOnceWithTheBudgetsWords() throws Exception {
        judging.model("strong", _ -> broke(AtLimit.DEAD_LETTER));

        Verdict verdict = settle(judging.analysis(SMALL, STRONG), "text");

        assertThat(failure(verdict).code()).isEqualTo(ErrorCode.BUDGET);
        assertThat(failure(verdict).message()).startsWith("budget daily: a call can cost $0.001");
        assertThat(failure(verdict).code().retryable()).isFalse();
        assertThat(judging.models.get("strong").calls()).hasSize(1);
    }

    @Test
    void aFreeModelFurtherDownIsAskedWhateverTheBudgetSays() throws Exception {
        for (AtLimit atLimit : List.of(AtLimit.DEGRADE, AtLimit.DEAD_LETTER)) {
            judging.model("small", _ -> broke(atLimit));
            judging.models.put(
                    "strong", ScriptedModel.free("strong", call -> call.answer(_ -> note("own"))));

            Verdict verdict = settle(judging.analysis(SMALL, STRONG), "text");

            assertThat(verdict.tier()).isEqualTo("strong");
            assertThat(verdict.reason()).isEqualTo("budget");
            assertThat(fields(verdict)).containsEntry("note", "own");
        }
    }

    @Test
    void aDearerModelFurtherDownIsNot() throws Exception {
        judging.model("small", _ -> broke(AtLimit.DEAD_LETTER));

        Verdict verdict = settle(judging.analysis(SMALL, STRONG), "text");

        assertThat(failure(verdict).code()).isEqualTo(ErrorCode.BUDGET);
        assertThat(judging.models.get("strong").calls()).isEmpty();
    }

    @Test
    void aBatchWithoutMoneyIsNotSplit() throws Exception {
        judging.model("small", _ -> broke(AtLimit.DEAD_LETTER));

        List<Verdict> verdicts =
                settleAll(judging.analysis(SMALL_BATCHED, STRONG), "a", "b", "c", "d");

        assertThat(verdicts)
                .allSatisfy(each -> assertThat(failure(each).code()).isEqualTo(ErrorCode.BUDGET));
        assertThat(judging.models.get("small").calls()).hasSize(1);
    }

    private static Model.Paid broke(AtLimit atLimit) throws ModelException {
        ScriptedSpending money = new ScriptedSpending(Money.ZERO, atLimit);
        throw new ModelException(
                new Shortage(ScriptedSpending.refusal(atLimit, WORST, Money.ZERO), money));
    }
}
