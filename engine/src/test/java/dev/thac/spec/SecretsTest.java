package dev.thac.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thac.event.ErrorCode;
import dev.thac.event.ThacException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

class SecretsTest {

    @Test
    void readsTheEnvironmentAndFiles(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("key"), "from a file\n");
        Secrets secrets = new Secrets(Map.of("KEY", "from the environment"), folder);

        assertThat(secrets.reveal(new Secret("${env:KEY}"))).isEqualTo("from the environment");
        assertThat(secrets.reveal(new Secret("${file:key}"))).isEqualTo("from a file");
        assertThat(secrets.expand("user=\"a\" password=\"${file:key}\";"))
                .isEqualTo("user=\"a\" password=\"from a file\";");
    }

    @Test
    void saysWhichSecretIsMissing(@TempDir Path folder) {
        Secrets secrets = new Secrets(Map.of(), folder);

        assertThatThrownBy(() -> secrets.reveal(new Secret("${env:KEY}")))
                .isInstanceOfSatisfying(
                        ThacException.class,
                        wrong -> assertThat(wrong.code()).isEqualTo(ErrorCode.BAD_SPEC))
                .hasMessageContaining("KEY");
        assertThatThrownBy(() -> secrets.reveal(new Secret("${file:gone}")))
                .hasMessageContaining("gone");
    }

    @Test
    void neverRepeatsALiteral(@TempDir Path folder) {
        Secrets secrets = new Secrets(Map.of(), folder);

        assertThatThrownBy(() -> secrets.reveal(new Secret("hunter2")))
                .hasMessageNotContaining("hunter2");
    }
}
