package dev.thac.testkit.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

class EmbeddedPostgresIT {

    @Test
    void whatWasCommittedIsThereAfterAKillAndARestartOnTheSamePort() throws SQLException {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start()) {
            int port = postgres.port();
            postgres.execute("create table users (id text primary key, name text)");
            postgres.execute("insert into users values ('u-1', 'Lan'), ('u-2', 'Minh')");
            try (Connection held = postgres.connect("postgres")) {
                postgres.kill();

                assertThat(held.isValid(1)).isFalse();
                assertThatThrownBy(() -> postgres.connect("postgres"))
                        .isInstanceOf(SQLException.class)
                        .hasMessageContaining("refused");
            }

            postgres.restart();

            assertThat(postgres.port()).isEqualTo(port);
            assertThat(count(postgres)).isEqualTo(2);
        }
    }

    @Test
    void tablesStayInADirectoryOfOnesOwnAndATemporaryOneIsDeleted() throws Exception {
        Path directory = Files.createTempDirectory("thac-postgres-kept-");
        try {
            try (EmbeddedPostgres first = EmbeddedPostgres.start(0, directory)) {
                first.execute("create table users (id text)");
            }
            try (EmbeddedPostgres second = EmbeddedPostgres.start(0, directory)) {
                assertThat(count(second)).isZero();
            }
            assertThat(directory).isDirectory();
        } finally {
            Folders.delete(directory);
        }

        EmbeddedPostgres temporary = EmbeddedPostgres.start();
        Path gone = temporary.directory();
        temporary.close();

        assertThat(gone).doesNotExist();
    }

    @Test
    void aServerThatRefusesToStartSaysWhy() throws IOException {
        Path directory = Files.createTempDirectory("thac-postgres-bad-");
        try {
            EmbeddedPostgres.start(0, directory).close();
            Files.writeString(directory.resolve("data").resolve("PG_VERSION"), "9.6\n");

            assertThatThrownBy(() -> EmbeddedPostgres.start(0, directory))
                    .hasMessageContaining("PostgreSQL did not start")
                    .hasMessageContaining("9.6");
        } finally {
            Folders.delete(directory);
        }
    }

    private static int count(EmbeddedPostgres postgres) throws SQLException {
        try (Connection connection = postgres.connect("postgres");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select count(*) from users")) {
            rows.next();
            return rows.getInt(1);
        }
    }
}
