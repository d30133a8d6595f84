package dev.thac.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;

class ReportTest {

    private final List<Run> runs =
            List.of(run("base", 1, 10), run("half", 1, 20), run("base", 2, 20), run("half", 2, 50));

    @Test
    void ratiosAreTakenWithinARound() {
        assertThat(Report.ratios(runs, "half", "base")).containsExactly(0.5, 0.4);
    }

    @Test
    void theMedianOfTwoIsTheirMean() {
        assertThat(Report.ratio(runs, "half", "base")).contains(0.45);
        assertThat(Report.ratio(runs, "absent", "base")).isEmpty();
    }

    @Test
    void aMissedBarIsShown() {
        Report report = report(Bar.atLeast("half / base", 0.5, 0.45));

        assertThat(report.passed()).isFalse();
        assertThat(report.text()).contains("MISS   half / base: 0.450, bar >= 0.500");
        assertThat(report.markdown()).contains("| half / base | at least 0.500 | 0.450 | **miss**");
    }

    @Test
    void aBarOfTimeIsReachedFromBelow() {
        assertThat(report(new Bar("p99", true, 84, 70, "ms")).passed()).isTrue();
        assertThat(report(new Bar("p99", true, 84, 85, "ms")).passed()).isFalse();
    }

    private Report report(Bar bar) {
        return new Report(
                "test",
                LocalDate.of(2026, 11, 20),
                Map.of("cores", "2"),
                Map.of("events", "100"),
                "base",
                runs,
                List.of(bar),
                List.of(),
                Map.of());
    }

    private static Run run(String row, int round, double seconds) {
        return new Run(row, round, 100, seconds, 1, 0, 0);
    }
}
