package dev.thac.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thac.app.CommandRun;
import dev.thac.app.terminal.Json;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

class CheckCommandTest {

    private static final String RIGHT =
            """
            pipeline: orders
            source: { topic: orders, group: g, start: earliest }
            routes: [ { to: out } ]
            """;
    private static final String WRONG = RIGHT.replace("routes", "rotes") + "tiers: 1\n";

    @TempDir private Path folder;

    @Test
    void aRightFileIsOneLineOnStandardOutput() throws IOException {
        Files.writeString(folder.resolve("right.yaml"), RIGHT);

        CommandRun.Result result = CommandRun.here().in(folder).run("check", "right.yaml");

        assertThat(result.code()).isZero();
        assertThat(result.out()).isEqualTo("OK      " + folder.resolve("right.yaml") + "\n");
        assertThat(result.err()).isEmpty();
    }

    @Test
    void aWrongFileFailsWithEveryProblemOnStandardError() throws IOException {
        Files.writeString(folder.resolve("wrong.yaml"), WRONG);

        CommandRun.Result result = CommandRun.here().in(folder).run("check", "wrong.yaml");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.out()).contains("FAILED").contains("2 problems");
        assertThat(result.err())
                .contains("wrong.yaml:3:1")
                .contains("did you mean \"routes\"?")
                .contains("wrong.yaml:4:1");
    }

    @Test
    void aFolderStandsForItsPipelineFilesOnly() throws IOException {
        Files.writeString(folder.resolve("a.yaml"), RIGHT);
        Files.writeString(folder.resolve("compose.yaml"), "services: {}\n");
        Files.writeString(folder.resolve("a.test.yaml"), "tests: []\n");
        Files.createDirectory(folder.resolve("below"));
        Files.writeString(folder.resolve("below/b.yaml"), RIGHT);

        assertThat(CommandRun.here().in(folder).run("check", ".").out().lines()).hasSize(1);
        assertThat(CommandRun.here().in(folder).run("check", "...").out().lines()).hasSize(2);
    }

    @Test
    void noTargetIsAUsageError() {
        CommandRun.Result result = CommandRun.here().run("check");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).contains("PATH").contains("thac check --help");
    }

    @Test
    void aMissingFileAndAnEmptyFolderAreUsageErrors() {
        assertThat(CommandRun.here().in(folder).run("check", "nope.yaml").code()).isEqualTo(2);
        assertThat(CommandRun.here().in(folder).run("check", ".").code()).isEqualTo(2);
    }

    @Test
    @SuppressWarnings("unchecked")
    void jsonHasEveryProblemWithItsPlace() throws IOException {
        Files.writeString(folder.resolve("wrong.yaml"), WRONG);

        CommandRun.Result result =
                CommandRun.here().in(folder).run("check", "wrong.yaml", "-o", "json");

        Map<String, Object> tree = (Map<String, Object>) Json.read(result.out());
        Map<String, Object> file = ((List<Map<String, Object>>) tree.get("files")).getFirst();
        List<Map<String, Object>> problems = (List<Map<String, Object>>) file.get("problems");
        assertThat(tree).containsEntry("ok", false);
        assertThat(problems)
                .extracting(problem -> problem.get("kind") + ":" + problem.get("line"))
                .contains("unknown-key:3", "unknown-key:4");
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).isEmpty();
    }

    @Test
    void aTestFileCanBeCheckedByItsName() throws IOException {
        Files.writeString(folder.resolve("a.yaml"), RIGHT);
        Files.writeString(
                folder.resolve("a.test.yaml"),
                "tests: [ { name: n, event: {}, expect: { filterd: true } } ]\n");

        CommandRun.Result result = CommandRun.here().in(folder).run("check", "a.test.yaml");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).contains("a.test.yaml:1:").contains("did you mean \"filtered\"?");
    }

    @Test
    void coloursAppearOnATerminalWithoutNoColorOnly() throws IOException {
        Files.writeString(folder.resolve("right.yaml"), RIGHT);

        assertThat(CommandRun.here().in(folder).onTerminal().run("check", "right.yaml").out())
                .contains("\u001b[");
        assertThat(
                        CommandRun.here()
                                .in(folder)
                                .onTerminal()
                                .with("NO_COLOR", "1")
                                .run("check", "right.yaml")
                                .out())
                .doesNotContain("\u001b");
        assertThat(CommandRun.here().in(folder).run("check", "right.yaml").out())
                .doesNotContain("\u001b");
    }
}
