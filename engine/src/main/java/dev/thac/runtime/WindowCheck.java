package dev.thac.runtime;

import dev.thac.expression.ExpressionException;
import dev.thac.expression.Expressions;
import dev.thac.route.Router;
import dev.thac.spec.CelText;
import dev.thac.spec.ProblemKind;
import dev.thac.spec.Spelling;
import dev.thac.window.MeasureKind;
import dev.thac.window.MeasureSpec;
import dev.thac.window.WindowEmit;
import dev.thac.window.WindowSpec;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Checks the windows of a pipeline, but for the expressions over events. Stateless. */
final class WindowCheck {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,100}");
    private static final Pattern MEASURE = Pattern.compile("measures\\.(\\w+).*");
    private static final Set<String> TAKEN = Set.of("window", "key", "retracted");
    private static final int MAX_K = 1000;

    private WindowCheck() {}

    /** Checks all of them. */
    static void check(PipelineSpec spec, Findings findings) {
        if (findings.intact("windows")) {
            spec.windows().forEach((name, window) -> window(spec, name, window, findings));
        }
    }

    private static void window(
            PipelineSpec spec, String name, WindowSpec window, Findings findings) {
        String path = "windows." + name;
        if (!NAME.matcher(name).matches()) {
            findings.atKey(
                    ProblemKind.BAD_VALUE,
                    path,
                    "\"" + name + "\" cannot name a window",
                    "use letters, digits, dots, hyphens and underscores; the name becomes part of"
                            + " topic names");
        }
        frame(path, window, findings);
        window.measures().forEach((each, measure) -> measure(path, each, measure, findings));
        conditions(path, window, findings);
        topics(spec, path, window, findings);
    }

    private static void frame(String path, WindowSpec window, Findings findings) {
        Map<String, Optional<Duration>> frames = new LinkedHashMap<>();
        frames.put("tumbling", window.tumbling());
        frames.put("hopping", window.hopping());
        frames.put("session", window.session());
        frames.put("sliding", window.sliding());
        List<String> given =
                frames.entrySet().stream()
                        .filter(each -> each.getValue().isPresent())
                        .map(Map.Entry::getKey)
                        .toList();
        if (given.isEmpty()) {
            findings.atKey(
                    ProblemKind.MISSING_KEY,
                    path,
                    "one of tumbling, hopping, session and sliding is needed",
                    "for example  tumbling: 1m");
        } else if (given.size() > 1) {
            findings.atKey(
                    ProblemKind.CONFLICT,
                    path + "." + given.getLast(),
                    "\"%s\" and \"%s\" exclude each other"
                            .formatted(given.getFirst(), given.getLast()),
                    "declare a window of its own for each");
        }
        for (String each : given) {
            if (Objects.requireNonNull(frames.get(each)).orElse(Duration.ZERO).toMillis() < 1) {
                findings.at(
                        ProblemKind.BAD_VALUE,
                        path + "." + each,
                        "a window of no length would hold nothing",
                        "at least 1ms");
            }
        }
        every(path, window, findings);
        boolean days = given.isEmpty() || window.wholeDays();
        if (ZoneCheck.check(path, window.zone(), findings)
                && findings.written(path + ".zone")
                && !days) {
            findings.atKey(
                    ProblemKind.CONFLICT,
                    path + ".zone",
                    "\"zone\" belongs to windows of whole days, which begin at its midnight",
                    "remove it; the others begin at the same moments everywhere");
        }
    }

    private static void every(String path, WindowSpec window, Findings findings) {
        if (window.hopping().isPresent() && window.every().isEmpty()) {
            findings.atKey(
                    ProblemKind.MISSING_KEY,
                    path + ".hopping",
                    "\"hopping\" needs \"every\": how often a window starts",
                    "for example  every: 1m");
        } else if (window.hopping().isEmpty() && window.every().isPresent()) {
            findings.atKey(
                    ProblemKind.CONFLICT,
                    path + ".every",
                    "\"every\" belongs to \"hopping\"",
                    "remove it, or write hopping in place of the other");
        } else if (window.every().isPresent()
                && (window.every().get().toMillis() < 1
                        || window.every().get().compareTo(window.hopping().get()) > 0)) {
            findings.at(
                    ProblemKind.BAD_VALUE,
                    path + ".every",
                    "\"every\" must be at least 1ms and no longer than the window: events between"
                            + " two windows would be in none",
                    "");
        }
    }

    private static void measure(
            String window, String name, MeasureSpec measure, Findings findings) {
        String path = window + ".measures." + name;
        if (!findings.intact(path)) {
            return;
        }
        if (TAKEN.contains(name)) {
            findings.atKey(
                    ProblemKind.CONFLICT,
                    path,
                    "\"" + name + "\" is a member of every output already",
                    "choose another name");
        }
        if (measure.kind() != MeasureKind.COUNT && measure.of().isEmpty()) {
            findings.atKey(
                    ProblemKind.MISSING_KEY,
                    path,
                    "\"of\" is missing: of what?",
                    "for example  of: value.total");
        }
        if (measure.k().isPresent()
                && (measure.kind() != MeasureKind.TOPK
                        || measure.k().get() < 1
                        || measure.k().get() > MAX_K)) {
            findings.at(
                    ProblemKind.BAD_VALUE,
                    path + ".k",
                    "\"k\" belongs to topk and is between 1 and " + MAX_K,
                    "");
        }
    }

    private static void conditions(String path, WindowSpec window, Findings findings) {
        window.when().ifPresent(when -> condition(path + ".when", when, window, findings));
        window.reset().ifPresent(reset -> condition(path + ".reset", reset, window, findings));
        if (window.reset().isPresent()
                && (window.when().isEmpty() || window.emit() == WindowEmit.FINAL)) {
            findings.atKey(
                    ProblemKind.CONFLICT,
                    path + ".reset",
                    "\"reset\" starts a window again after it was written by \"when\" with"
                            + " emit: updates",
                    window.when().isEmpty() ? "add when" : "remove emit: final");
        }
    }

    private static void condition(String path, CelText cel, WindowSpec window, Findings findings) {
        if (!findings.intact(path)) {
            return;
        }
        try {
            for (String used : Expressions.windowCondition(cel.text()).paths()) {
                Matcher measure = MEASURE.matcher(used);
                if (measure.matches() && !window.measures().containsKey(measure.group(1))) {
                    findings.at(
                            ProblemKind.NEVER_PRODUCED,
                            path,
                            "no measure is named \"" + measure.group(1) + "\"",
                            Spelling.advice(
                                    measure.group(1), window.measures().keySet(), "measures"));
                }
            }
        } catch (ExpressionException wrong) {
            findings.at(ProblemKind.BAD_EXPRESSION, path, String.valueOf(wrong.getMessage()), "");
        }
    }

    private static void topics(
            PipelineSpec spec, String path, WindowSpec window, Findings findings) {
        Set<String> sources = Set.copyOf(new PipelineTopics(spec).sources());
        RouteCheck.topic(path + ".to", window.to(), findings);
        window.late().ifPresent(late -> RouteCheck.topic(path + ".late", late, findings));
        boolean own = window.to().equals(Router.decisions(spec.pipeline()));
        if (sources.contains(window.to()) || own) {
            findings.at(
                    ProblemKind.LOOP,
                    path + ".to",
                    "the pipeline would read its own output: \"%s\" is a source topic"
                            .formatted(window.to()),
                    "");
        }
        if (window.late().isPresent() && sources.contains(window.late().get())) {
            findings.at(
                    ProblemKind.LOOP,
                    path + ".late",
                    "events that are late would come in again and again: \"%s\" is a source topic"
                            .formatted(window.late().get()),
                    "");
        }
    }
}
