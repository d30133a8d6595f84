package dev.thac.app.cli;

import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.Json;
import dev.thac.app.terminal.OutputFormat;
import dev.thac.app.terminal.Style;
import dev.thac.app.terminal.Terminal;
import dev.thac.app.terminal.Words;
import dev.thac.app.trial.TestFile;
import dev.thac.runtime.Loaded;
import dev.thac.runtime.PipelineFiles;
import dev.thac.runtime.PipelineSpec;
import dev.thac.spec.Problem;
import dev.thac.spec.Problems;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code thac check}. */
@Command(
        name = "check",
        header = "Check pipeline files without connecting.",
        description =
                "Keys, types, names, expressions, patterns, tiers. All problems are "
                        + "shown at once, each at its place.",
        mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Parameters(
            arity = "1..*",
            paramLabel = "PATH",
            description = "A file, a folder, or FOLDER/... for all folders below too.")
    private List<String> paths = new ArrayList<>();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "text or json (default: ${DEFAULT-VALUE}).")
    private OutputFormat output = OutputFormat.text;

    /** A file that was looked at: a pipeline, or its tests where they are named themselves. */
    private record Checked(Path file, Optional<String> pipeline, Problems problems) {
        static Checked of(Path file) {
            if (file.toString().endsWith(TestFile.ENDING)) {
                return new Checked(file, Optional.empty(), TestFile.load(file).problems());
            }
            Loaded loaded = PipelineFiles.load(file);
            return new Checked(file, loaded.spec().map(PipelineSpec::pipeline), loaded.problems());
        }
    }

    CheckCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        List<Checked> files =
                new PipelinePaths(terminal).pipelines(paths).stream().map(Checked::of).toList();
        boolean failed = files.stream().anyMatch(file -> !file.problems().isEmpty());
        switch (output) {
            case text -> printText(files);
            case json -> terminal.out().println(Json.pretty(asTree(files, failed)));
        }
        List<Problem> all = files.stream().flatMap(file -> file.problems().all().stream()).toList();
        return (failed ? PipelineFile.code(all) : ExitCode.OK).number();
    }

    private void printText(List<Checked> files) {
        boolean colors = terminal.outColors();
        int problems = 0;
        int failed = 0;
        for (Checked file : files) {
            int count = file.problems().all().size();
            if (count == 0) {
                terminal.out().println(Style.GREEN.paint("OK     ", colors) + " " + file.file());
            } else {
                terminal.out()
                        .println(
                                Style.RED.paint("FAILED ", colors)
                                        + " "
                                        + file.file()
                                        + "  "
                                        + Words.count(count, "problem"));
                terminal.out().flush();
                terminal.err().println(file.problems().render());
                terminal.err().println();
                failed++;
                problems += count;
            }
        }
        if (files.size() > 1) {
            terminal.err()
                    .println(
                            Words.count(files.size(), "file")
                                    + ", "
                                    + (failed == 0
                                            ? "all right"
                                            : failed
                                                    + " failed, "
                                                    + Words.count(problems, "problem")));
        }
    }

    private static Map<String, Object> asTree(List<Checked> files, boolean failed) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("ok", !failed);
        tree.put("files", files.stream().map(CheckCommand::fileTree).toList());
        return tree;
    }

    private static Map<String, Object> fileTree(Checked file) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("file", file.file().toString());
        tree.put("ok", file.problems().isEmpty());
        file.pipeline().ifPresent(name -> tree.put("pipeline", name));
        tree.put("problems", file.problems().all().stream().map(CheckCommand::problem).toList());
        return tree;
    }

    private static Map<String, Object> problem(Problem problem) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("kind", problem.kind().label());
        tree.put("message", problem.message());
        tree.put("file", problem.file());
        tree.put("line", problem.line());
        tree.put("column", problem.column());
        problem.help().ifPresent(help -> tree.put("help", help));
        return tree;
    }
}
