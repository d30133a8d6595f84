package dev.thac.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;

import dev.thac.spec.Document;
import dev.thac.spec.JsonSchema;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The schema for editors and the reader agree. */
class JsonSchemaTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Schema SCHEMA =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(JsonSchema.of(PipelineSpec.class, "A pipeline"));

    private static List<?> complaints(String name, String text) {
        JsonNode tree = JSON.valueToTree(Document.parse(name, text).tree());
        return SCHEMA.validate(tree);
    }

    @ParameterizedTest
    @MethodSource("dev.thac.runtime.ExamplesTest#examples")
    void acceptsAnExampleExactlyWhenTheReaderDoes(Path example) throws IOException {
        boolean sound = PipelineFiles.load(example).problems().isEmpty();

        assertThat(complaints(example.toString(), Files.readString(example)).isEmpty())
                .isEqualTo(sound);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "unknown-key",
                "not-yet",
                "missing-keys",
                "wrong-types",
                "bad-values",
                "out-of-range",
                "literal-secret",
                "two-forms"
            })
    void refusesWhatTheReaderRefuses(String broken) throws IOException {
        Path file = Path.of("src/test/resources/broken/" + broken + ".yaml");

        assertThat(complaints(broken, Files.readString(file))).isNotEmpty();
    }
}
