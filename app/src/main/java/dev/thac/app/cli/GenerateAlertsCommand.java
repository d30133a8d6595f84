package dev.thac.app.cli;

import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.Terminal;
import dev.thac.observe.AlertRules;
import dev.thac.observe.PrometheusRules;
import dev.thac.observe.Selection;
import dev.thac.runtime.Alerts;
import dev.thac.runtime.Loaded;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.util.concurrent.Callable;

/** {@code thac generate alerts}. */
@Command(
        name = "alerts",
        header = "The alerts as a rules file for Prometheus.",
        description = {
            "With a file: its alerts, with its thresholds, for its pipeline alone; where it has "
                    + "none, every built-in alert that fits, and in any case one for a pipeline "
                    + "that no process runs. Without: every built-in alert, for all pipelines.",
            "keep_firing_for needs Prometheus 2.42 or newer."
        },
        mixinStandardHelpOptions = true)
final class GenerateAlertsCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Parameters(arity = "0..1", paramLabel = "FILE", description = "A pipeline file.")
    private @Nullable String file;

    GenerateAlertsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        terminal.out().print(rules());
        return ExitCode.OK.number();
    }

    private String rules() {
        String made = "Alert rules for Prometheus, made by `thac generate alerts";
        if (file == null) {
            return PrometheusRules.of(
                    AlertRules.builtIn(AlertRules.Parts.ALL), Selection.ALL, made + "`.");
        }
        Loaded loaded = PipelineFile.load(terminal, file);
        Alerts.Plan plan = Alerts.plan(loaded.orThrow(), loaded.project());
        return PrometheusRules.of(
                plan.rules(), plan.selection(), made + " " + file.replaceAll("\\s", " ") + "`.");
    }
}
