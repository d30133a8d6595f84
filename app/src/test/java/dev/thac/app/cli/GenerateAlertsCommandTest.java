package dev.thac.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thac.app.CommandRun;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class GenerateAlertsCommandTest {

    private static final String PIPELINE =
            """
            pipeline: orders
            source: { topic: orders, group: g, start: earliest }
            routes: [ { to: out } ]
            """;

    @TempDir private Path folder;

    @Test
    void aFileGivesItsOwnAlertsWithItsThresholds() throws IOException {
        Files.writeString(
                folder.resolve("orders.yaml"),
                PIPELINE + "alerts: { lag: { when: lag > 42s, hold: 90s, severity: critical } }\n");

        CommandRun.Result result =
                CommandRun.here().in(folder).run("generate", "alerts", "orders.yaml");

        assertThat(result.code()).isZero();
        assertThat(result.out())
                .isEqualTo(
                        """
                        # Alert rules for Prometheus, made by `thac generate alerts orders.yaml`.
                        groups:
                          - name: "thac-orders"
                            rules:
                              - alert: ThacLag
                                expr: |-
                                  max by (pipeline) (thac_consumer_lag_seconds{pipeline="orders"}) > 42
                                for: 90s
                                keep_firing_for: 1m
                                labels:
                                  severity: critical
                                  pipeline: "orders"
                                annotations:
                                  summary: "orders meets lag > 42s"
                                  description: "Age of the oldest event that is not done. Condition: lag > 42s; now {{ $value }}."
                                  look_at: "thac status, and the metrics of the pipeline."
                              - alert: ThacDown
                                expr: absent(thac_pipeline_state{pipeline="orders"})
                                for: 2m
                                labels:
                                  severity: critical
                                  pipeline: "orders"
                                annotations:
                                  summary: "orders is not running"
                                  description: "No process reports this pipeline."
                                  look_at: "The processes, and whether Prometheus can reach them."
                        """);
    }

    @Test
    void aFileWithoutAlertsGivesThoseThatFit() throws IOException {
        Files.writeString(folder.resolve("orders.yaml"), PIPELINE);

        CommandRun.Result result =
                CommandRun.here().in(folder).run("generate", "alerts", "orders.yaml");

        assertThat(result.out())
                .contains("ThacNoProgress", "ThacDeadLetters")
                .doesNotContain("ThacModelSlow", "ThacBudget");
    }

    @Test
    void withoutAFileTheRulesAreForEveryPipeline() {
        CommandRun.Result result = CommandRun.here().in(folder).run("generate", "alerts");

        assertThat(result.code()).isZero();
        assertThat(result.out())
                .contains("- alert: ThacBudgetExhausted", "max by (pipeline) (thac_consumer_lag")
                .doesNotContain("{pipeline=", "ThacDown");
    }
}
