package dev.thac.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thac.database.DatabaseSpec;
import dev.thac.decode.RegistrySpec;
import dev.thac.model.ModelSpec;
import dev.thac.observe.WebhookAlertSpec;
import dev.thac.sink.WebhookSinkSpec;
import dev.thac.spec.Document;
import dev.thac.spec.ProblemKind;
import dev.thac.spec.Secret;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** What a file shows of itself hides the literal value of every key that holds a secret. */
class SecretKeysTest {

    static Stream<String> secrets() {
        return List.of(
                        ModelSpec.class,
                        DatabaseSpec.class,
                        RegistrySpec.class,
                        WebhookAlertSpec.class,
                        WebhookSinkSpec.class)
                .stream()
                .flatMap(type -> Arrays.stream(type.getRecordComponents()))
                .filter(component -> component.getGenericType().toString().contains(secretType()))
                .map(RecordComponent::getName)
                .distinct();
    }

    private static String secretType() {
        return Secret.class.getName();
    }

    @ParameterizedTest
    @MethodSource("secrets")
    void isHiddenWhereverItStandsInALine(String key) {
        String line = "{ a: 1, %s: hunter2 and more, b: x }%n".formatted(key);

        String shown =
                Document.parse("a.yaml", line).at(ProblemKind.BAD_VALUE, "b", "wrong").render();

        assertThat(shown).doesNotContain("hunter2").contains("***, b: x }").endsWith(" ^");
    }
}
