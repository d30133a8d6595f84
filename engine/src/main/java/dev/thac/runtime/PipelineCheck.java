package dev.thac.runtime;

import dev.thac.model.ModelSpec;
import dev.thac.spec.Problem;
import dev.thac.spec.ProblemKind;

import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Every check of a file that looks at more than one key, or knows what a key means. Parts that
 * could not be read are left out, so that one mistake is not reported twice.
 */
final class PipelineCheck {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,200}");

    private final PipelineSpec spec;
    private final Findings findings;

    private PipelineCheck(PipelineSpec spec, Findings findings) {
        this.spec = spec;
        this.findings = findings;
    }

    /**
     * Checks a pipeline file.
     *
     * @param file the pipeline file
     * @param draft what was read from it
     * @param project the project it belongs to
     * @return the spec with schema files filled in, and the problems beyond those of reading
     */
    static Checked of(Path file, Draft<PipelineSpec> draft, ProjectSpec project) {
        if (draft.document().isEmpty() || draft.reading().spec().isEmpty()) {
            return new Checked(Optional.empty(), List.of());
        }
        PipelineSpec spec = draft.reading().spec().get();
        Findings findings = new Findings(draft.document().get(), draft.reading());
        new PipelineCheck(spec, findings).check();
        Map<String, ModelSpec> models = spec.allModels(project);
        ModelCheck.check(spec.models(), models, findings);
        BudgetCheck.check(spec, project, findings);
        EnrichCheck.check(spec.enrich(), project, findings);
        Path folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(file);
        PipelineSpec whole =
                spec.withAnalyses(
                        new AnalysisCheck(folder, models, spec.limits().openEvents(), findings)
                                .check(spec.analyses()));
        new ExpressionCheck(whole, findings).check();
        RedactCheck.check(whole, findings);
        ContextCheck.check(whole, findings);
        AlertCheck.check(whole, project, findings);
        SinkCheck.check(whole, project, findings);
        return new Checked(Optional.of(whole), findings.all());
    }

    /**
     * Checks a project file.
     *
     * @param draft what was read from it
     * @return the problems beyond those of reading, in no order
     */
    static List<Problem> ofProject(Draft<ProjectSpec> draft) {
        if (draft.document().isEmpty() || draft.reading().spec().isEmpty()) {
            return List.of();
        }
        ProjectSpec project = draft.reading().spec().get();
        Findings findings = new Findings(draft.document().get(), draft.reading());
        KafkaSettings.check(project.kafka(), findings);
        ModelCheck.check(project.models(), project.models(), findings);
        try {
            ZoneId _ = project.days();
        } catch (DateTimeException _) {
            findings.at(
                    ProblemKind.BAD_VALUE,
                    "zone",
                    "\"" + project.zone() + "\" is no time zone",
                    "write it like Asia/Ho_Chi_Minh or UTC");
        }
        BudgetCheck.check(project, findings);
        DatabaseCheck.check(project.databases(), findings);
        return findings.all();
    }

    /** The pipeline as it would run, and what is wrong with it. */
    record Checked(Optional<PipelineSpec> spec, List<Problem> problems) {}

    private void check() {
        name();
        topics();
        start();
        RouteCheck.check(spec, findings);
        RetryCheck.check(spec, findings);
        WindowCheck.check(spec, findings);
        JoinCheck.check(spec, findings);
        StreamsCheck.check(spec, findings);
        limits();
        sample();
        KafkaSettings.check(spec.kafka(), findings);
    }

    private void name() {
        if (findings.intact("pipeline") && !NAME.matcher(spec.pipeline()).matches()) {
            findings.at(
                    ProblemKind.BAD_VALUE,
                    "pipeline",
                    "\"" + spec.pipeline() + "\" cannot name a pipeline",
                    "use letters, digits, dots, hyphens and underscores; the name becomes part of"
                            + " topic names");
        }
    }

    private void topics() {
        if (!findings.intact("source.topic", "source.topics")) {
            return;
        }
        boolean one = spec.source().topic().isPresent();
        boolean several = !spec.source().topics().isEmpty();
        if (one && several) {
            findings.atKey(
                    ProblemKind.CONFLICT,
                    "source.topics",
                    "\"topic\" and \"topics\" exclude each other",
                    "list every topic under topics");
        } else if (!one && !several && findings.intact("source")) {
            findings.atKey(
                    ProblemKind.MISSING_KEY,
                    "source",
                    "missing key \"topic\"",
                    "for example  topic: reviews.raw");
        }
    }

    private void start() {
        String start = spec.source().start();
        if (!findings.intact("source.start")
                || start.equals("earliest")
                || start.equals("latest")) {
            return;
        }
        try {
            Instant.parse(start);
        } catch (DateTimeParseException _) {
            findings.at(
                    ProblemKind.BAD_VALUE,
                    "source.start",
                    "\"start\" cannot be \"" + start + "\"",
                    "write earliest, latest, or an instant such as 2026-11-01T00:00:00Z");
        }
    }

    private void sample() {
        if (findings.intact("sample.share")
                && spec.sample().filter(sample -> sample.share().ratio() == 0).isPresent()) {
            findings.at(
                    ProblemKind.BAD_VALUE,
                    "sample.share",
                    "a sample of nothing would judge no event and drop them all",
                    "write a share above 0%");
        }
    }

    private void limits() {
        if (findings.intact("limits")
                && spec.limits().maxEvent().bytes() > spec.limits().openBytes().bytes()) {
            findings.at(
                    ProblemKind.CONFLICT,
                    "limits.maxEvent",
                    "an event may be larger than all open events together: \"maxEvent\" is more"
                            + " than \"openBytes\"",
                    "make openBytes at least as large as maxEvent");
        }
    }
}
