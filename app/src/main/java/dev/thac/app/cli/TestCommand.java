package dev.thac.app.cli;

import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.Json;
import dev.thac.app.terminal.OutputFormat;
import dev.thac.app.terminal.Style;
import dev.thac.app.terminal.Terminal;
import dev.thac.app.terminal.Words;
import dev.thac.app.trial.TestFile;
import dev.thac.app.trial.TestRunner;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code thac test}. */
@Command(
        name = "test",
        header = "Run the tests that stand beside pipelines.",
        description =
                "NAME.test.yaml beside NAME.yaml, through the pipeline itself and the "
                        + "model simulator or recorded answers. Costs nothing.",
        mixinStandardHelpOptions = true)
final class TestCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Parameters(
            arity = "1..*",
            paramLabel = "PATH",
            description = "A test file, its pipeline, a folder, or FOLDER/... for all below too.")
    private List<String> paths = new ArrayList<>();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "text or json (default: ${DEFAULT-VALUE}).")
    private OutputFormat output = OutputFormat.text;

    private final List<Map<String, Object>> trees = new ArrayList<>();
    private int passed;
    private int failed;

    TestCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        for (Path path : new PipelinePaths(terminal).tests(paths)) {
            TestFile file = TestFile.load(path);
            if (file.problems().isEmpty()) {
                report(file, new TestRunner(file).run());
            } else {
                broken(file);
            }
        }
        if (output == OutputFormat.json) {
            Map<String, Object> tree = new LinkedHashMap<>();
            tree.put("ok", failed == 0);
            tree.put("passed", passed);
            tree.put("failed", failed);
            tree.put("files", trees);
            terminal.out().println(Json.pretty(tree));
        } else {
            terminal.err()
                    .println(
                            Words.count((long) passed + failed, "test")
                                    + ", "
                                    + failed
                                    + " failed");
        }
        return (failed == 0 ? ExitCode.OK : ExitCode.FAILED).number();
    }

    private void broken(TestFile file) {
        failed++;
        if (output == OutputFormat.json) {
            trees.add(
                    Map.of(
                            "file",
                            file.path().toString(),
                            "problems",
                            file.problems().all().stream()
                                    .map(problem -> problem.render())
                                    .toList()));
            return;
        }
        terminal.out().println(mark(false) + " " + file.path() + "  cannot be run");
        terminal.err().println(file.problems().render());
    }

    private void report(TestFile file, List<TestRunner.Result> results) {
        List<Map<String, Object>> tests = new ArrayList<>();
        for (TestRunner.Result result : results) {
            if (result.passed()) {
                passed++;
            } else {
                failed++;
            }
            if (output == OutputFormat.text) {
                print(file, result);
            }
            Map<String, Object> test = new LinkedHashMap<>();
            test.put("name", result.name());
            test.put("ok", result.passed());
            test.put("milliseconds", result.took().toMillis());
            test.put("differences", result.differences());
            tests.add(test);
        }
        trees.add(Map.of("file", file.path().toString(), "tests", tests));
    }

    private void print(TestFile file, TestRunner.Result result) {
        terminal.out().println(mark(result.passed()) + " " + file.path() + "  " + result.name());
        terminal.out().flush();
        result.differences().forEach(line -> terminal.err().println("        " + line));
    }

    private String mark(boolean ok) {
        boolean colors = terminal.outColors();
        return ok ? Style.GREEN.paint("OK     ", colors) : Style.RED.paint("FAILED ", colors);
    }
}
