package dev.thac.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a user reads about a broken file, word by word: {@code broken/NAME.yaml} gets exactly {@code
 * broken/NAME.txt}. {@code -Dthac.update=true} writes the texts again; read them before committing.
 */
class BrokenFilesTest {

    private static final String FOLDER = "src/test/resources/broken/";

    static Stream<String> broken() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(FOLDER))) {
            List<String> names =
                    files.map(file -> file.getFileName().toString())
                            .filter(name -> name.endsWith(".yaml"))
                            .map(name -> name.substring(0, name.length() - ".yaml".length()))
                            .sorted()
                            .toList();
            return names.stream();
        }
    }

    @ParameterizedTest
    @MethodSource("broken")
    void getsExactlyThisMessage(String name) throws IOException {
        Path expected = Path.of(FOLDER + name + ".txt");

        Loaded loaded = PipelineFiles.load(Path.of(FOLDER + name + ".yaml"));

        String message = loaded.problems().render().replace(FOLDER, "") + "\n";
        if (Boolean.getBoolean("thac.update")) {
            Files.writeString(expected, message);
        }
        assertThat(loaded.spec()).isEmpty();
        assertThat(message).isEqualTo(Files.readString(expected));
    }

    @Test
    void thereAreEnoughOfThemToTrust() throws IOException {
        assertThat(broken()).hasSizeGreaterThanOrEqualTo(20);
    }
}
