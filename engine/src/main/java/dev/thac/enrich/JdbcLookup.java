package dev.thac.enrich;

import dev.thac.database.Databases;
import dev.thac.event.ErrorCode;
import dev.thac.event.JsonText;
import dev.thac.event.ThacException;

import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** Asks a database: one prepared query, at most one row. Thread-safe. */
final class JdbcLookup implements Lookup {

    private final String database;
    private final Databases databases;
    private final Semaphore places;
    private final SqlQuery query;
    private final List<String> names;
    private final int timeoutSeconds;

    /**
     * @param places as many as the pool has connections, so that nobody waits in the pool
     */
    JdbcLookup(Databases databases, Semaphore places, EnrichSpec spec) {
        this.database = spec.jdbc().orElseThrow();
        this.databases = databases;
        this.places = places;
        this.query = SqlQuery.parse(spec.query().orElseThrow());
        this.names = List.copyOf(spec.with().keySet());
        this.timeoutSeconds = (int) Math.max(1, spec.timeout().plusMillis(999).toSeconds());
    }

    @Override
    public Optional<Object> find(List<@Nullable Object> key) throws LookupException {
        try {
            return ask(key);
        } catch (SQLException e) {
            throw error(Databases.error(database, e));
        } catch (ThacException e) {
            throw error(e);
        }
    }

    @Override
    public Semaphore places() {
        return places;
    }

    private Optional<Object> ask(List<@Nullable Object> key) throws SQLException, LookupException {
        try (Connection connection = databases.connection(database);
                PreparedStatement statement = connection.prepareStatement(query.sql())) {
            statement.setQueryTimeout(timeoutSeconds);
            statement.setMaxRows(2);
            for (int i = 0; i < query.parameters().size(); i++) {
                bind(statement, i + 1, key.get(names.indexOf(query.parameters().get(i))));
            }
            try (ResultSet rows = statement.executeQuery()) {
                if (!rows.next()) {
                    return Optional.empty();
                }
                Map<String, Object> row = SqlTrees.row(rows);
                if (rows.next()) {
                    throw LookupException.never(
                            ErrorCode.LOOKUP_AMBIGUOUS,
                            "the query found more than one row for " + shown(key));
                }
                return Optional.of(row);
            }
        }
    }

    /** Without a type: the server takes the one that the place in the query needs. */
    private static void bind(PreparedStatement statement, int place, @Nullable Object value)
            throws SQLException {
        switch (value) {
            case null -> statement.setNull(place, Types.OTHER);
            case String text -> statement.setObject(place, text, Types.OTHER);
            default -> statement.setObject(place, JsonText.text(value), Types.OTHER);
        }
    }

    /** The values are parts of events, which messages do not show; their number is none. */
    private String shown(List<@Nullable Object> key) {
        return key.isEmpty() ? "no parameters" : "one set of " + String.join(", ", names);
    }

    /** Who we are and what is there is not the event's fault: a person mends that. */
    private static LookupException error(ThacException error) {
        return error.code() == ErrorCode.STATEMENT_REFUSED
                ? LookupException.never(error.code(), String.valueOf(error.getMessage()))
                : LookupException.trouble(
                        error.code(), Duration.ZERO, String.valueOf(error.getMessage()), error);
    }
}
