package dev.thac.spec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class SpecReaderTest {

    /** Every kind of component. */
    record Whole(
            @Key("Text.") String text,
            @Key(value = "Number.", orElse = "7", min = 1, max = 9) int count,
            @Key("Share.") Optional<Double> ratio,
            @Key(value = "Wait.", name = "wait", orElse = "5s") Duration longest,
            @Key("List.") List<String> items,
            @Key("Map.") Map<String, Inner> inners,
            @Key(value = "Inner.", orElse = "{}") Inner inner,
            @Key(value = "Colour.", orElse = "dark-red") Colour colour,
            @Key("Anything.") Optional<Tree> tree,
            @Key("Step.") List<Step> steps,
            @NotYet @Key("Later.") Optional<Inner> later,
            @Key("Key.") Optional<Secret> key) {}

    record Inner(@Key(value = "Flag.", orElse = "false") boolean flag) {}

    enum Colour {
        DARK_RED,
        GREEN,
        @NotYet
        BLUE
    }

    sealed interface Step {
        @Form("go")
        record Go(@Key("Where to.") String go) implements Step {}

        @Form("rest")
        record Rest(@Key("How long.") Duration rest) implements Step {}
    }

    private static Reading<Whole> read(String text) {
        return SpecReader.read(Document.parse("a.yaml", text), Whole.class);
    }

    @Test
    void whatIsLeftOutHasItsDefault() {
        Reading<Whole> reading = read("text: a");

        assertThat(reading.problems()).isEmpty();
        assertThat(reading.spec())
                .contains(
                        new Whole(
                                "a",
                                7,
                                Optional.empty(),
                                Duration.ofSeconds(5),
                                List.of(),
                                Map.of(),
                                new Inner(false),
                                Colour.DARK_RED,
                                Optional.empty(),
                                List.of(),
                                Optional.empty(),
                                Optional.empty()));
    }

    @Test
    void everyKeyCanBeSet() {
        Reading<Whole> reading =
                read(
                        """
                        text: 42
                        count: 9
                        ratio: 1
                        wait: 2m
                        items: [a, "b"]
                        inners: { z: { flag: true }, a: }
                        inner: { flag: true }
                        colour: green
                        tree: { n: [1, 2.5, null, true, x, 9223372036854775808] }
                        steps: [ { rest: 1s }, { go: home } ]
                        key: "${env:KEY}"
                        """);

        assertThat(reading.problems()).isEmpty();
        Whole whole = reading.spec().orElseThrow();
        assertThat(whole.text()).isEqualTo("42");
        assertThat(whole.ratio()).contains(1.0);
        assertThat(whole.longest()).isEqualTo(Duration.ofMinutes(2));
        assertThat(whole.inners().keySet()).containsExactly("z", "a");
        assertThat(whole.steps())
                .containsExactly(new Step.Rest(Duration.ofSeconds(1)), new Step.Go("home"));
        assertThat(whole.tree().map(Tree::value).map(String::valueOf))
                .contains("{n=[1, 2.5, null, true, x, 9223372036854775808]}");
    }

    @Test
    void everyProblemIsFoundInOneReading() {
        Reading<Whole> reading =
                read(
                        """
                        txt: a
                        count: 10
                        wait: soon
                        items: a
                        inners: { a: { flg: true } }
                        colour: blue
                        steps: [ { go: a, rest: 1s }, { walk: 1 } ]
                        later: { flag: maybe }
                        key: hunter2
                        """);

        assertThat(reading.problems())
                .extracting(problem -> problem.line() + " " + problem.kind().label())
                .containsExactly(
                        "1 unknown-key",
                        "2 out-of-range",
                        "3 bad-value",
                        "4 wrong-type",
                        "5 unknown-key",
                        "6 not-yet",
                        "7 conflict",
                        "7 missing-key",
                        "8 not-yet",
                        "8 wrong-type",
                        "9 literal-secret");
        assertThat(reading.spec()).isPresent();
        assertThat(reading.intact("inners.a.flag")).isFalse();
        assertThat(reading.intact("inner")).isTrue();
        assertThat(reading.aligned("steps")).isFalse();
    }

    @Test
    void aMisspeltKeyIsStillRead() {
        Reading<Whole> reading = read("text: a\niner: { flag: 5 }\n");

        assertThat(reading.problems())
                .extracting(Problem::message)
                .containsExactly("unknown key \"iner\"", "\"flag\" must be true or false, not 5");
    }

    @Test
    void noExcerptShowsASecret() {
        Reading<Whole> reading =
                read("text: [a]  # apiKey: hunter2\nkey: a\ntoken: hunter2\npasswrd: 'x\n");

        assertThat(new Problems(reading.problems()).render()).doesNotContain("hunter2");
    }
}
