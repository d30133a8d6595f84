package dev.thac.runtime;

import dev.thac.spec.Document;
import dev.thac.spec.Problem;
import dev.thac.spec.ProblemKind;
import dev.thac.spec.Reading;

import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Every check of a pipeline file that looks at more than one key, or knows what a key means. Parts
 * that could not be read are left out, so that one mistake is not reported twice.
 */
final class PipelineCheck {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,200}");

    private final Document document;
    private final Reading<PipelineSpec> reading;
    private final PipelineSpec spec;
    private final List<Problem> problems = new ArrayList<>();

    private PipelineCheck(Document document, Reading<PipelineSpec> reading, PipelineSpec spec) {
        this.document = document;
        this.reading = reading;
        this.spec = spec;
    }

    /**
     * Checks a pipeline file.
     *
     * @param file the pipeline file
     * @param draft what was read from it
     * @param project the project it belongs to
     * @return the problems beyond those of reading, in no order
     */
    static List<Problem> of(Path file, Draft<PipelineSpec> draft, ProjectSpec project) {
        if (draft.document().isEmpty() || draft.reading().spec().isEmpty()) {
            return List.of();
        }
        PipelineCheck check =
                new PipelineCheck(
                        draft.document().get(), draft.reading(), draft.reading().spec().get());
        check.name();
        check.topics();
        check.start();
        return check.problems;
    }

    /**
     * Checks a project file.
     *
     * @param draft what was read from it
     * @return the problems beyond those of reading, in no order
     */
    static List<Problem> ofProject(Draft<ProjectSpec> draft) {
        return List.of();
    }

    private void name() {
        if (reading.intact("pipeline") && !NAME.matcher(spec.pipeline()).matches()) {
            problems.add(
                    document.at(
                                    ProblemKind.BAD_VALUE,
                                    "pipeline",
                                    "\"" + spec.pipeline() + "\" cannot name a pipeline")
                            .withHelp(
                                    "use letters, digits, dots, hyphens and underscores; the name"
                                            + " becomes part of topic names"));
        }
    }

    private void topics() {
        if (!reading.intact("source.topic") || !reading.intact("source.topics")) {
            return;
        }
        boolean one = spec.source().topic().isPresent();
        boolean several = !spec.source().topics().isEmpty();
        if (one && several) {
            problems.add(
                    document.atKey(
                                    ProblemKind.CONFLICT,
                                    "source.topics",
                                    "\"topic\" and \"topics\" exclude each other")
                            .withHelp("list every topic under topics"));
        } else if (!one && !several && reading.intact("source")) {
            problems.add(
                    document.atKey(ProblemKind.MISSING_KEY, "source", "missing key \"topic\"")
                            .withHelp("for example  topic: reviews.raw"));
        }
    }

    private void start() {
        String start = spec.source().start();
        if (!reading.intact("source.start") || start.equals("earliest") || start.equals("latest")) {
            return;
        }
        try {
            Instant.parse(start);
        } catch (DateTimeParseException _) {
            problems.add(
                    document.at(
                                    ProblemKind.BAD_VALUE,
                                    "source.start",
                                    "\"start\" cannot be \"" + start + "\"")
                            .withHelp(
                                    "write earliest, latest, or an instant such as"
                                            + " 2026-11-01T00:00:00Z"));
        }
    }
}
