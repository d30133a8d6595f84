package dev.thac.app.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thac.event.Money;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class SummaryTest {

    private static Summary summary(
            Map<String, Long> outcomes, Map<String, Map<String, Long>> decisions) {
        return new Summary(
                new Totals(
                        outcomes,
                        decisions,
                        Map.of("undecodable", 2L),
                        Map.of("out", 90L),
                        new Money(21_340_000)),
                List.of("rules", "small", "strong"),
                true,
                Optional.of(Duration.ofMillis(2900)),
                Duration.ofSeconds(10),
                List.of());
    }

    @Test
    void everyEventIsInExactlyOneRow() {
        Summary summary =
                summary(
                        Map.of("routed", 90L, "filtered", 8L, "dead-lettered", 2L),
                        Map.of("review", Map.of("strong", 10L, "rules", 30L, "small", 50L)));

        assertThat(summary.rows().toString())
                .isEqualTo("{rules=30, small=50, strong=10, filtered=8, dead letters=2}");
        assertThat(String.join("\n", summary.text()))
                .contains("rules                              30   30.0%")
                .contains("first verdict 2.9 s")
                .contains("$0.02134 (simulated), 10 events a second");
    }

    @Test
    void eventsWithoutAnAnswerHaveTheirOwnRow() {
        Summary summary =
                summary(
                        Map.of("routed", 100L),
                        Map.of("review", Map.of("rules", 30L, "small", 50L)));

        assertThat(summary.rows()).containsEntry("without an answer", 20L);
    }

    @Test
    void aPipelineWithoutAnalysesSaysWhatWentThrough() {
        Summary summary = summary(Map.of("routed", 70L, "filtered", 30L), Map.of());

        assertThat(summary.rows().toString())
                .isEqualTo("{went through=70, filtered=30, dead letters=0}");
    }
}
