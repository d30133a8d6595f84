package dev.thac.runtime;

import dev.thac.spec.Problem;
import dev.thac.spec.Problems;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads pipeline files: the file itself, the {@code thac.yaml} of its project, and every check that
 * needs no connection. Stateless.
 */
public final class PipelineFiles {

    /** Name of the project file. */
    public static final String PROJECT_FILE = "thac.yaml";

    private static final ProjectSpec NO_PROJECT =
            new ProjectSpec(
                    Optional.empty(), Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), "UTC");

    private PipelineFiles() {}

    /**
     * Reads and checks a pipeline file. The project file is the nearest {@code thac.yaml} in the
     * folder of the pipeline file or above, up to the root of its Git repository, or of the file
     * system.
     *
     * @param file the pipeline file; messages name it as it is given here
     * @return the spec, or all problems of both files
     */
    public static Loaded load(Path file) {
        Draft<PipelineSpec> pipeline = Draft.of(file, PipelineSpec.class);
        Optional<Draft<ProjectSpec>> project =
                projectFile(file).map(found -> Draft.of(found, ProjectSpec.class));
        ProjectSpec projectSpec =
                project.flatMap(draft -> draft.reading().spec()).orElse(NO_PROJECT);

        PipelineCheck.Checked checked = PipelineCheck.of(file, pipeline, projectSpec);
        Problems problems = problems(pipeline, checked.problems());
        if (project.isPresent()) {
            problems =
                    problems.and(problems(project.get(), PipelineCheck.ofProject(project.get())));
        }
        return new Loaded(
                problems.isEmpty() ? checked.spec() : Optional.empty(),
                projectSpec,
                file,
                problems);
    }

    /**
     * The folder that belongs to a pipeline file's project.
     *
     * @param file the pipeline file
     * @return where its {@code thac.yaml} is, or itself where there is none
     */
    static Path home(Path file) {
        Path absolute = file.toAbsolutePath().normalize();
        Path home = projectFile(file).orElse(absolute).getParent();
        return home == null ? absolute : home;
    }

    private static Problems problems(Draft<?> draft, List<Problem> checked) {
        List<Problem> all = new ArrayList<>(draft.reading().problems());
        all.addAll(checked);
        return Problems.sorted(all);
    }

    private static Optional<Path> projectFile(Path file) {
        Path folder = file.toAbsolutePath().normalize().getParent();
        while (folder != null) {
            Path candidate = folder.resolve(PROJECT_FILE);
            if (Files.isRegularFile(candidate)) {
                return Optional.of(candidate);
            }
            folder = Files.exists(folder.resolve(".git")) ? null : folder.getParent();
        }
        return Optional.empty();
    }
}
