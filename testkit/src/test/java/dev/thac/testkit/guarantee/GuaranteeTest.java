package dev.thac.testkit.guarantee;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class GuaranteeTest {

    @Test
    void completeOutputKeepsEveryPromise() {
        Evidence evidence =
                new Evidence(
                        inputs(4),
                        Map.of(
                                "out",
                                outputs("in-0@0", "in-0@1", "in-0@2"),
                                "dlq",
                                outputs("in-0@3")));

        for (Guarantee guarantee :
                List.of(
                        new NoLoss(),
                        new ExactlyOnceEffect(),
                        new AllAccounted("dlq"),
                        new PerKeyOrder("out"))) {
            assertThatCode(() -> guarantee.verify(evidence)).doesNotThrowAnyException();
        }
    }

    @Test
    void aLostInputIsNamed() {
        Evidence evidence = new Evidence(inputs(3), Map.of("out", outputs("in-0@0", "in-0@2")));

        assertThatThrownBy(() -> new NoLoss().verify(evidence))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("nothing is lost")
                .hasMessageContaining("1 of 3 inputs have no output: in-0@1");
        assertThat(new NoLoss("in-0@1"::equals).violations(evidence)).isEmpty();
    }

    @Test
    void aRepeatedInputIsNamedWithItsTopicAndCount() {
        Evidence evidence =
                new Evidence(inputs(2), Map.of("out", outputs("in-0@0", "in-0@1", "in-0@1")));

        assertThatThrownBy(() -> new ExactlyOnceEffect().verify(evidence))
                .hasMessageContaining("1 of 2 inputs are repeated in out: in-0@1 (2 times)");
    }

    @Test
    void oneInputInSeveralRoutesIsNoRepetition() {
        Evidence evidence =
                new Evidence(
                        inputs(1), Map.of("out", outputs("in-0@0"), "urgent", outputs("in-0@0")));

        assertThat(new AllAccounted("dlq").violations(evidence)).isEmpty();
    }

    @Test
    void routedAndDeadLetteredExcludeEachOther() {
        Evidence evidence =
                new Evidence(inputs(1), Map.of("out", outputs("in-0@0"), "dlq", outputs("in-0@0")));

        assertThat(new AllAccounted("dlq").violations(evidence))
                .singleElement()
                .asString()
                .contains("exclude each other: in-0@0");
    }

    @Test
    void outputsWithoutOrigin() {
        Evidence.Output nameless =
                new Evidence.Output(Optional.empty(), "out-0@1", Optional.empty());
        List<Evidence.Output> outputs = new ArrayList<>(outputs("in-0@0", "in-0@9"));
        outputs.add(nameless);
        Evidence evidence = new Evidence(inputs(1), Map.of("out", outputs));

        assertThat(new AllAccounted("dlq").violations(evidence))
                .anySatisfy(text -> assertThat(text).contains("no header thac.source: out-0@1"))
                .anySatisfy(text -> assertThat(text).contains("name no input").contains("in-0@9"));
    }

    @Test
    void aKeysOutputsOutOfOrderAreNamed() {
        Evidence evidence =
                new Evidence(
                        inputs(4), Map.of("out", outputs("in-0@2", "in-0@1", "in-0@0", "in-0@3")));

        assertThat(new PerKeyOrder("out").violations(evidence))
                .singleElement()
                .asString()
                .contains("in-0@0 behind in-0@2 (key k0)")
                .doesNotContain("in-0@1 behind");
    }

    @Test
    void invalidOutputsAreNamedWithTheReason() {
        Evidence evidence = new Evidence(inputs(1), Map.of("out", outputs("in-0@0")));
        ValidOutputs.Rule rule =
                value ->
                        new String(value, StandardCharsets.UTF_8).equals("v")
                                ? Optional.empty()
                                : Optional.of("no v");

        assertThat(new ValidOutputs("out", rule).violations(evidence)).isEmpty();
        assertThat(new ValidOutputs("out", _ -> Optional.of("no v")).violations(evidence))
                .singleElement()
                .asString()
                .contains("no v");
    }

    @Test
    void longListsAreCutShort() {
        Evidence evidence = new Evidence(inputs(100), Map.of("out", outputs()));

        assertThat(new NoLoss().violations(evidence))
                .singleElement()
                .asString()
                .contains("100 of 100")
                .contains("(80 more)");
    }

    /** Inputs in-0@0 and on; even ones have key k0, odd ones k1. */
    private static List<Evidence.Input> inputs(int count) {
        List<Evidence.Input> inputs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] key = ("k" + i % 2).getBytes(StandardCharsets.UTF_8);
            inputs.add(new Evidence.Input("in-0@" + i, Optional.of(new Evidence.Key(key))));
        }
        return inputs;
    }

    private static List<Evidence.Output> outputs(String... sources) {
        List<Evidence.Output> outputs = new ArrayList<>();
        for (String source : sources) {
            outputs.add(
                    new Evidence.Output(
                            Optional.of(source),
                            "out-0@" + outputs.size(),
                            Optional.of(new Evidence.Value("v".getBytes(StandardCharsets.UTF_8)))));
        }
        return outputs;
    }
}
