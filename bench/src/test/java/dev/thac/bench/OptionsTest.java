package dev.thac.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;

class OptionsTest {

    @Test
    void everythingHasADefault() {
        Options options = Options.parse(List.of("rules"));

        assertThat(options.rounds()).isEqualTo(3);
        assertThat(options.warmup()).isEqualTo(1);
        assertThat(options.profile()).isFalse();
        assertThat(options.strict()).isFalse();
        assertThat(options.delays()).isTrue();
        assertThat(options.results()).isEqualTo(Path.of("bench/results"));
        assertThat(options.wants("any row")).isTrue();
        assertThat(options.number("events", 7)).isEqualTo(7);
    }

    @Test
    void valuesAndFlagsAreRead() {
        Options options =
                Options.parse(
                        List.of("model", "--events", "1_000", "--profile", "--rows", "lane, hand"));

        assertThat(options.number("events", 7)).isEqualTo(1000);
        assertThat(options.profile()).isTrue();
        assertThat(options.wants("hand-written")).isTrue();
        assertThat(options.wants("parallel-consumer")).isFalse();
    }

    @Test
    void whatCannotBeUnderstoodIsSaid() {
        assertThatThrownBy(() -> Options.parse(List.of("--events", "1")))
                .hasMessage("which benchmark?");
        assertThatThrownBy(() -> Options.parse(List.of("rules", "--evnts", "1")))
                .hasMessage("unknown option --evnts");
        assertThatThrownBy(() -> Options.parse(List.of("rules", "--events")))
                .hasMessage("--events needs a value");
        assertThatThrownBy(
                        () ->
                                Options.parse(List.of("rules", "--events", "many"))
                                        .number("events", 1))
                .hasMessage("--events needs a whole number, not many");
    }
}
