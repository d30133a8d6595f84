package dev.thac.app.cli;

import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.Terminal;
import dev.thac.app.terminal.UserError;
import dev.thac.app.trial.TestFile;
import dev.thac.runtime.PipelineFiles;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files meant by the paths on a command line: a file, a folder (its own files), or a folder
 * with {@code /...} behind it (all folders below too).
 */
final class PipelinePaths {

    /** What the name of a test file ends with: {@code pipeline.test.yaml}. */
    static final String TEST_ENDING = TestFile.ENDING;

    private static final String BELOW = "...";
    private static final int MAX_DEPTH = 30;

    /** A file of a folder is a pipeline file when one of these keys starts a line. */
    private static final Pattern PIPELINE_KEY = Pattern.compile("(?m)^(pipeline|source|analyses):");

    private final Terminal terminal;

    PipelinePaths(Terminal terminal) {
        this.terminal = terminal;
    }

    /**
     * The pipeline files, in the order of the paths and then of their names.
     *
     * @param paths as the user wrote them
     * @return the files, named as the user would
     * @throws UserError when a path does not exist or holds no pipeline file
     */
    List<Path> pipelines(List<String> paths) {
        return collect(paths, "pipeline file", this::isPipeline);
    }

    /**
     * The test files, in the order of the paths and then of their names. A pipeline file stands for
     * the test file beside it.
     *
     * @param paths as the user wrote them
     * @return the files
     * @throws UserError when a path does not exist or holds no test file
     */
    List<Path> tests(List<String> paths) {
        return collect(
                paths.stream().map(this::testBeside).toList(), "test file", PipelinePaths::isTest);
    }

    private List<Path> collect(List<String> paths, String noun, FileFilter filter) {
        Set<Path> files = new LinkedHashSet<>();
        for (String path : paths) {
            boolean below = path.equals(BELOW) || path.endsWith("/" + BELOW);
            String start = below ? path.substring(0, path.length() - BELOW.length()) : path;
            Path place = terminal.resolve(start.isEmpty() ? "." : start).normalize();
            Path root = place.toString().isEmpty() ? Path.of(".") : place;
            if (!Files.exists(root)) {
                throw UserError.usage(
                        "there is no " + start, "name a " + noun + ", a folder, or FOLDER/...");
            }
            if (!Files.isDirectory(root)) {
                files.add(root);
                continue;
            }
            List<Path> found = walk(root, below ? MAX_DEPTH : 1, filter);
            if (found.isEmpty()) {
                throw UserError.usage(
                        "there is no " + noun + " in " + path,
                        below ? "" : "`" + path + "/...` also looks into the folders below");
            }
            files.addAll(found);
        }
        return List.copyOf(files);
    }

    private static List<Path> walk(Path root, int depth, FileFilter filter) {
        try (Stream<Path> files = Files.walk(root, depth)) {
            List<Path> found = new ArrayList<>();
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                if (!hidden(root.relativize(file)) && filter.accepts(file)) {
                    found.add(file.normalize());
                }
            }
            return found;
        } catch (IOException e) {
            throw new UserError(ExitCode.FAILED, "cannot read " + root + ": " + e, "", e);
        }
    }

    private static boolean hidden(Path relative) {
        for (Path part : relative) {
            String name = part.toString();
            if (name.startsWith(".") || name.equals("target") || name.equals("node_modules")) {
                return true;
            }
        }
        return false;
    }

    private boolean isPipeline(Path file) throws IOException {
        String name = file.getFileName().toString();
        return (name.endsWith(".yaml") || name.endsWith(".yml"))
                && !name.equals(PipelineFiles.PROJECT_FILE)
                && !isTest(file)
                && PIPELINE_KEY.matcher(Files.readString(file)).find();
    }

    private static boolean isTest(Path file) {
        return file.getFileName().toString().endsWith(TEST_ENDING);
    }

    private String testBeside(String path) {
        boolean pipeline = path.endsWith(".yaml") && !path.endsWith(TEST_ENDING);
        if (!pipeline) {
            return path;
        }
        String test = path.substring(0, path.length() - ".yaml".length()) + TEST_ENDING;
        if (Files.exists(terminal.resolve(path)) && !Files.exists(terminal.resolve(test))) {
            throw UserError.usage(
                    path + " has no tests", "write them into " + test + ", beside the pipeline");
        }
        return test;
    }

    private interface FileFilter {
        boolean accepts(Path file) throws IOException;
    }
}
