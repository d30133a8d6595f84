package dev.thac.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The example pipelines prove the file surface: they load, or lack exactly the parts named here.
 */
class ExamplesTest {

    static Stream<Path> examples() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("../examples"))) {
            return files.filter(file -> file.endsWith("pipeline.yaml")).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void lacksOnlyThePartsThatAreNotBuiltYet(Path example) {
        Loaded loaded = PipelineFiles.load(example);

        assertThat(loaded.problems().all()).isEmpty();
    }
}
