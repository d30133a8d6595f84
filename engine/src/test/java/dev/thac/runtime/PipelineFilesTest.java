package dev.thac.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thac.cascade.AnalysisSpec;
import dev.thac.event.ThacException;
import dev.thac.pipeline.FlowSpec;
import dev.thac.spec.Problem;
import dev.thac.spec.Tree;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

class PipelineFilesTest {

    private static final String PIPELINE =
            """
            pipeline: reviews
            source: { topic: reviews.raw, group: review-analysis, start: earliest }
            analyses:
              review:
                task: You analyse product reviews.
                input: "{{ value.text }}"
                output: { urgent: { type: boolean } }
                tiers:
                  - model: small
                    accept: { confidence: 0.7 }
                  - model: strong
            routes:
              - to: reviews.analyzed
            models:
              strong: { provider: anthropic, model: of-the-pipeline }
            """;

    private static final String PROJECT =
            """
            brokers: localhost:9092
            models:
              small: { provider: openai, model: of-the-project }
              strong: { provider: openai, model: of-the-project }
            """;

    @TempDir private Path root;
    private Path file = Path.of("set below");

    @BeforeEach
    void writeThePipeline() throws IOException {
        Path folder = Files.createDirectories(root.resolve("repository/pipelines/reviews"));
        Files.createDirectory(root.resolve("repository/.git"));
        file = Files.writeString(folder.resolve("pipeline.yaml"), PIPELINE);
    }

    @Test
    void modelsOfTheNearestProjectFileAreKnownAndThoseOfThePipelineWin() throws IOException {
        Files.writeString(root.resolve("repository/thac.yaml"), PROJECT);

        Loaded loaded = PipelineFiles.load(file);

        assertThat(loaded.problems().render()).isEmpty();
        assertThat(loaded.project().brokers()).contains("localhost:9092");
        FlowSpec flow = loaded.flow();
        assertThat(flow.models().get("small").model()).isEqualTo("of-the-project");
        assertThat(flow.models().get("strong").model()).isEqualTo("of-the-pipeline");
        assertThat(flow.maxEvent().bytes()).isEqualTo(1 << 20);
    }

    @Test
    void aBudgetOfTheProjectNeedsPricesOfTheModelsItPaysForOnly() throws IOException {
        Path project = root.resolve("repository/thac.yaml");
        String unpriced = PROJECT + "budgets: { all: { limit: 9 USD } }\n";
        String other =
                PROJECT + "budgets: { haiku: { limit: 9 USD, models: [claude-haiku-5-5] } }\n";

        Files.writeString(project, unpriced);
        assertThat(PipelineFiles.load(file).problems().render())
                .contains("no known price of \"of-the-project\"")
                .contains("no known price of \"of-the-pipeline\"")
                .contains("the budget \"all\" of thac.yaml needs one");
        Files.writeString(project, other);
        Loaded loaded = PipelineFiles.load(file);

        assertThat(loaded.problems().render()).isEmpty();
        assertThat(loaded.orThrow().budgets(loaded.project())).isEmpty();
    }

    @Test
    void budgetsOfTheProjectAreChecked() throws IOException {
        Files.writeString(
                root.resolve("repository/thac.yaml"),
                PROJECT
                        + """
                        budgets:
                          reviews: { limit: 0 USD, zone: Hanoi, models: [smal, claude-haiku-5.5] }
                        """);
        Files.writeString(file, PIPELINE + "budget: { limit: 1 USD }\n");

        assertThat(PipelineFiles.load(file).problems().render())
                .contains("the project has one of that name, too")
                .contains("\"limit\" must be more than nothing")
                .contains("\"zone\" cannot be \"Hanoi\"")
                .contains("did you mean \"small\"?")
                .contains("did you mean \"claude-haiku-5-5\"?");
    }

    @Test
    void theSearchForAProjectEndsAtTheRootOfTheRepository() throws IOException {
        Files.writeString(root.resolve("thac.yaml"), PROJECT);

        Loaded loaded = PipelineFiles.load(file);

        assertThat(loaded.problems().all())
                .extracting(Problem::message)
                .containsExactly("no model is named \"small\"");
    }

    @Test
    void problemsOfTheProjectFileNameIt() throws IOException {
        Path project = root.resolve("repository/thac.yaml");
        Files.writeString(project, PROJECT + "kafka: { group.id: mine }\nbudgts: {}\n");

        Loaded loaded = PipelineFiles.load(file);

        assertThat(loaded.spec()).isEmpty();
        assertThat(loaded.problems().all())
                .extracting(problem -> Path.of(problem.file()).getFileName() + " " + problem.line())
                .containsExactly("thac.yaml 5", "thac.yaml 6");
    }

    @Test
    void aFileThatIsNotThereIsAProblem() {
        Loaded loaded = PipelineFiles.load(root.resolve("gone.yaml"));

        assertThat(loaded.problems().render())
                .startsWith("error: there is no such file\n  --> ")
                .endsWith("gone.yaml");
        assertThatThrownBy(loaded::orThrow)
                .isInstanceOf(ThacException.class)
                .hasMessageContaining("no such file");
    }

    @Test
    void aFileThatIsNotUtf8IsAProblem() throws IOException {
        Files.write(file, new byte[] {(byte) 0xc3, 0x28});

        assertThat(PipelineFiles.load(file).problems().render()).contains("not UTF-8");
    }

    @Test
    void fieldsOfASchemaFileBecomeTheOutput() throws IOException {
        Files.writeString(root.resolve("repository/thac.yaml"), PROJECT);
        Files.writeString(
                file.resolveSibling("review.json"),
                """
                {"type": "object", "properties": {"stars": {"type": "integer"}}}
                """);
        Files.writeString(
                file,
                PIPELINE.replace("output: { urgent: { type: boolean } }", "schema: review.json"));

        Loaded loaded = PipelineFiles.load(file);

        assertThat(loaded.problems().render()).isEmpty();
        AnalysisSpec review = loaded.orThrow().analyses().get("review");
        assertThat(review).isNotNull();
        assertThat(review.output()).isEqualTo(Map.of("stars", new Tree(Map.of("type", "integer"))));
    }
}
