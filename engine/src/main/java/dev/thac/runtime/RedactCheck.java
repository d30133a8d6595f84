package dev.thac.runtime;

import dev.thac.cascade.TierSpec;
import dev.thac.expression.ExpressionException;
import dev.thac.expression.Template;
import dev.thac.redact.RedactSpec;
import dev.thac.redact.Redactor;
import dev.thac.spec.ProblemKind;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Checks what is kept from models. */
final class RedactCheck {

    private static final Set<String> ROOTS = Set.of("value", "key", "headers");
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z_-]{0,49}");

    private final PipelineSpec spec;
    private final Findings findings;

    private RedactCheck(PipelineSpec spec, Findings findings) {
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
        spec.redact()
                .ifPresent(
                        redact -> {
                            RedactCheck check = new RedactCheck(spec, findings);
                            check.whole(redact);
                            redact.custom().forEach(check::custom);
                            for (int i = 0;
                                    i < redact.fields().size() && findings.aligned("redact.fields");
                                    i++) {
                                check.field("redact.fields[" + i + "]", redact.fields().get(i));
                            }
                        });
    }

    private void whole(RedactSpec redact) {
        if (!findings.intact("redact")) {
            return;
        }
        if (redact.kinds().isEmpty() && redact.custom().isEmpty() && redact.fields().isEmpty()) {
            findings.atKey(
                    ProblemKind.MISSING_KEY,
                    "redact",
                    "\"redact\" names nothing that is to be kept from models",
                    "for example  redact: { kinds: [email, phone] }");
        }
        boolean models =
                spec.analyses().values().stream()
                        .flatMap(analysis -> analysis.tiers().stream())
                        .anyMatch(TierSpec.Model.class::isInstance);
        if (!models && findings.aligned("analyses")) {
            findings.atKey(
                    ProblemKind.CONFLICT,
                    "redact",
                    "\"redact\" keeps personal data from models, and no tier asks a model",
                    "leave it out");
        }
    }

    private void custom(String name, String expression) {
        String path = "redact.custom." + name;
        if (!NAME.matcher(name).matches()) {
            findings.atKey(
                    ProblemKind.BAD_VALUE,
                    path,
                    "\"" + name + "\" cannot stand for what was taken out",
                    "use letters, hyphens and underscores: models read [name]");
        }
        if (!findings.intact(path)) {
            return;
        }
        try {
            Redactor.of(
                    Optional.of(new RedactSpec(List.of(), Map.of(name, expression), List.of())));
        } catch (IllegalArgumentException wrong) {
            findings.at(ProblemKind.BAD_VALUE, path, String.valueOf(wrong.getMessage()), "");
        } catch (ExpressionException e) {
            throw new IllegalStateException("there is no field that could be wrong", e);
        }
    }

    private void field(String path, String field) {
        if (!findings.intact(path)) {
            return;
        }
        try {
            List<Object> steps = Template.path(field);
            if (!ROOTS.contains((String) steps.getFirst())) {
                findings.at(
                        ProblemKind.BAD_VALUE,
                        path,
                        "\"" + steps.getFirst() + "\" holds no personal data that models are given",
                        "a path starts from value, key or headers");
            }
        } catch (ExpressionException wrong) {
            findings.inside(
                    ProblemKind.BAD_EXPRESSION,
                    path,
                    new Findings.Part(Math.min(wrong.position(), field.length()), 1),
                    String.valueOf(wrong.getMessage()),
                    "");
        }
    }
}
