package dev.thac.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thac.event.ErrorCategory;
import dev.thac.event.ErrorCode;
import dev.thac.spec.JsonSchema;
import dev.thac.spec.Manual;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Pages of the reference that are made from the code. Each test fails when its page is out of date;
 * {@code -Dthac.update=true} writes them again.
 */
class ReferenceTest {

    private static final Path REFERENCE = Path.of("../docs/reference");

    @Test
    void manualOfFilesIsUpToDate() throws IOException {
        Manual manual =
                new Manual()
                        .file(
                                PipelineSpec.class,
                                "Pipeline file",
                                "Every key a pipeline file can hold. This page is made from the"
                                        + " same records that read the file.")
                        .file(
                                ProjectSpec.class,
                                "Project file: thac.yaml",
                                "Optional. The nearest `thac.yaml` in the folder of a pipeline file"
                                        + " or above belongs to it.")
                        .values();

        assertUpToDate("pipeline.md", manual.markdown());
    }

    @Test
    void jsonSchemasAreUpToDate() throws IOException {
        assertUpToDate(
                "pipeline.schema.json", JsonSchema.of(PipelineSpec.class, "A Thác pipeline file"));
        assertUpToDate(
                "project.schema.json",
                JsonSchema.of(ProjectSpec.class, "A Thác project file, thac.yaml"));
    }

    @Test
    void errorReferenceIsUpToDate() throws IOException {
        assertUpToDate("errors.md", errors());
    }

    private static String errors() {
        StringBuilder text =
                new StringBuilder(
                        """
                        # Errors

                        Every way an event or a part of Thác can fail. The name is the metric label \
                        `reason`, the value of the header `thac.reason` of a dead letter, and the \
                        heading here. This page is made from the code.

                        | category | whose trouble | what happens |
                        |---|---|---|
                        """);
        for (ErrorCategory category : ErrorCategory.values()) {
            text.append("| %s | %s |\n".formatted(word(category), meaning(category)));
        }
        for (ErrorCode code : ErrorCode.values()) {
            text.append(
                    """

                    ## %s

                    %s

                    Category: %s. Another attempt %s.
                    """
                            .formatted(
                                    code.label(),
                                    code.summary(),
                                    word(code.category()),
                                    code.retryable() ? "may help" : "cannot help"));
        }
        return text.toString();
    }

    private static String word(ErrorCategory category) {
        return category.name().toLowerCase(java.util.Locale.ROOT);
    }

    private static String meaning(ErrorCategory category) {
        return switch (category) {
            case INPUT -> "the event itself | dead-lettered at once; a retry unchanged cannot help";
            case ANSWER ->
                    "one answer of a model | asked again for that item, split, next tier, then the"
                            + " event's own retries";
            case DEPENDENCY ->
                    "a provider, lookup or sink | intake pauses, nothing is lost or dead-lettered,"
                            + " it goes on when the trouble ends";
            case CAPACITY -> "our own bounds | intake waits";
            case BUDGET -> "money | what `atLimit` says";
            case CONFIG -> "the files | refused before anything connects";
            case INTERNAL -> "a defect of Thác | the pipeline stops and is started again";
        };
    }

    private static void assertUpToDate(String page, String expected) throws IOException {
        Path file = REFERENCE.resolve(page);
        if (Boolean.getBoolean("thac.update")) {
            Files.createDirectories(REFERENCE);
            Files.writeString(file, expected);
        }
        assertThat(file)
                .as(
                        "%s is made from the code; write it again with: mvn -pl testkit,engine test"
                                + " -Dtest=ReferenceTest -Dsurefire.failIfNoSpecifiedTests=false"
                                + " -Dthac.update=true",
                        page)
                .content()
                .isEqualTo(expected);
    }
}
