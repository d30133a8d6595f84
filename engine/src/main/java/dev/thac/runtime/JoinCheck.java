package dev.thac.runtime;

import dev.thac.expression.ExpressionException;
import dev.thac.expression.Expressions;
import dev.thac.spec.CelText;
import dev.thac.spec.ProblemKind;
import dev.thac.window.JoinSpec;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Pattern;

/** Checks the joins of a pipeline, but for the expressions over its events. Stateless. */
final class JoinCheck {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,100}");

    private JoinCheck() {}

    /** Checks all of them. */
    static void check(PipelineSpec spec, Findings findings) {
        if (findings.intact("joins")) {
            spec.joins().forEach((name, join) -> join(spec, name, join, findings));
        }
    }

    private static void join(PipelineSpec spec, String name, JoinSpec join, Findings findings) {
        String path = "joins." + name;
        if (!NAME.matcher(name).matches()) {
            findings.atKey(
                    ProblemKind.BAD_VALUE,
                    path,
                    "\"" + name + "\" cannot name a join",
                    "use letters, digits, dots, hyphens and underscores; the name becomes part of"
                            + " topic names");
        }
        if (join.within().toMillis() < 1) {
            findings.at(
                    ProblemKind.BAD_VALUE,
                    path + ".within",
                    "only records of the same millisecond would be partners",
                    "at least 1ms");
        }
        expression(path + ".with.by", join.with().by(), findings);
        join.with().time().ifPresent(time -> expression(path + ".with.time", time, findings));
        topics(spec, path, join, findings);
    }

    private static void expression(String path, CelText cel, Findings findings) {
        if (!findings.intact(path)) {
            return;
        }
        try {
            Expressions.formula(cel.text());
        } catch (ExpressionException wrong) {
            findings.at(ProblemKind.BAD_EXPRESSION, path, String.valueOf(wrong.getMessage()), "");
        }
    }

    private static void topics(PipelineSpec spec, String path, JoinSpec join, Findings findings) {
        RouteCheck.topic(path + ".to", join.to(), findings);
        RouteCheck.topic(path + ".with.topic", join.with().topic(), findings);
        Set<String> sources = new LinkedHashSet<>(new PipelineTopics(spec).sources());
        if (sources.contains(join.with().topic())) {
            findings.at(
                    ProblemKind.CONFLICT,
                    path + ".with.topic",
                    "a topic is not joined with itself: \"%s\" is a source topic"
                            .formatted(join.with().topic()),
                    "");
        }
        sources.addAll(new PipelineTopics(spec).joined());
        if (sources.contains(join.to())) {
            findings.at(
                    ProblemKind.LOOP,
                    path + ".to",
                    "the join would read its own output: \"%s\" is one of its sources"
                            .formatted(join.to()),
                    "");
        }
    }
}
