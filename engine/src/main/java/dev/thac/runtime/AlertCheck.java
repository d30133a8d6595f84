package dev.thac.runtime;

import dev.thac.observe.AlertRules;
import dev.thac.observe.AlertSpec;
import dev.thac.observe.BuiltIn;
import dev.thac.observe.Condition;
import dev.thac.observe.ConditionException;
import dev.thac.observe.Scope;
import dev.thac.spec.ProblemKind;
import dev.thac.spec.Secrets;
import dev.thac.spec.Spelling;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the alerts of a pipeline must keep to. */
final class AlertCheck {

    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,99}");

    private final PipelineSpec spec;
    private final ProjectSpec project;
    private final Findings findings;

    private AlertCheck(PipelineSpec spec, ProjectSpec project, Findings findings) {
        this.spec = spec;
        this.project = project;
        this.findings = findings;
    }

    /** Checks the alerts of a pipeline. */
    static void check(PipelineSpec spec, ProjectSpec project, Findings findings) {
        AlertCheck check = new AlertCheck(spec, project, findings);
        for (Map.Entry<String, AlertSpec> each : spec.alerts().entrySet()) {
            String path = "alerts." + each.getKey();
            if (findings.intact(path)) {
                check.name(each.getKey(), path, each.getValue());
                check.destinations(path, each.getValue());
            }
        }
    }

    private void name(String name, String path, AlertSpec alert) {
        if (name.equals(AlertRules.DEFAULTS)) {
            defaults(path, alert);
        } else if (!NAME.matcher(name).matches()) {
            findings.atKey(
                    ProblemKind.BAD_VALUE,
                    path,
                    "\"" + name + "\" cannot name an alert",
                    "use letters, digits, hyphens and underscores, a letter first");
        } else if (alert.when().isPresent()) {
            condition(path + ".when", alert.when().get());
        } else if (BuiltIn.of(name).isEmpty()) {
            findings.atKey(
                    ProblemKind.UNKNOWN_NAME,
                    path,
                    "no built-in alert is named \"" + name + "\", and it has no \"when\"",
                    Spelling.nearest(name, BuiltIn.labels())
                            .map(near -> "did you mean \"" + near + "\"?")
                            .orElse(
                                    "give it a condition, for example  when: lag > 300s; built in"
                                            + " are "
                                            + String.join(", ", BuiltIn.labels())));
        } else {
            budget(path, scope(BuiltIn.of(name).get().when()));
        }
    }

    private void defaults(String path, AlertSpec alert) {
        for (String key : List.of("when", "hold", "severity")) {
            boolean given =
                    switch (key) {
                        case "when" -> alert.when().isPresent();
                        case "hold" -> alert.hold().isPresent();
                        default -> alert.severity().isPresent();
                    };
            if (given) {
                findings.atKey(
                        ProblemKind.CONFLICT,
                        path + "." + key,
                        "\"" + key + "\" cannot be the same for all alerts",
                        "give it to the alert it is meant for, by name");
            }
        }
    }

    private void condition(String path, String when) {
        try {
            budget(path, Optional.of(Condition.parse(when).scope()));
        } catch (ConditionException wrong) {
            findings.inside(
                    ProblemKind.BAD_EXPRESSION,
                    path,
                    new Findings.Part(wrong.offset(), wrong.length()),
                    String.valueOf(wrong.getMessage()),
                    wrong.help());
        }
    }

    private static Optional<Scope> scope(String when) {
        try {
            return Optional.of(Condition.parse(when).scope());
        } catch (ConditionException _) {
            return Optional.empty(); // reported where it stands
        }
    }

    private void budget(String path, Optional<Scope> scope) {
        if (scope.equals(Optional.of(Scope.BUDGET))
                && findings.intact("budget")
                && spec.budget().isEmpty()
                && project.budgets().isEmpty()) {
            findings.atKey(
                    ProblemKind.CONFLICT,
                    path,
                    "the alert is about a budget, and there is none",
                    "give the pipeline a budget, or leave the alert out");
        }
    }

    private void destinations(String path, AlertSpec alert) {
        if (alert.to().isPresent() && taken(alert.to().get())) {
            findings.at(
                    ProblemKind.CONFLICT,
                    path + ".to",
                    "the topic \"" + alert.to().get() + "\" already serves this pipeline otherwise",
                    "send alerts to a topic of their own");
        }
        if (alert.webhook().isPresent()
                && !Secrets.refers(alert.webhook().get().url())
                && !address(alert.webhook().get().url())) {
            findings.at(
                    ProblemKind.BAD_VALUE,
                    path + ".webhook.url",
                    "\"" + alert.webhook().get().url() + "\" is no address",
                    "write it like https://hooks.example.com/alerts");
        }
    }

    private boolean taken(String topic) {
        PipelineTopics topics = new PipelineTopics(spec);
        return Stream.concat(topics.sources().stream(), topics.outputs().stream())
                .anyMatch(topic::equals);
    }

    private static boolean address(String url) {
        try {
            URI uri = URI.create(url);
            return uri.getHost() != null
                    && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()));
        } catch (IllegalArgumentException _) {
            return false;
        }
    }
}
