package dev.thac.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.thac.event.ErrorCode;
import dev.thac.event.ThacException;
import dev.thac.spec.Secret;
import dev.thac.spec.Secrets;
import dev.thac.testkit.database.EmbeddedPostgres;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;

class DatabasesIT {

    private static EmbeddedPostgres postgres;

    @BeforeAll
    static void start() {
        postgres = EmbeddedPostgres.start();
        postgres.execute("create table users (id text primary key)");
    }

    @AfterAll
    static void stop() {
        postgres.close();
    }

    @Test
    void aDatabaseThatIsDownIsUnavailableAndUsableAgainWhenItIsBack() {
        try (Databases databases = databases(postgres.jdbcUrl(), "${env:PASSWORD}")) {
            use(databases);
            postgres.kill();

            ThacException broken = catchThrowableOfType(ThacException.class, () -> use(databases));
            ThacException down = catchThrowableOfType(ThacException.class, () -> use(databases));
            postgres.restart();

            assertThat(broken.code()).isEqualTo(ErrorCode.DATABASE_UNAVAILABLE);
            assertThat(down.code()).isEqualTo(ErrorCode.DATABASE_UNAVAILABLE);
            assertThat(down)
                    .hasMessageContaining("\"shop\" is unavailable")
                    .hasMessageContaining("refused");
            use(databases);
        }
    }

    @Test
    void aWrongPasswordAndAnUnknownDatabaseAreNamedAndNeverPrinted() {
        try (Databases wrong = databases(postgres.jdbcUrl(), "${env:WRONG}");
                Databases nowhere = databases(postgres.jdbcUrl("nowhere"), "${env:PASSWORD}")) {
            for (ThacException refused :
                    new ThacException[] {
                        catchThrowableOfType(
                                ThacException.class, () -> wrong.connection("shop").close()),
                        catchThrowableOfType(
                                ThacException.class, () -> wrong.fresh("shop").close()),
                        catchThrowableOfType(
                                ThacException.class, () -> nowhere.fresh("shop").close())
                    }) {
                assertThat(refused.code()).isEqualTo(ErrorCode.DATABASE_REFUSED);
                assertThat(refused.toString() + refused.getCause()).doesNotContain("s3cret");
            }
        }
    }

    @Test
    void aStatementThatCanNeverSucceedIsToldFromTroubleOfTheServer() throws SQLException {
        try (Databases databases = databases(postgres.jdbcUrl(), "${env:PASSWORD}");
                Connection connection = databases.connection("shop");
                Statement statement = connection.createStatement()) {
            assertThat(code(statement, "select nme from users"))
                    .isEqualTo(ErrorCode.STATEMENT_REFUSED);
            assertThat(code(statement, "select 1/0")).isEqualTo(ErrorCode.STATEMENT_REFUSED);
            assertThat(code(statement, "insert into users values ('a'), ('a')"))
                    .isEqualTo(ErrorCode.STATEMENT_REFUSED);
            assertThat(code(statement, "set statement_timeout = 20; select pg_sleep(5)"))
                    .isEqualTo(ErrorCode.DATABASE_UNAVAILABLE);
            assertThat(code(statement, "select pg_terminate_backend(pg_backend_pid())"))
                    .isEqualTo(ErrorCode.DATABASE_UNAVAILABLE);
        }
    }

    private static ErrorCode code(Statement statement, String sql) {
        SQLException error = catchThrowableOfType(SQLException.class, () -> statement.execute(sql));
        return Databases.error("shop", error).code();
    }

    private static void use(Databases databases) {
        try (Connection connection = databases.connection("shop");
                Statement statement = connection.createStatement()) {
            assertThat(statement.execute("select 1")).isTrue();
        } catch (SQLException e) {
            throw Databases.error("shop", e);
        }
    }

    private static Databases databases(String url, String password) {
        return new Databases(
                Map.of(
                        "shop",
                        new DatabaseSpec(
                                url,
                                Optional.of(postgres.user()),
                                Optional.of(new Secret(password)),
                                2)),
                new Secrets(
                        Map.of("PASSWORD", postgres.password(), "WRONG", "s3cret"), Path.of("")));
    }
}
