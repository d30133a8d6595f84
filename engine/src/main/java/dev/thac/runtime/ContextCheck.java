package dev.thac.runtime;

import dev.thac.decode.Format;
import dev.thac.pipeline.ContextMeasureSpec;
import dev.thac.pipeline.ContextSpec;
import dev.thac.spec.ProblemKind;

import java.util.regex.Pattern;

/** Checks the history that is placed beside events. */
final class ContextCheck {

    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,99}");

    private final PipelineSpec spec;
    private final Findings findings;

    private ContextCheck(PipelineSpec spec, Findings findings) {
        this.spec = spec;
        this.findings = findings;
    }

    /**
     * Checks one pipeline.
     *
     * @param spec the pipeline
     * @param findings where problems go
     */
    static void check(PipelineSpec spec, Findings findings) {
        spec.context()
                .ifPresent(
                        context -> {
                            ContextCheck check = new ContextCheck(spec, findings);
                            check.whole(context);
                            context.measures().forEach(check::measure);
                        });
    }

    private void whole(ContextSpec context) {
        boolean nothing = context.last() == 0 && context.measures().isEmpty();
        if (nothing && findings.intact("context")) {
            findings.atKey(
                    ProblemKind.MISSING_KEY,
                    "context",
                    "\"context\" says neither how many events nor what figures to remember",
                    "for example  last: 20");
        }
        if (findings.intact("source.format") && spec.source().format() != Format.JSON) {
            findings.atKey(
                    ProblemKind.CONFLICT,
                    "context",
                    "\"context\" is placed beside the members of an object, and the format is not"
                            + " json",
                    "");
        }
        if (spec.journalTopic().isPresent() && findings.intact("journal")) {
            findings.atKey(
                    ProblemKind.CONFLICT,
                    "context",
                    "\"context\" and \"journal\" cannot be had together: events come to the lanes"
                            + " by the partition of their key, and the journal keeps answers by"
                            + " the partition of the source",
                    "");
        }
        if (findings.intact("context.keep") && !context.keep().isPositive()) {
            findings.at(
                    ProblemKind.BAD_VALUE,
                    "context.keep",
                    "a history that is forgotten at once is none",
                    "write for example 30d");
        }
    }

    private void measure(String name, ContextMeasureSpec measure) {
        String path = "context.measures." + name;
        if (!NAME.matcher(name).matches() || name.equals(ContextSpec.LAST)) {
            findings.atKey(
                    ProblemKind.BAD_VALUE,
                    path,
                    "\"" + name + "\" cannot name a figure",
                    "use letters, digits and underscores, and not \"last\", so that"
                            + " value.context.NAME works in expressions");
        }
        if (!findings.intact(path)) {
            return;
        }
        if (measure.count().isPresent() == measure.sum().isPresent()) {
            findings.atKey(
                    measure.count().isPresent() ? ProblemKind.CONFLICT : ProblemKind.MISSING_KEY,
                    path,
                    "a figure is a \"count\" or a \"sum\"",
                    "for example  { count: \"true\", over: 1h }");
        }
        if (!measure.over().isPositive()) {
            findings.at(
                    ProblemKind.BAD_VALUE,
                    path + ".over",
                    "figures over no time are always zero",
                    "write for example 1h");
        }
    }
}
