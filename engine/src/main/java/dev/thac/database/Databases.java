package dev.thac.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;

import dev.thac.event.ErrorCode;
import dev.thac.event.ThacException;
import dev.thac.spec.Secrets;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/**
 * The databases of a project by name, each with a pool of connections that is opened at the first
 * use. No message of this class holds a password. Thread-safe.
 */
public final class Databases implements AutoCloseable {

    /** The longest wait for a connection, or for the server to take one. */
    public static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);

    /** Without a word from the server for so long, a connection counts as broken. */
    private static final Duration SILENCE = Duration.ofSeconds(30);

    private final Map<String, DatabaseSpec> specs;
    private final Secrets secrets;
    private final boolean readOnly;
    private final Map<String, HikariDataSource> pools = new HashMap<>();
    private boolean closed;

    /**
     * Databases; nothing is connected to.
     *
     * @param specs name to declaration
     * @param secrets reads what the declarations refer to
     */
    public Databases(Map<String, DatabaseSpec> specs, Secrets secrets) {
        this(specs, secrets, false);
    }

    private Databases(Map<String, DatabaseSpec> specs, Secrets secrets, boolean readOnly) {
        this.specs = Map.copyOf(specs);
        this.secrets = secrets;
        this.readOnly = readOnly;
    }

    /**
     * Databases whose servers refuse every change; nothing is connected to.
     *
     * @param specs name to declaration
     * @param secrets reads what the declarations refer to
     * @return the databases
     */
    public static Databases readOnly(Map<String, DatabaseSpec> specs, Secrets secrets) {
        return new Databases(specs, secrets, true);
    }

    /**
     * A connection from the pool, in auto-commit mode; closing it gives it back.
     *
     * @param name the database's name
     * @return the connection
     * @throws ThacException {@code DATABASE_UNAVAILABLE} when there is none within {@link
     *     #CONNECT_LIMIT}; {@code DATABASE_REFUSED} when the server refuses the user or has no such
     *     database; {@code BAD_SPEC} for a name that is not declared, or a secret that is not there
     */
    public Connection connection(String name) {
        try {
            return pool(name).getConnection();
        } catch (SQLException e) {
            throw error(name, e);
        }
    }

    /**
     * A connection of its own, outside the pool, for looking whether the database can be used: what
     * is wrong shows at once. The caller closes it.
     *
     * @param name the database's name
     * @return the connection
     * @throws ThacException as {@link #connection}
     */
    public Connection fresh(String name) {
        DatabaseSpec spec = spec(name);
        Properties properties = properties(spec);
        spec.user().ifPresent(user -> properties.setProperty("user", secrets.expand(user)));
        spec.password()
                .ifPresent(
                        password -> properties.setProperty("password", secrets.reveal(password)));
        try {
            return DriverManager.getConnection(url(spec), properties);
        } catch (SQLException e) {
            throw error(name, e);
        }
    }

    /**
     * What an error of a database means.
     *
     * @param name the database's name
     * @param error what the driver said
     * @return {@code DATABASE_UNAVAILABLE} when the same may succeed later (the server is down,
     *     full or starting, the connection broke, a deadlock, a time-out), {@code DATABASE_REFUSED}
     *     when the server refuses the user or has no such database, and {@code STATEMENT_REFUSED}
     *     for anything else: the statement can never succeed
     */
    public static ThacException error(String name, SQLException error) {
        SQLException telling = telling(error);
        ErrorCode code = SqlStates.code(telling);
        String what =
                switch (code) {
                    case DATABASE_UNAVAILABLE -> "the database \"" + name + "\" is unavailable: ";
                    case DATABASE_REFUSED -> "the database \"" + name + "\" refuses us: ";
                    default -> "the database \"" + name + "\" refuses the statement: ";
                };
        return new ThacException(code, what + firstLine(telling), error);
    }

    /** Closes every pool; connections that are out break. */
    @Override
    public synchronized void close() {
        closed = true;
        pools.values().forEach(HikariDataSource::close);
        pools.clear();
    }

    private synchronized HikariDataSource pool(String name) {
        if (closed) {
            throw new ThacException(
                    ErrorCode.DATABASE_UNAVAILABLE, "the pool of \"" + name + "\" is closed");
        }
        HikariDataSource known = pools.get(name);
        if (known == null) {
            known = open(name);
            pools.put(name, known);
        }
        return known;
    }

    private HikariDataSource open(String name) {
        DatabaseSpec spec = spec(name);
        HikariConfig config = new HikariConfig();
        config.setPoolName("thac-" + name);
        config.setJdbcUrl(url(spec));
        spec.user().map(secrets::expand).ifPresent(config::setUsername);
        spec.password().map(secrets::reveal).ifPresent(config::setPassword);
        config.setMaximumPoolSize(spec.pool());
        config.setMinimumIdle(0);
        config.setConnectionTimeout(CONNECT_LIMIT.toMillis());
        config.setValidationTimeout(CONNECT_LIMIT.toMillis());
        // nothing is connected to here: an outage is for whoever asks for a connection
        config.setInitializationFailTimeout(-1);
        config.setReadOnly(readOnly);
        config.setDataSourceProperties(properties(spec));
        try {
            return new HikariDataSource(config);
        } catch (RuntimeException e) { // Hikari's own words where the driver is unknown
            throw new ThacException(
                    ErrorCode.BAD_SPEC,
                    "the database \"" + name + "\" has a URL that no driver takes: " + spec.url(),
                    e);
        }
    }

    private DatabaseSpec spec(String name) {
        DatabaseSpec spec = specs.get(name);
        if (spec == null) {
            throw new ThacException(
                    ErrorCode.BAD_SPEC, "no database is named \"" + name + "\" in thac.yaml");
        }
        return spec;
    }

    private String url(DatabaseSpec spec) {
        return secrets.expand(spec.url());
    }

    /** A server that vanishes without a word must not hold a connection for ever. */
    private Properties properties(DatabaseSpec spec) {
        Properties properties = new Properties();
        if (spec.url().startsWith("jdbc:postgresql:")) {
            properties.setProperty("connectTimeout", Long.toString(CONNECT_LIMIT.toSeconds()));
            properties.setProperty("socketTimeout", Long.toString(SILENCE.toSeconds()));
            properties.setProperty("tcpKeepAlive", "true");
            properties.setProperty("ApplicationName", "thac");
            if (readOnly) {
                properties.setProperty("readOnly", "true");
                properties.setProperty("readOnlyMode", "always");
            }
        }
        return properties;
    }

    /** The pool says that it waited in vain; why, says what kept it from connecting. */
    private static SQLException telling(SQLException error) {
        return error.getCause() instanceof SQLException cause && SqlStates.known(cause)
                ? cause
                : error;
    }

    private static String firstLine(SQLException error) {
        String message = String.valueOf(error.getMessage()).strip();
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end);
    }
}
