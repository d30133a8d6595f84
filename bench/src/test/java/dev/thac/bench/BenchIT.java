package dev.thac.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.List;

/** Every row does the whole job: rows check themselves and throw where a record is missing. */
class BenchIT {

    @Test
    void everyRowOfRulesWritesEachEventOnce() throws IOException, InterruptedException {
        Options options =
                Options.parse(
                        List.of("rules", "--events", "2000", "--rounds", "1", "--warmup", "0"));

        Report report = new RulesBench(options).run();

        assertThat(report.lines())
                .extracting(Report.Line::row)
                .contains("+ rules", "Thác, at-least-once", "Thác, exactly-once");
        assertThat(report.bars()).hasSize(2);
    }

    @Test
    void everyRowOfWindowsEndsWithTheTrueCounts() throws IOException, InterruptedException {
        Options options =
                Options.parse(
                        List.of("windows", "--events", "20000", "--rounds", "1", "--warmup", "0"));

        Report report = new WindowBench(options).run();

        assertThat(report.lines())
                .extracting(Report.Line::row)
                .containsExactly(
                        "Kafka Streams DSL",
                        "Kafka Streams DSL, only keys sent on",
                        "Thác, windows");
        assertThat(report.notes().getFirst()).contains("true counts");
        assertThat(report.bars()).hasSize(1);
    }

    @Test
    void everyRowOfSinksLeavesEachEventAtItsTarget() throws IOException, InterruptedException {
        Options options =
                Options.parse(
                        List.of("sinks", "--events", "2000", "--rounds", "1", "--warmup", "0"));

        Report report = new SinkBench(options).run();

        assertThat(report.lines())
                .extracting(Report.Line::row)
                .containsExactly(
                        "hand-written loop, batched upserts",
                        "Thác, table",
                        "Thác, files",
                        "Thác, webhook");
        assertThat(report.bars()).hasSize(1);
    }

    @Test
    void everyRowOfModelWritesEachEventOnceAndBuysItOnce()
            throws IOException, InterruptedException {
        Options options =
                Options.parse(
                        List.of(
                                "model",
                                "--events",
                                "1000",
                                "--in-flight",
                                "8",
                                "--rounds",
                                "1",
                                "--warmup",
                                "0",
                                "--delay-seconds",
                                "4"));

        Report report = new ModelBench(options).run();

        assertThat(report.lines())
                .extracting(Report.Line::row)
                .contains("parallel-consumer", "Thác, at-least-once", "Thác, exactly-once");
        assertThat(report.notes()).filteredOn(n -> n.contains(" 0 refused")).hasSize(5);
        assertThat(report.notes()).filteredOn(n -> n.contains(" at half load ")).hasSize(2);
        assertThat(report.bars()).hasSize(4);
    }

    @Test
    void everyRowOfSlowBuysEachEventOnceAlsoWhenCallsAreStuck()
            throws IOException, InterruptedException {
        Options options =
                Options.parse(
                        List.of(
                                "slow",
                                "--latency",
                                "lognormal:50ms,0.6",
                                "--events",
                                "1000",
                                "--in-flight",
                                "8",
                                "--timeout",
                                "1s",
                                "--stuck-percent",
                                "5"));

        Report report = new SlowBench(options).run();

        assertThat(report.lines())
                .extracting(Report.Line::row)
                .containsExactly(
                        "ideal: calls in flight / mean latency",
                        "hand-written batch loop",
                        "parallel-consumer",
                        "Thác, exactly-once",
                        "Thác, exactly-once, 5 % of calls stuck");
        assertThat(report.bars()).hasSize(2);
    }

    @Test
    void aBacklogIsWorkedOffInsideASmallHeap() throws IOException, InterruptedException {
        Options options =
                Options.parse(
                        List.of(
                                "backlog",
                                "--events",
                                "20000",
                                "--latency",
                                "1s",
                                "--in-flight",
                                "8",
                                "--open",
                                "500",
                                "--seconds",
                                "15",
                                "--heap",
                                "128"));

        Report report = new BacklogBench(options).run();

        assertThat(report.notes()).singleElement().asString().startsWith("heap: at most ");
        assertThat(report.runs().getLast().records()).isPositive();
    }
}
