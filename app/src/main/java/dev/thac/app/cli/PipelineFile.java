package dev.thac.app.cli;

import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.Terminal;
import dev.thac.app.terminal.UserError;
import dev.thac.app.terminal.Words;
import dev.thac.runtime.Loaded;
import dev.thac.runtime.PipelineFiles;
import dev.thac.spec.Problem;
import dev.thac.spec.ProblemKind;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads the one pipeline file a command was given. */
final class PipelineFile {

    private PipelineFile() {}

    /**
     * Reads and checks it.
     *
     * @param terminal the working folder
     * @param path as the user wrote it; a folder stands for its {@code pipeline.yaml}
     * @return a file without problems
     * @throws UserError with all problems, or when there is no such file
     */
    static Loaded load(Terminal terminal, String path) {
        Path file = terminal.resolve(path);
        if (Files.isDirectory(file)) {
            file = file.resolve("pipeline.yaml");
        }
        if (!Files.exists(file)) {
            throw UserError.usage("there is no " + file, "name a pipeline file");
        }
        Loaded loaded = PipelineFiles.load(file);
        if (!loaded.problems().isEmpty()) {
            terminal.err().println(loaded.problems().render());
            throw new UserError(
                    code(loaded.problems().all()),
                    file + " has " + Words.count(loaded.problems().all().size(), "problem"),
                    "nothing was started; `thac check " + path + "` shows them again");
        }
        return loaded;
    }

    /** How a command ends because of problems: a price that is missing is told from the rest. */
    static ExitCode code(List<Problem> problems) {
        boolean prices =
                problems.stream().allMatch(problem -> problem.kind() == ProblemKind.NO_PRICE);
        return prices ? ExitCode.BUDGET : ExitCode.FAILED;
    }
}
