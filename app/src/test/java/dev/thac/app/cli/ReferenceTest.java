package dev.thac.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thac.app.CommandRun;
import dev.thac.app.trial.TestFileSpec;
import dev.thac.spec.Manual;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Pages of the reference that are made from the commands. Each test fails when its page is out of
 * date; {@code -Dthac.update=true} writes them again.
 */
class ReferenceTest {

    private static final Path REFERENCE = CommandRun.root().resolve("docs/reference");

    @Test
    void everyCommandIsDescribedByItsOwnHelp() throws IOException {
        StringBuilder page =
                new StringBuilder(
                        """
                        # Command line

                        What `--help` says about each command. Standard output is data, standard \
                        error is talk; colours and redrawn lines appear on a terminal only, and \
                        not with `NO_COLOR`. `THAC_DEBUG=1` adds stack traces to errors. This page \
                        is made from the commands.

                        | exit code | means |
                        |---|---|
                        | 0 | it worked |
                        | 1 | a check, a test or a run failed |
                        | 2 | the command line is wrong |
                        | 3 | a broker, a model or a server cannot be reached |
                        | 4 | refused for a budget or a missing price |
                        | 5 | partly done |
                        | 130 | Ctrl-C (143: SIGTERM) |
                        """);
        for (String command : Commands.names()) {
            String[] arguments = (command + " --help").split(" ", -1);
            CommandRun.Result help = CommandRun.here().run(arguments);
            assertThat(help.code()).as(command).isZero();
            page.append("\n## thac ").append(command).append("\n\n```text\n");
            help.out().lines().map(String::stripTrailing).forEach(l -> page.append(l).append('\n'));
            page.append("```\n");
        }

        assertUpToDate("cli.md", page.toString());
    }

    @Test
    void theManualOfTestFilesIsUpToDate() throws IOException {
        String introduction =
                """
                A test file stands beside the pipeline it tests: `pipeline.test.yaml` beside \
                `pipeline.yaml`. `thac test PATH` runs it: the events go through the very code that \
                runs in production, and over HTTP to a simulated model, so that tests cost nothing \
                and need no key. `answers` replaces the simulated answers by recorded ones.

                ```yaml
                tests:
                  - name: a warranty complaint is negative and urgent
                    event: { id: test-2, text: "Hang loi, goi bao hanh khong ai nghe", rating: 2 }
                    expect:
                      analysis: { review: { sentiment: negative } }
                      where: [ analysis.review.score <= 2 ]
                      outputs:
                        - { topic: reviews.analyzed, key: test-2 }
                        - { topic: reviews.urgent }
                ```

                Objects are compared by the members that are written; lists and scalars must be \
                equal, numbers by value. This page is made from the records that read the file.\
                """;

        assertUpToDate(
                "tests.md",
                new Manual().file(TestFileSpec.class, "Test file", introduction).markdown());
    }

    @Test
    void theSchemasOfTheReferenceAreThoseTheCommandPrints() throws IOException {
        for (String kind : new String[] {"pipeline", "project"}) {
            assertThat(CommandRun.here().run("generate", "schema", "--of", kind).out().strip())
                    .isEqualTo(Files.readString(REFERENCE.resolve(kind + ".schema.json")).strip());
        }
        assertThat(CommandRun.here().run("generate", "schema", "--of", "test").out())
                .contains("\"deadLetter\"");
    }

    private static void assertUpToDate(String name, String content) throws IOException {
        Path page = REFERENCE.resolve(name);
        if (Boolean.getBoolean("thac.update")) {
            Files.writeString(page, content);
        }
        assertThat(page).hasContent(content);
    }
}
