package dev.thac.cascade;

import static dev.thac.cascade.Judging.SMALL;
import static dev.thac.cascade.Judging.SMALL_BATCHED;
import static dev.thac.cascade.Judging.STRONG;
import static dev.thac.cascade.Judging.fields;
import static dev.thac.cascade.Judging.items;
import static dev.thac.cascade.Judging.note;
import static dev.thac.cascade.Judging.noted;
import static dev.thac.cascade.Judging.settle;
import static dev.thac.cascade.Judging.settleAll;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thac.event.Verdict;
import dev.thac.meter.Metric;
import dev.thac.model.Model;
import dev.thac.model.ModelException;
import dev.thac.model.ModelReply;
import dev.thac.model.ScriptedModel;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** What becomes of events whose calls go wrong, and of those that share the call. */
class BadAnswersTest {

    @TempDir private Path folder;
    private Judging judging;

    @BeforeEach
    void begin() {
        judging = new Judging(folder);
    }

    @Test
    void theItemsOfABatchShareOneCall() throws Exception {
        judging.model("small", call -> call.answer(input -> noted(input, 0.9)));

        List<Verdict> verdicts =
                settleAll(judging.analysis(SMALL_BATCHED, STRONG), "a", "b", "c", "d");

        assertThat(verdicts)
                .extracting(verdict -> fields(verdict).get("note"))
                .containsExactly("a", "b", "c", "d");
        assertThat(judging.models.get("small").calls()).hasSize(1);
        judging.assertSumsAreExact(verdicts);
    }

    @Test
    void onlyTheInvalidItemsOfABatchAreAskedAboutAgain() throws Exception {
        judging.model(
                "small",
                call ->
                        call.answer(
                                input ->
                                        call.number() == 1 && input.equals("c")
                                                ? Map.of("mood", "meh", "note", "", "confidence", 1)
                                                : noted(input, 0.9)));

        List<Verdict> verdicts =
                settleAll(judging.analysis(SMALL_BATCHED, STRONG), "a", "b", "c", "d");

        assertThat(judging.models.get("small").calls())
                .extracting(ScriptedModel.Call::inputs)
                .satisfiesExactly(
                        first -> assertThat(first).hasSize(4),
                        second -> assertThat(second).containsExactly("c"));
        assertThat(verdicts).allMatch(verdict -> verdict.tier().equals("small"));
        assertThat(verdicts).extracting(Verdict::calls).containsExactly(1, 1, 2, 1);
        judging.assertSumsAreExact(verdicts);
    }

    @Test
    void missingDuplicateAndForeignItemsCostNoOtherItsAnswer() throws Exception {
        judging.model(
                "small",
                call ->
                        call.number() == 1
                                ? call.text(
                                        items(
                                                List.of(
                                                        ScriptedModel.item(1, noted("1st", 0.9)),
                                                        ScriptedModel.item(2, noted("dup", 0.9)),
                                                        ScriptedModel.item(2, noted("dup", 0.9)),
                                                        ScriptedModel.item(9, noted("9", 0.9)))))
                                : call.answer(input -> noted(input, 0.9)));

        List<Verdict> verdicts =
                settleAll(judging.analysis(SMALL_BATCHED, STRONG), "a", "b", "c", "d");

        assertThat(judging.models.get("small").calls()).hasSize(2);
        assertThat(judging.models.get("small").calls().getLast().inputs()).hasSize(3);
        assertThat(verdicts).extracting(verdict -> fields(verdict).get("note")).contains("1st");
        assertThat(invalid("foreign-item")).isEqualTo(1);
        assertThat(invalid("duplicate-item")).isEqualTo(1);
        assertThat(invalid("missing-item")).isEqualTo(2);
        judging.assertSumsAreExact(verdicts);
    }

    @Test
    void anItemThatStaysInvalidGoesToTheNextTier() throws Exception {
        judging.model("small", call -> call.answer(_ -> Map.of("mood", "meh", "note", "")));

        Verdict verdict = settle(judging.analysis(SMALL, STRONG), "x");

        assertThat(verdict.tier()).isEqualTo("strong");
        assertThat(verdict.reason()).isEqualTo("invalid output");
        assertThat(judging.models.get("small").calls()).hasSize(2);
        assertThat(verdict.calls()).isEqualTo(3);
        judging.assertSumsAreExact(List.of(verdict));
    }

    @Test
    void aBatchThatFailsAsAWholeIsSplitDownToTheItemThatSpoilsIt() throws Exception {
        judging.model(
                "small",
                call ->
                        call.inputs().contains("poison")
                                ? call.text("I would rather not")
                                : call.answer(input -> noted(input, 0.9)));

        List<Verdict> verdicts =
                settleAll(judging.analysis(SMALL_BATCHED, STRONG), "a", "b", "poison", "d");

        assertThat(verdicts)
                .extracting(Verdict::tier)
                .containsExactly("small", "small", "strong", "small");
        assertThat(verdicts.get(2).reason()).isEqualTo("invalid output");
        // the batch, two halves, two quarters, and the single one again
        assertThat(judging.models.get("small").calls()).hasSize(6);
        judging.assertSumsAreExact(verdicts);
    }

    @Test
    void aRefusedSingleItemIsNotAskedAboutAgainButEscalates() throws Exception {
        judging.model("small", call -> call.stop(ModelReply.Stop.REFUSED));

        Verdict verdict = settle(judging.analysis(SMALL, STRONG), "x");

        assertThat(judging.models.get("small").calls()).hasSize(1);
        assertThat(verdict.tier()).isEqualTo("strong");
        assertThat(verdict.reason()).isEqualTo("refused");
    }

    @Test
    void aTruncatedSingleItemIsAskedAboutOnceMoreAndThenEscalates() throws Exception {
        judging.model("small", call -> call.stop(ModelReply.Stop.TRUNCATED));

        Verdict verdict = settle(judging.analysis(SMALL, STRONG), "x");

        assertThat(judging.models.get("small").calls()).hasSize(2);
        assertThat(verdict.tier()).isEqualTo("strong");
        assertThat(verdict.reason()).isEqualTo("truncated");
    }

    @ParameterizedTest
    @EnumSource(
            value = ModelException.Kind.class,
            names = {"INVALID", "TOO_LARGE", "TIMEOUT"})
    void aCallThatCannotBeMadeIsSplitAndItsCulpritEscalates(ModelException.Kind kind)
            throws Exception {
        judging.model(
                "small",
                call -> {
                    if (call.inputs().contains("huge")) {
                        throw call.error(kind);
                    }
                    return call.answer(input -> noted(input, 0.9));
                });

        List<Verdict> verdicts =
                settleAll(judging.analysis(SMALL_BATCHED, STRONG), "a", "huge", "c", "d");

        assertThat(verdicts)
                .extracting(Verdict::tier)
                .containsExactly("small", "strong", "small", "small");
        assertThat(verdicts.get(1).reason())
                .isEqualTo(kind == ModelException.Kind.TIMEOUT ? "timeout" : "request rejected");
    }

    @Test
    void sumsOverEventsEqualSumsOverCallsWhateverGoesWrong() throws Exception {
        Random random = new Random(5);
        for (int round = 0; round < 60; round++) {
            judging.models.clear();
            judging.model("small", call -> mutated(call, random, true));
            judging.model("strong", call -> mutated(call, random, false));
            Analysis analysis =
                    judging.analysis(
                            "{ model: small, accept: { confidence: 0.5 }, batch: { size: 7, wait:"
                                    + " 1h } }",
                            "{ model: strong, batch: { size: 3, wait: 1h } }");
            String[] texts = new String[5 + random.nextInt(30)];
            for (int i = 0; i < texts.length; i++) {
                texts[i] = "text " + i;
            }

            List<Verdict> verdicts = settleAll(analysis, texts);

            judging.assertSumsAreExact(verdicts);
            for (int i = 0; i < texts.length; i++) {
                if (verdicts.get(i).result() instanceof Verdict.Result.Answered answered) {
                    assertThat(answered.fields()).containsEntry("note", texts[i]);
                }
            }
        }
    }

    /** Any of the ways in which a call or an item can go wrong. */
    private static Model.Paid mutated(ScriptedModel.Call call, Random random, boolean confident)
            throws ModelException {
        int dice;
        List<Map<String, Object>> items = new ArrayList<>();
        synchronized (random) {
            dice = random.nextInt(12);
            for (int i = 0; i < call.inputs().size(); i++) {
                String input = call.inputs().get(i);
                Map<String, ?> fields = confident ? noted(input, random.nextDouble()) : note(input);
                Map<String, Object> item = ScriptedModel.item(i + 1L, fields);
                switch (random.nextInt(8)) {
                    case 0 -> item.put("mood", "meh");
                    case 1 -> item.put("i", 77L);
                    case 2 -> items.add(item);
                    default -> {}
                }
                items.add(item);
            }
        }
        return switch (dice) {
            case 0 -> call.text("{\"items\":[{");
            case 1 -> call.stop(ModelReply.Stop.REFUSED);
            case 2 -> call.stop(ModelReply.Stop.TRUNCATED);
            case 3 -> call.stop(ModelReply.Stop.CONTEXT_FULL);
            case 4 -> throw call.error(ModelException.Kind.TIMEOUT);
            default -> call.text(items(items));
        };
    }

    private double invalid(String reason) {
        return judging.meters.value(Metric.OUTPUT_INVALID, "p", "small", reason);
    }
}
