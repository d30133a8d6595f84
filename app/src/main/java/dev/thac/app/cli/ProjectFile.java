package dev.thac.app.cli;

import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.Terminal;
import dev.thac.app.terminal.UserError;
import dev.thac.runtime.PipelineFiles;
import dev.thac.runtime.ProjectSpec;
import dev.thac.spec.Document;
import dev.thac.spec.Problems;
import dev.thac.spec.Reading;
import dev.thac.spec.SpecReader;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The nearest {@code thac.yaml}, for commands that belong to no pipeline file. */
final class ProjectFile {

    private static final ProjectSpec NONE =
            new ProjectSpec(
                    Optional.empty(), Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), "UTC");

    private ProjectFile() {}

    /**
     * Reads it from the working folder or the nearest one above.
     *
     * @param terminal the working folder
     * @return the project; all defaults where there is no file
     * @throws UserError when the file has problems
     */
    static ProjectSpec of(Terminal terminal) {
        return find(terminal).map(ProjectFile::read).orElse(NONE);
    }

    /**
     * Where the project's own files belong, such as its price book.
     *
     * @param terminal the working folder
     * @return the folder of {@code thac.yaml}; the working folder where there is none
     */
    static Path home(Terminal terminal) {
        Path folder = terminal.directory().toAbsolutePath().normalize();
        Path file = find(terminal).orElse(null);
        Path parent = file == null ? null : file.getParent();
        return parent == null ? folder : parent;
    }

    private static Optional<Path> find(Terminal terminal) {
        Path folder = terminal.directory().toAbsolutePath().normalize();
        while (folder != null) {
            Path file = folder.resolve(PipelineFiles.PROJECT_FILE);
            if (Files.isRegularFile(file)) {
                return Optional.of(file);
            }
            folder = Files.exists(folder.resolve(".git")) ? null : folder.getParent();
        }
        return Optional.empty();
    }

    private static ProjectSpec read(Path file) {
        try {
            Reading<ProjectSpec> reading =
                    SpecReader.read(
                            Document.parse(file.toString(), Files.readString(file)),
                            ProjectSpec.class);
            if (!reading.problems().isEmpty()) {
                throw new UserError(ExitCode.FAILED, new Problems(reading.problems()).render(), "");
            }
            return reading.spec().orElse(NONE);
        } catch (IOException e) {
            throw new UserError(ExitCode.FAILED, "cannot read " + file + ": " + e, "", e);
        }
    }
}
