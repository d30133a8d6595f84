package dev.thac.testkit.guarantee;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

class BoundedTest {

    @Test
    void figuresInsideTheirCapsKeepThePromise() {
        Evidence evidence = sampled(List.of(Map.of("open", 10L, "bytes", 5L), Map.of("open", 20L)));

        assertThatCode(() -> new Bounded(Map.of("open", 20L, "bytes", 5L)).verify(evidence))
                .doesNotThrowAnyException();
    }

    @Test
    void aFigureOverItsCapIsNamedWithItsPeak() {
        Evidence evidence =
                sampled(List.of(Map.of("open", 21L), Map.of("open", 3L), Map.of("open", 30L)));

        assertThatThrownBy(() -> new Bounded(Map.of("open", 20L)).verify(evidence))
                .hasMessageContaining("open reached 30, 2 of 3 samples were over 20");
    }

    @Test
    void aFigureThatWasNeverSampledProvesNothing() {
        assertThat(
                        new Bounded(Map.of("heap", 20L))
                                .violations(sampled(List.of(Map.of("open", 1L)))))
                .containsExactly("heap was never sampled");
    }

    @Test
    void aSamplerTakesFiguresUntilItIsClosed() {
        AtomicLong value = new AtomicLong();
        List<Evidence.Sample> samples;
        try (Sampler sampler =
                Sampler.every(
                        Duration.ofMillis(1), () -> Map.of("count", value.incrementAndGet()))) {
            await().until(() -> sampler.samples().size() >= 3);
            samples = sampler.samples();
        }

        assertThat(samples.get(2).figures()).containsEntry("count", 3L);
        assertThat(samples).isSortedAccordingTo((a, b) -> a.at().compareTo(b.at()));
    }

    @Test
    void aProgramThatCannotBeAskedIsCountedNotSampled() {
        try (Sampler sampler =
                Sampler.every(
                        Duration.ofMillis(1),
                        () -> {
                            throw new IOException("down");
                        })) {
            await().until(() -> sampler.failures() >= 2);

            assertThat(sampler.samples()).isEmpty();
            assertThat(sampler.lastFailure()).hasMessage("down");
        }
    }

    @Test
    void metricsAreSummedOverTheirLabels() {
        String page =
                """
                # HELP thac_open Open events
                thac_open{pipeline="a b"} 3.0
                thac_open{pipeline="c"} 4.0
                jvm_heap 1.5E7
                """;

        assertThat(Sampler.parse(page))
                .containsOnly(Map.entry("thac_open", 7L), Map.entry("jvm_heap", 15_000_000L));
    }

    private static Evidence sampled(List<Map<String, Long>> figures) {
        return new Evidence(List.of(), Map.of())
                .withSamples(
                        figures.stream()
                                .map(each -> new Evidence.Sample(Instant.EPOCH, each))
                                .toList());
    }
}
