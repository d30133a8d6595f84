package dev.thac.testkit.database;

import dev.thac.testkit.broker.FreePorts;
import dev.thac.testkit.broker.PortTakenException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/**
 * The real PostgreSQL server, a process beside this one and reachable from loopback only. For
 * tests, demos and {@code thac dev}; not for production: it does not wait for the disk.
 *
 * <p>It runs for users and for root (as {@code nobody}, see {@link ServerUser}). The first start on
 * a machine unpacks the programs. It ends with this process, also when this process is killed.
 *
 * <p>Thread-safe.
 */
public final class EmbeddedPostgres implements AutoCloseable {

    private final int port;
    private final PostgresNode node;
    private final boolean temporary;

    private EmbeddedPostgres(int port, PostgresNode node, boolean temporary) {
        this.port = port;
        this.node = node;
        this.temporary = temporary;
    }

    /**
     * A server on a free port, in a temporary directory that is deleted on close.
     *
     * @return the running server, with one empty database {@code postgres}
     * @throws IllegalStateException if it does not start, with its own words
     */
    public static EmbeddedPostgres start() {
        return start(0, Optional.empty());
    }

    /**
     * A server whose tables stay.
     *
     * @param port the port; 0 picks a free one
     * @param dataDir made on first use, reused afterwards; the server's user must be able to reach
     *     it, which for root means: not below root's home
     * @return the running server
     * @throws PortTakenException if the port is in use
     * @throws IllegalStateException if it does not start, with its own words
     */
    public static EmbeddedPostgres start(int port, Path dataDir) {
        return start(port, Optional.of(dataDir));
    }

    private static EmbeddedPostgres start(int wanted, Optional<Path> dataDir) {
        int port = wanted == 0 ? FreePorts.any() : FreePorts.claim(wanted);
        Path directory = dataDir.orElseGet(EmbeddedPostgres::temporaryDirectory);
        PostgresNode node = PostgresNode.prepared(directory.toAbsolutePath());
        EmbeddedPostgres postgres = new EmbeddedPostgres(port, node, dataDir.isEmpty());
        try {
            postgres.restart();
        } catch (RuntimeException e) {
            postgres.close();
            throw e;
        }
        return postgres;
    }

    /**
     * Where clients of the database {@code postgres} connect.
     *
     * @return the JDBC URL, without user and password
     */
    public String jdbcUrl() {
        return jdbcUrl("postgres");
    }

    /**
     * Where clients of a database connect.
     *
     * @param database its name
     * @return the JDBC URL, without user and password
     */
    public String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    /**
     * The superuser's name.
     *
     * @return the name
     */
    public String user() {
        return PostgresNode.USER;
    }

    /**
     * The superuser's password.
     *
     * @return the password, which is no secret
     */
    public String password() {
        return PostgresNode.PASSWORD;
    }

    /**
     * The port.
     *
     * @return the port on 127.0.0.1
     */
    public int port() {
        return port;
    }

    /**
     * Where the tables and the server's log are.
     *
     * @return the directory
     */
    public Path directory() {
        return node.directory();
    }

    /**
     * A new connection of the superuser; the caller closes it.
     *
     * @param database the database's name
     * @return the connection
     * @throws SQLException if the server is down or refuses
     */
    public Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(jdbcUrl(database), user(), password());
    }

    /**
     * Runs statements in the database {@code postgres}.
     *
     * @param sql one or several, separated by semicolons
     * @throws IllegalStateException if one fails
     */
    public void execute(String sql) {
        execute("postgres", sql);
    }

    /**
     * Runs statements.
     *
     * @param database the database's name
     * @param sql one or several, separated by semicolons
     * @throws IllegalStateException if one fails
     */
    public void execute(String database, String sql) {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException("in " + database + ": " + e.getMessage(), e);
        }
    }

    /** Ends every process of the server at once, as a power cut does; the tables stay. */
    public void kill() {
        node.kill();
    }

    /** Stops the server, ending its clients' connections; the tables stay. */
    public void stop() {
        node.stop();
    }

    /**
     * Starts the server again on the same port and tables after {@link #kill} or {@link #stop};
     * does nothing when it runs.
     *
     * @throws PortTakenException if the port was taken meanwhile
     * @throws IllegalStateException if it does not start, with its own words
     */
    public void restart() {
        if (!node.running()) {
            FreePorts.claim(port);
            node.start(port);
        }
    }

    /** Stops the server and deletes its directory if that was temporary. */
    @Override
    public void close() {
        if (temporary) {
            node.kill();
            Folders.delete(node.directory());
        } else {
            node.stop();
        }
    }

    private static Path temporaryDirectory() {
        try {
            return Files.createTempDirectory("thac-postgres-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
