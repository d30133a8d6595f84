package dev.thac.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thac.spec.Problem;
import dev.thac.spec.ProblemKind;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The example pipelines prove the file surface: they load, or lack exactly the parts named here.
 */
class ExamplesTest {

    private static final Path EXAMPLES = Path.of("../examples");

    /** What each example needs that is not built yet, in the order of the file. */
    private static final Map<String, List<String>> NOT_YET =
            Map.ofEntries(
                    Map.entry("anomaly", List.of()),
                    Map.entry("clicks", List.of()),
                    Map.entry("comments", List.of()),
                    Map.entry("complaints", List.of()),
                    Map.entry("dead-letters", List.of()),
                    Map.entry("enrich-orders", List.of()),
                    Map.entry("intents", List.of()),
                    Map.entry("lambda", List.of("function")),
                    Map.entry("moderation", List.of()),
                    Map.entry("order-events", List.of()),
                    Map.entry("order-events/inventory", List.of()),
                    Map.entry("order-events/notification", List.of()),
                    Map.entry("orders", List.of()),
                    Map.entry("orders-window", List.of()),
                    Map.entry("payments", List.of()),
                    Map.entry("payments/disputes", List.of()),
                    Map.entry("reviews", List.of()),
                    Map.entry("sentiment-intent", List.of()),
                    Map.entry("spark", List.of()),
                    Map.entry("transfer", List.of()));

    static Stream<Path> examples() throws IOException {
        try (Stream<Path> files = Files.walk(EXAMPLES)) {
            return files
                    .filter(file -> file.toString().endsWith(".yaml"))
                    .filter(file -> !file.toString().endsWith(".test.yaml"))
                    .filter(file -> !file.endsWith(PipelineFiles.PROJECT_FILE))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @Test
    void everyExampleIsListedHere() throws IOException {
        assertThat(examples().map(ExamplesTest::name))
                .containsExactlyInAnyOrderElementsOf(NOT_YET.keySet());
    }

    @ParameterizedTest
    @MethodSource("examples")
    void lacksExactlyThePartsThatAreNotBuiltYet(Path example) {
        Loaded loaded = PipelineFiles.load(example);

        assertThat(loaded.problems().all())
                .as("%s", loaded.problems())
                .allMatch(problem -> problem.kind() == ProblemKind.NOT_YET)
                .extracting(Problem::message)
                .containsExactlyElementsOf(
                        NOT_YET.getOrDefault(name(example), List.of()).stream()
                                .map(key -> "\"" + key + "\" is not built yet")
                                .toList());
    }

    @Test
    void everyIntentOfBanking77IsInTheIntentsExample() {
        PipelineSpec spec = PipelineFiles.load(EXAMPLES.resolve("intents/pipeline.yaml")).orThrow();

        Object schema = spec.analyses().get("intent").output().get("intent").value();

        assertThat(schema)
                .isInstanceOfSatisfying(
                        Map.class,
                        map ->
                                assertThat((List<?>) map.get("enum"))
                                        .hasSize(77)
                                        .doesNotHaveDuplicates());
    }

    private static String name(Path example) {
        String name = EXAMPLES.relativize(example).toString().replace(".yaml", "");
        return name.endsWith("/pipeline") ? name.substring(0, name.lastIndexOf('/')) : name;
    }
}
