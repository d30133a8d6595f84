package dev.thac.runtime;

import dev.thac.cascade.AnalysisSpec;
import dev.thac.cascade.RuleSpec;
import dev.thac.cascade.TierSpec;
import dev.thac.enrich.EnrichSpec;
import dev.thac.expression.ExpressionException;
import dev.thac.expression.Expressions;
import dev.thac.expression.Template;
import dev.thac.filter.EventFilter;
import dev.thac.filter.PatternException;
import dev.thac.pipeline.ContextSpec;
import dev.thac.pipeline.SampleSpec;
import dev.thac.route.RouteSpec;
import dev.thac.sink.SinkSpec;
import dev.thac.spec.CelText;
import dev.thac.spec.ProblemKind;
import dev.thac.spec.Spelling;
import dev.thac.spec.TemplateText;
import dev.thac.window.WindowSource;
import dev.thac.window.WindowSpec;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Compiles every filter pattern, expression and template of a pipeline, and follows what they use.
 */
final class ExpressionCheck {

    private static final List<String> ROOTS =
            List.of(
                    "value",
                    "key",
                    "headers",
                    "topic",
                    "partition",
                    "offset",
                    "timestamp",
                    "analysis");

    private static final List<String> FUNCTIONS =
            List.of(
                    "size",
                    "has",
                    "contains",
                    "startsWith",
                    "endsWith",
                    "matches",
                    "fold",
                    "exists",
                    "all",
                    "filter",
                    "map",
                    "int",
                    "double",
                    "string",
                    "bool",
                    "type",
                    "timestamp",
                    "duration",
                    "charAt",
                    "indexOf",
                    "lastIndexOf",
                    "lowerAscii",
                    "upperAscii",
                    "replace",
                    "split",
                    "substring",
                    "trim",
                    "join");

    private static final Pattern UNKNOWN = Pattern.compile("^unknown name '([A-Za-z_]\\w*)'");

    /** A path below {@code analysis}: the name of the analysis, then the field. */
    private static final Pattern ANALYSIS =
            Pattern.compile(
                    "analysis(?:\\.(\\w+)|\\[\"([^\"]+)\"])(?:\\.(\\w+)|\\[\"([^\"]+)\"])?.*");

    private final PipelineSpec spec;
    private final Findings findings;

    /**
     * A check of one pipeline.
     *
     * @param spec the pipeline, output fields filled in
     * @param findings where problems go
     */
    ExpressionCheck(PipelineSpec spec, Findings findings) {
        this.spec = spec;
        this.findings = findings;
    }

    /** Checks all of them. */
    void check() {
        filter();
        spec.source().id().ifPresent(id -> formula("source.id", id, false));
        spec.source().time().ifPresent(time -> formula("source.time", time, false));
        spec.derive().forEach((name, cel) -> formula("derive." + name, cel, false));
        spec.enrich().forEach(this::lookup);
        spec.context().ifPresent(this::context);
        spec.sample().ifPresent(this::sample);
        spec.analyses().forEach(this::analysis);
        for (int index = 0; index < spec.routes().size() && findings.aligned("routes"); index++) {
            route("routes[" + index + "]", spec.routes().get(index));
        }
        for (int index = 0; index < spec.sinks().size() && findings.aligned("sinks"); index++) {
            sink("sinks[" + index + "]", spec.sinks().get(index));
        }
        if (findings.aligned("windows")) {
            spec.windows().forEach((name, window) -> window("windows." + name, window));
        }
        if (findings.aligned("joins")) {
            spec.joins()
                    .forEach((name, join) -> formula("joins." + name + ".by", join.by(), false));
        }
    }

    private void window(String path, WindowSpec window) {
        boolean analysed = window.of() == WindowSource.VERDICTS;
        for (int index = 0; index < window.by().size(); index++) {
            formula(path + ".by[" + index + "]", window.by().get(index), analysed);
        }
        window.measures()
                .forEach(
                        (name, measure) ->
                                measure.of()
                                        .ifPresent(
                                                of ->
                                                        formula(
                                                                path + ".measures." + name + ".of",
                                                                of,
                                                                analysed)));
    }

    /** Each pattern by itself, so that all broken ones are found. */
    private void filter() {
        for (int index = 0; index < spec.filter().size() && findings.aligned("filter"); index++) {
            String path = "filter[" + index + "]";
            Object pattern = spec.filter().get(index).value();
            if (pattern == null) {
                findings.at(
                        ProblemKind.BAD_PATTERN, path, "an empty pattern would match nothing", "");
                continue;
            }
            try {
                EventFilter.compile(List.of(pattern));
            } catch (PatternException wrong) {
                String below = wrong.path().startsWith("[0]") ? wrong.path().substring(3) : "";
                findings.at(
                        ProblemKind.BAD_PATTERN,
                        path + below,
                        String.valueOf(wrong.getMessage()),
                        "");
            }
        }
    }

    private void lookup(String name, EnrichSpec lookup) {
        String path = "enrich." + name;
        lookup.with().forEach((each, cel) -> formula(path + ".with." + each, cel, false));
        if (findings.intact(path + ".http")) {
            lookup.http().ifPresent(url -> template(path + ".http", url, false));
        }
    }

    private void context(ContextSpec context) {
        spec.derive().forEach((name, cel) -> early("derive." + name, cel));
        early("context.key", context.key());
        formula("context.key", context.key(), false);
        context.measures()
                .forEach(
                        (name, measure) -> {
                            String path = "context.measures." + name;
                            measure.count().ifPresent(it -> condition(path + ".count", it, false));
                            measure.sum().ifPresent(it -> formula(path + ".sum", it, false));
                        });
    }

    /** What is computed before history is known must not use it. */
    private void early(String path, CelText cel) {
        String member = "value." + ContextSpec.MEMBER;
        Findings.Part part = place(cel.text(), member);
        if (findings.intact(path) && part.offset() >= 0) {
            never(
                    path,
                    part,
                    "\"" + member + "\" is not known here: history comes after derive",
                    "rules, prompts, conditions and headers of routes can use it");
        }
    }

    private void sample(SampleSpec sample) {
        sample.by().ifPresent(by -> choice("sample.by", by));
        sample.stratify().ifPresent(stratify -> choice("sample.stratify", stratify));
    }

    /** What events are told apart by. */
    private void choice(String path, CelText cel) {
        if (!findings.intact(path)) {
            return;
        }
        Set<String> paths =
                used(path, cel.text(), false, () -> Expressions.formula(cel.text()).paths());
        if (paths.isEmpty() && findings.intact(path) && compiles(cel)) {
            findings.at(
                    ProblemKind.BAD_VALUE,
                    path,
                    "this is the same for every event",
                    "for example  value.customer");
        }
    }

    private static boolean compiles(CelText cel) {
        try {
            return Expressions.formula(cel.text()).paths().isEmpty();
        } catch (ExpressionException _) { // reported where it was compiled first
            return false;
        }
    }

    private void analysis(String name, AnalysisSpec analysis) {
        String path = "analyses." + name;
        analysis.when().ifPresent(when -> condition(path + ".when", when, false));
        if (findings.intact(path + ".input")) {
            input(path + ".input", analysis.input());
        }
        if (!findings.aligned(path + ".tiers")) {
            return;
        }
        for (int tier = 0; tier < analysis.tiers().size(); tier++) {
            if (analysis.tiers().get(tier) instanceof TierSpec.Rules(List<RuleSpec> rules)) {
                for (int rule = 0; rule < rules.size(); rule++) {
                    condition(
                            "%s.tiers[%d].rules[%d].when".formatted(path, tier, rule),
                            rules.get(rule).when(),
                            false);
                }
            }
        }
    }

    private void input(String path, TemplateText input) {
        Set<String> paths = template(path, input, false);
        String text = input.text().strip();
        if (paths.isEmpty() && !text.contains("{{")) {
            boolean bare = ROOTS.contains(text.split("[.\\[]", 2)[0]);
            findings.at(
                    ProblemKind.BAD_VALUE,
                    path,
                    "\"input\" has no placeholder: every event would look the same",
                    bare
                            ? "did you mean \"{{ " + text + " }}\"?"
                            : "for example  input: \"{{ value.text }}\"");
        }
    }

    private void route(String path, RouteSpec route) {
        route.when().ifPresent(when -> condition(path + ".when", when, true));
        route.key().ifPresent(key -> formula(path + ".key", key, true));
        route.partition().ifPresent(cel -> formula(path + ".partition", cel, true));
        route.headers().forEach((name, text) -> template(path + ".headers." + name, text, true));
    }

    /** What it sees is the record as it was written: its analysis is a part of the value. */
    private void sink(String path, SinkSpec sink) {
        sink.jdbc()
                .ifPresent(
                        table ->
                                table.columns()
                                        .forEach(
                                                (name, cel) ->
                                                        formula(
                                                                path + ".jdbc.columns." + name,
                                                                cel,
                                                                false)));
        sink.webhook()
                .ifPresent(
                        hook ->
                                hook.headers()
                                        .forEach(
                                                (name, text) ->
                                                        template(
                                                                path + ".webhook.headers." + name,
                                                                text,
                                                                false)));
    }

    private void condition(String path, CelText cel, boolean analysed) {
        if (findings.intact(path)) {
            used(path, cel.text(), analysed, () -> Expressions.condition(cel.text()).paths());
        }
    }

    private void formula(String path, CelText cel, boolean analysed) {
        if (findings.intact(path)) {
            used(path, cel.text(), analysed, () -> Expressions.formula(cel.text()).paths());
        }
    }

    private Set<String> template(String path, TemplateText text, boolean analysed) {
        return used(path, text.text(), analysed, () -> Template.parse(text.text()).paths());
    }

    private Set<String> used(String path, String text, boolean analysed, Source source) {
        Set<String> paths;
        try {
            paths = source.paths();
        } catch (ExpressionException wrong) {
            refused(path, text, wrong);
            return Set.of();
        }
        for (String used : paths) {
            if (used.equals("analysis")
                    || used.startsWith("analysis.")
                    || used.startsWith("analysis[")) {
                ofAnalysis(path, text, used, analysed);
            }
        }
        return paths;
    }

    private void refused(String path, String text, ExpressionException wrong) {
        String reason = reason(wrong);
        int end = text.stripTrailing().length();
        Matcher unknown = UNKNOWN.matcher(reason);
        if (!unknown.find()) {
            int position = Math.min(wrong.position(), end);
            findings.inside(
                    ProblemKind.BAD_EXPRESSION, path, new Findings.Part(position, 1), reason, "");
            return;
        }
        String name = unknown.group(1);
        int position = text.lastIndexOf(name, Math.max(0, wrong.position()));
        boolean function = text.startsWith("(", position + name.length());
        findings.inside(
                ProblemKind.BAD_EXPRESSION,
                path,
                new Findings.Part(position, name.length()),
                function ? "unknown function '" + name + "'" : reason,
                Spelling.nearest(name, function ? FUNCTIONS : ROOTS)
                        .map(near -> "did you mean \"" + near + "\"?")
                        .orElse(""));
    }

    /** The first line; what the parser would rather have read helps nobody. */
    private static String reason(ExpressionException wrong) {
        String message = String.valueOf(wrong.getMessage());
        return message.lines()
                .findFirst()
                .orElse("")
                .replaceFirst(" expecting \\{.*", "")
                .replace("mismatched input '<EOF>'", "the expression ends too early")
                .replace("'<EOF>'", "the end");
    }

    private void ofAnalysis(String path, String text, String used, boolean analysed) {
        if (!analysed) {
            never(
                    path,
                    place(text, "analysis"),
                    path.startsWith("sinks")
                            ? "\"analysis\" is not known here: a sink sees the record as it was"
                                    + " written"
                            : "\"analysis\" is not known here: the analyses come later",
                    path.startsWith("sinks")
                            ? "write value." + used
                            : "only routes can use it, and windows over verdicts");
            return;
        }
        Matcher matcher = ANALYSIS.matcher(used);
        if (!matcher.matches() || !findings.aligned("analyses")) {
            return;
        }
        String name = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
        AnalysisSpec analysis = spec.analyses().get(name);
        if (analysis == null) {
            never(
                    path,
                    place(text, "analysis." + name),
                    "no analysis is named \"" + name + "\"",
                    Spelling.advice(name, spec.analyses().keySet(), "analyses"));
            return;
        }
        String field = matcher.group(3) == null ? matcher.group(4) : matcher.group(3);
        Map<String, ?> fields = analysis.output();
        boolean error = analysis.optional() && "error".equals(field);
        boolean known = findings.intact("analyses." + name + ".output") && !fields.isEmpty();
        if (field != null && known && !fields.containsKey(field) && !error) {
            never(
                    path,
                    place(text, "analysis." + name + "." + field),
                    "\"%s\" is used here and never produced: \"%s\" has no such field"
                            .formatted(field, name),
                    Spelling.advice(field, fields.keySet(), "fields"));
        }
    }

    private void never(String path, Findings.Part part, String message, String help) {
        findings.inside(ProblemKind.NEVER_PRODUCED, path, part, message, help);
    }

    private static Findings.Part place(String text, String used) {
        Matcher matcher = Pattern.compile("\\b" + Pattern.quote(used) + "\\b").matcher(text);
        return new Findings.Part(matcher.find() ? matcher.start() : -1, used.length());
    }

    /** Compiles one text. */
    @FunctionalInterface
    private interface Source {
        Set<String> paths() throws ExpressionException;
    }
}
