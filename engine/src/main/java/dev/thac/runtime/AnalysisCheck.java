package dev.thac.runtime;

import dev.thac.cascade.AnalysisSpec;
import dev.thac.cascade.CacheMode;
import dev.thac.cascade.CacheSpec;
import dev.thac.cascade.RuleSpec;
import dev.thac.cascade.TierSpec;
import dev.thac.model.ModelSpec;
import dev.thac.spec.ProblemKind;
import dev.thac.spec.Tree;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Checks the analyses of a pipeline and fills in the output fields of their schema files. */
final class AnalysisCheck {

    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,99}");

    /** What some two hundred answers take. */
    private static final long LEAST_CACHE = 64 << 10;

    private final Path folder;
    private final Map<String, ModelSpec> models;
    private final int openEvents;
    private final Findings findings;

    /**
     * A check of one pipeline.
     *
     * @param folder what schema files are relative to
     * @param models the models its tiers may name
     * @param openEvents how many events the pipeline judges at once
     * @param findings where problems go
     */
    AnalysisCheck(Path folder, Map<String, ModelSpec> models, int openEvents, Findings findings) {
        this.folder = folder;
        this.models = models;
        this.openEvents = openEvents;
        this.findings = findings;
    }

    /**
     * Checks all analyses.
     *
     * @param analyses as read
     * @return the same with every output filled in
     */
    Map<String, AnalysisSpec> check(Map<String, AnalysisSpec> analyses) {
        Map<String, AnalysisSpec> whole = new LinkedHashMap<>();
        analyses.forEach((name, analysis) -> whole.put(name, check(name, analysis)));
        return Collections.unmodifiableMap(whole);
    }

    private AnalysisSpec check(String name, AnalysisSpec analysis) {
        String path = "analyses." + name;
        if (!NAME.matcher(name).matches()) {
            findings.atKey(
                    ProblemKind.BAD_VALUE,
                    path,
                    "\"" + name + "\" cannot name an analysis",
                    "use letters, digits and underscores, so that analysis.NAME works in"
                            + " expressions");
        }
        if (findings.intact(path + ".task") && analysis.task().isBlank()) {
            findings.at(
                    ProblemKind.BAD_VALUE,
                    path + ".task",
                    "\"task\" is empty",
                    "tell the model what to judge");
        }
        cache(path + ".cache", analysis);
        OutputCheck output = new OutputCheck(path, analysis, folder, findings);
        Map<String, Object> fields =
                findings.intact(path + ".output", path + ".schema") ? output.fields() : Map.of();
        boolean tiersRead = findings.aligned(path + ".tiers");
        if (tiersRead) {
            new TierCheck(path, analysis, models, openEvents, findings).check(fields);
        }
        if (!fields.isEmpty()) {
            answers(path, analysis, output, fields, tiersRead);
        }
        if (analysis.schema().isEmpty()) {
            return analysis;
        }
        Map<String, Tree> properties = new LinkedHashMap<>();
        fields.forEach((field, schema) -> properties.put(field, new Tree(schema)));
        return analysis.withOutput(Collections.unmodifiableMap(properties));
    }

    private void cache(String path, AnalysisSpec analysis) {
        CacheSpec cache = analysis.cache();
        if (!findings.intact(path) || cache.mode() == CacheMode.OFF) {
            return;
        }
        if (findings.intact(path + ".expiry") && !cache.expiry().isPositive()) {
            findings.at(
                    ProblemKind.BAD_VALUE,
                    path + ".expiry",
                    "answers that expire at once are never used",
                    "write  cache: { mode: off }  to judge every event by itself");
        }
        if (findings.intact(path + ".bytes") && cache.bytes().bytes() < LEAST_CACHE) {
            findings.at(
                    ProblemKind.BAD_VALUE,
                    path + ".bytes",
                    "a cache this small holds next to no answers",
                    "write at least 64KiB, or  cache: { mode: off }");
        }
        boolean written = findings.written(path);
        boolean models = analysis.tiers().stream().anyMatch(TierSpec.Model.class::isInstance);
        if (written && findings.aligned(path.replaceFirst("cache$", "tiers")) && !models) {
            findings.atKey(
                    ProblemKind.CONFLICT,
                    path,
                    "\"cache\" keeps the models' answers, and no tier asks a model",
                    "leave it out");
        }
    }

    private void answers(
            String path,
            AnalysisSpec analysis,
            OutputCheck output,
            Map<String, Object> fields,
            boolean tiersRead) {
        if (findings.intact(path + ".examples")) {
            for (int index = 0; index < analysis.examples().size(); index++) {
                output.answer(
                        path + ".examples[" + index + "].answer",
                        analysis.examples().get(index).answer(),
                        fields);
            }
        }
        for (int tier = 0; tiersRead && tier < analysis.tiers().size(); tier++) {
            if (analysis.tiers().get(tier) instanceof TierSpec.Rules(List<RuleSpec> rules)) {
                for (int index = 0; index < rules.size(); index++) {
                    output.answer(
                            path + ".tiers[" + tier + "].rules[" + index + "].then",
                            rules.get(index).then(),
                            fields);
                }
            }
        }
    }
}
