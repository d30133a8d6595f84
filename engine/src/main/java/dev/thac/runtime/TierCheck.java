package dev.thac.runtime;

import dev.thac.batch.BatchSpec;
import dev.thac.cascade.AnalysisSpec;
import dev.thac.cascade.RuleSpec;
import dev.thac.cascade.TierSpec;
import dev.thac.model.AnswerSchema;
import dev.thac.model.ModelSpec;
import dev.thac.spec.ProblemKind;
import dev.thac.spec.Spelling;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Checks the tiers of one analysis: that each can be reached and that one of them settles. */
final class TierCheck {

    /** What an answer takes besides its items: the brackets around them. */
    private static final int ANSWER_TOKENS = 8;

    private final String path;
    private final AnalysisSpec analysis;
    private final Map<String, ModelSpec> models;
    private final int openEvents;
    private final Findings findings;

    /**
     * A check of one analysis.
     *
     * @param path its path
     * @param analysis the analysis
     * @param models the models its tiers may name
     * @param openEvents how many events the pipeline judges at once
     * @param findings where problems go
     */
    TierCheck(
            String path,
            AnalysisSpec analysis,
            Map<String, ModelSpec> models,
            int openEvents,
            Findings findings) {
        this.path = path;
        this.analysis = analysis;
        this.models = models;
        this.openEvents = openEvents;
        this.findings = findings;
    }

    /** Checks all tiers; the output schema is empty when it has problems of its own. */
    void check(Map<String, Object> output) {
        List<TierSpec> tiers = analysis.tiers();
        Optional<TierSpec> last = Optional.empty();
        boolean reported = false;
        boolean complete = true;
        boolean afterModel = false;
        for (int index = 0; index < tiers.size(); index++) {
            String tier = path + ".tiers[" + index + "]";
            if (last.isPresent() && !reported && complete) {
                unreachable(tier + "." + key(tiers.get(index)), last.get());
                reported = true;
            }
            complete &= findings.intact(tier);
            boolean settles =
                    switch (tiers.get(index)) {
                        case TierSpec.Rules rules -> {
                            if (afterModel) {
                                findings.atKey(
                                        ProblemKind.CONFLICT,
                                        tier + ".rules",
                                        "rules stand before models: they are free",
                                        "move this tier to the top");
                            }
                            yield rules(tier + ".rules", rules.rules());
                        }
                        case TierSpec.Model model -> {
                            afterModel = true;
                            model(tier, model, output);
                            yield model.accept().isEmpty();
                        }
                        case TierSpec.Learned _ -> false;
                    };
            if (settles && last.isEmpty()) {
                last = Optional.of(tiers.get(index));
            }
        }
        if (last.isEmpty() && complete && !analysis.optional()) {
            unsettled(tiers);
        }
    }

    private void unreachable(String tier, TierSpec settling) {
        findings.at(
                ProblemKind.UNREACHABLE,
                tier,
                "no event reaches this tier: the one before answers always",
                settling instanceof TierSpec.Model
                        ? "give the model before it accept: { confidence: 0.7 }"
                        : "a rule before it holds for every event");
    }

    private void unsettled(List<TierSpec> tiers) {
        int last = tiers.size() - 1;
        String tier = path + ".tiers[" + last + "]";
        switch (tiers.get(last)) {
            case TierSpec.Model _ ->
                    findings.atKey(
                            ProblemKind.UNSETTLED,
                            tier + ".accept",
                            "what the last tier is not sure about would have no answer",
                            "leave accept out here, add a stronger model below, or make the"
                                    + " analysis optional: true");
            case TierSpec.Rules _, TierSpec.Learned _ ->
                    findings.atKey(
                            ProblemKind.UNSETTLED,
                            tier + "." + key(tiers.get(last)),
                            "events that this last tier does not settle would have no answer",
                            "add a model below, end the rules with  when: \"true\", or make the"
                                    + " analysis optional: true");
        }
    }

    /** Returns whether the rules settle every event. */
    private boolean rules(String rulesPath, List<RuleSpec> rules) {
        Map<String, Integer> seen = new HashMap<>();
        boolean always = false;
        for (int index = 0; index < rules.size(); index++) {
            if (!findings.intact(rulesPath + "[" + index + "].when")) {
                continue;
            }
            String when = rules.get(index).when().text().strip();
            Integer same = seen.putIfAbsent(when, index);
            if (always || same != null) {
                findings.at(
                        ProblemKind.UNREACHABLE,
                        rulesPath + "[" + index + "].when",
                        always
                                ? "no event reaches this rule: the one before holds always"
                                : "no event reaches this rule: rules[%d] has the same condition"
                                        .formatted(same),
                        "");
            }
            always |= when.equals("true");
        }
        return always;
    }

    private void model(String tier, TierSpec.Model model, Map<String, Object> output) {
        ModelSpec spec = models.get(model.model());
        if (spec == null && findings.intact(tier + ".model")) {
            findings.at(
                    ProblemKind.UNKNOWN_NAME,
                    tier + ".model",
                    "no model is named \"" + model.model() + "\"",
                    models.isEmpty()
                            ? "declare it under models, here or in thac.yaml"
                            : Spelling.advice(model.model(), models.keySet(), "models"));
        }
        if (!findings.intact(tier + ".batch")) {
            return;
        }
        model.batch().ifPresent(batch -> batch(tier + ".batch", batch));
        if (spec != null && !output.isEmpty()) {
            fit(tier, model, spec.maxOutputTokens(), output);
        }
    }

    private void batch(String batchPath, BatchSpec batch) {
        if (batch.size().isEmpty() && batch.longestWait().isEmpty() && batch.tokens().isEmpty()) {
            findings.atKey(
                    ProblemKind.MISSING_KEY,
                    batchPath,
                    "\"batch\" needs size, wait or tokens: nothing would close it",
                    "for example  batch: { size: 10, wait: 5s }");
        }
        if (batch.size().isPresent() && batch.size().get() > openEvents) {
            findings.at(
                    ProblemKind.CONFLICT,
                    batchPath + ".size",
                    "a batch of %d never fills: limits.openEvents lets in %d"
                            .formatted(batch.size().get(), openEvents),
                    "make the batch smaller, or limits.openEvents larger");
        }
    }

    /**
     * Refuses a batch whose answer does not fit: events in a call times the tokens of one answer,
     * as {@link AnswerSchema#tokensPerItem} estimates them. Thinking comes on top and is unknown.
     */
    private void fit(String tier, TierSpec.Model model, int most, Map<String, Object> output) {
        int each = AnswerSchema.of(output, model.accept().isPresent()).tokensPerItem();
        Optional<Integer> size = model.batch().flatMap(BatchSpec::size);
        long needed = ANSWER_TOKENS + (long) each * size.orElse(1);
        if (needed <= most) {
            return;
        }
        int fitting = Math.max(0, (most - ANSWER_TOKENS) / each);
        findings.at(
                ProblemKind.DOES_NOT_FIT,
                size.isPresent() ? tier + ".batch.size" : tier + ".model",
                "the answer to %d event%s takes about %d tokens; \"%s\" may write %d"
                        .formatted(
                                size.orElse(1),
                                size.orElse(1) == 1 ? "" : "s",
                                needed,
                                model.model(),
                                most),
                fitting > 0
                        ? "make the batch %d or smaller, or maxOutputTokens %d or more"
                                .formatted(fitting, needed)
                        : "make maxOutputTokens %d or more".formatted(needed));
    }

    private static String key(TierSpec tier) {
        return switch (tier) {
            case TierSpec.Rules _ -> "rules";
            case TierSpec.Learned _ -> "learned";
            case TierSpec.Model _ -> "model";
        };
    }
}
