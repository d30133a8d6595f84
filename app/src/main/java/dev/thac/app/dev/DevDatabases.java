package dev.thac.app.dev;

import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.UserError;
import dev.thac.database.DatabaseSpec;
import dev.thac.runtime.Loaded;
import dev.thac.runtime.PipelineSpec;
import dev.thac.testkit.database.EmbeddedPostgres;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The databases of {@code thac dev}: one PostgreSQL server with a database for each that the
 * project declares, filled by {@code database.sql} beside the pipeline file when it is made.
 * Started when a pipeline first needs it. Used by one thread.
 */
final class DevDatabases implements AutoCloseable {

    /** The file that makes tables and rows. */
    static final String SCRIPT = "database.sql";

    private final Optional<Path> dataDir;
    private @Nullable EmbeddedPostgres server;
    private boolean scripted;

    /**
     * None yet.
     *
     * @param dataDir where tables are kept; empty: they are deleted at the end
     */
    DevDatabases(Optional<Path> dataDir) {
        this.dataDir = dataDir;
    }

    /**
     * The same files with databases of our own in place of the declared ones.
     *
     * @param loaded the pipeline file, without problems
     * @return a copy; itself where the pipeline uses no database
     * @throws UserError when the server does not start, or the script fails
     */
    Loaded over(Loaded loaded) {
        if (!needed(loaded)) {
            return loaded;
        }
        EmbeddedPostgres postgres = server();
        Map<String, DatabaseSpec> ours = new LinkedHashMap<>();
        loaded.project()
                .databases()
                .forEach(
                        (name, declared) -> {
                            make(postgres, name, loaded.file().resolveSibling(SCRIPT));
                            ours.put(name, at(postgres, name, declared));
                        });
        return new Loaded(
                loaded.spec(),
                loaded.project().withDatabases(ours),
                loaded.file(),
                loaded.problems());
    }

    /** Where the server is; empty where none was needed. */
    Optional<String> address() {
        return Optional.ofNullable(server).map(postgres -> "127.0.0.1:" + postgres.port());
    }

    /** What it is, for people. */
    String note(Loaded loaded) {
        return "embedded PostgreSQL in place of "
                + String.join(", ", loaded.project().databases().keySet())
                + (scripted ? ", filled by " + SCRIPT : "");
    }

    /** Stops the server. */
    @Override
    public void close() {
        EmbeddedPostgres running = server;
        if (running != null) {
            server = null;
            running.close();
        }
    }

    private static boolean needed(Loaded loaded) {
        PipelineSpec spec = loaded.orThrow();
        return !loaded.project().databases().isEmpty()
                && (!spec.sinks().isEmpty()
                        || spec.enrich().values().stream()
                                .anyMatch(lookup -> lookup.jdbc().isPresent()));
    }

    private EmbeddedPostgres server() {
        EmbeddedPostgres running = server;
        if (running == null) {
            try {
                running =
                        dataDir.isPresent()
                                ? EmbeddedPostgres.start(
                                        0, dataDir.get().toAbsolutePath().resolve("postgres"))
                                : EmbeddedPostgres.start();
            } catch (IllegalStateException e) {
                throw new UserError(
                        ExitCode.FAILED,
                        String.valueOf(e.getMessage()),
                        "THAC_DEBUG=1 shows more",
                        e);
            }
            server = running;
        }
        return running;
    }

    private void make(EmbeddedPostgres postgres, String name, Path script) {
        try (Connection connection = postgres.connect("postgres");
                PreparedStatement known =
                        connection.prepareStatement(
                                "select 1 from pg_database where datname = ?")) {
            known.setString(1, name);
            try (ResultSet rows = known.executeQuery()) {
                if (rows.next()) {
                    return;
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the server just started", e);
        }
        postgres.execute("create database \"" + name.replace("\"", "\"\"") + "\"");
        if (!Files.isRegularFile(script)) {
            return;
        }
        try {
            postgres.execute(name, Files.readString(script));
            scripted = true;
        } catch (IOException | IllegalStateException e) {
            throw new UserError(
                    ExitCode.FAILED, script + ": " + e.getMessage(), "correct the script", e);
        }
    }

    private static DatabaseSpec at(EmbeddedPostgres postgres, String name, DatabaseSpec declared) {
        return new DatabaseSpec(
                postgres.jdbcUrl(name) + "?password=" + postgres.password(),
                Optional.of(postgres.user()),
                Optional.empty(),
                declared.pool());
    }
}
