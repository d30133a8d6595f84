package dev.thac.observe;

import dev.thac.event.JsonText;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The same alerts as a rules file for Prometheus. Stateless. */
public final class PrometheusRules {

    private PrometheusRules() {}

    /**
     * The rules file.
     *
     * @param rules the alerts
     * @param selection whose series they look at
     * @param origin a comment for the first line
     * @return YAML
     */
    public static String of(List<AlertRule> rules, Selection selection, String origin) {
        StringBuilder yaml = new StringBuilder("# ").append(origin).append("\n");
        yaml.append("groups:\n  - name: ")
                .append(JsonText.text("thac" + selection.pipeline().map(it -> "-" + it).orElse("")))
                .append("\n    rules:\n");
        for (AlertRule rule : rules) {
            rule(yaml, rule, selection);
        }
        selection.pipeline().ifPresent(pipeline -> down(yaml, pipeline));
        return yaml.toString();
    }

    private static void rule(StringBuilder yaml, AlertRule rule, Selection selection) {
        Scope scope = rule.condition().scope();
        String name = selection.pipeline().orElse("{{ $labels.pipeline }}");
        if (selection.pipeline().isEmpty() && !scope.labels().contains("pipeline")) {
            name = "A pipeline";
        }
        String subject = scope.template().isEmpty() ? "" : ": " + scope.template();
        yaml.append("      - alert: ").append(name(rule.name())).append("\n");
        yaml.append("        expr: |-\n");
        rule.condition()
                .expression(selection)
                .lines()
                .forEach(line -> yaml.append("          ").append(line).append("\n"));
        yaml.append("        for: ").append(RuleText.duration(rule.timing().hold())).append("\n");
        if (rule.timing().clear().isPositive()) {
            yaml.append("        keep_firing_for: ")
                    .append(RuleText.duration(rule.timing().clear()))
                    .append("\n");
        }
        labels(yaml, rule.severity(), selection.pipeline());
        annotations(
                yaml,
                Map.of(
                        "summary", name + " " + rule.words().summary() + subject,
                        "description",
                                rule.words().meaning()
                                        + " Condition: "
                                        + rule.condition().text()
                                        + "; now {{ $value }}.",
                        "look_at", rule.words().look()));
    }

    /** What no process can say of itself. */
    private static void down(StringBuilder yaml, String pipeline) {
        yaml.append("      - alert: ThacDown\n        expr: absent(thac_pipeline_state{pipeline=")
                .append(JsonText.text(pipeline))
                .append("})\n        for: 2m\n");
        labels(yaml, Severity.CRITICAL, Optional.of(pipeline));
        annotations(
                yaml,
                Map.of(
                        "summary", pipeline + " is not running",
                        "description", "No process reports this pipeline.",
                        "look_at", "The processes, and whether Prometheus can reach them."));
    }

    private static void labels(StringBuilder yaml, Severity severity, Optional<String> pipeline) {
        yaml.append("        labels:\n          severity: ").append(severity.label()).append("\n");
        pipeline.ifPresent(
                it -> yaml.append("          pipeline: ").append(JsonText.text(it)).append("\n"));
    }

    private static void annotations(StringBuilder yaml, Map<String, String> texts) {
        yaml.append("        annotations:\n");
        for (String key : List.of("summary", "description", "look_at")) {
            yaml.append("          ")
                    .append(key)
                    .append(": ")
                    .append(JsonText.text(texts.get(key)))
                    .append("\n");
        }
    }

    /**
     * The name of an alert in Prometheus.
     *
     * @param alert its name in a file
     * @return for example {@code ThacNoProgress}
     */
    static String name(String alert) {
        StringBuilder name = new StringBuilder("Thac");
        for (String word : alert.split("[^A-Za-z0-9]+", -1)) {
            if (!word.isEmpty()) {
                name.append(word.substring(0, 1).toUpperCase(Locale.ROOT))
                        .append(word.substring(1));
            }
        }
        return name.toString();
    }
}
