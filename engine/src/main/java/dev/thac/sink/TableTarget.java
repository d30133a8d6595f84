package dev.thac.sink;

import dev.thac.decode.Decoder;
import dev.thac.decode.Decoders;
import dev.thac.decode.Format;
import dev.thac.event.ErrorCode;
import dev.thac.event.Event;
import dev.thac.event.Failure;
import dev.thac.event.ThacException;
import dev.thac.expression.EvaluationException;
import dev.thac.expression.Formula;
import dev.thac.recover.SinkLetters;
import dev.thac.resilience.Ticker;

import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Upserts into a table of PostgreSQL, a batch in one statement and one transaction. Values travel
 * as arrays of text and are read as the types of the columns by the database, so that nothing of an
 * event is ever part of a statement. Of several rows of one id only the last is written. Where the
 * database refuses a row, the batch is halved until that row stands alone.
 */
final class TableTarget implements Target {

    private static final int BATCH = 5_000;

    /**
     * How old the group's word may be when rows are sent. With the limits of the database this is
     * shorter than a group waits for a silent member (45 s): a process that stood still, or was cut
     * off from the brokers, cannot write over what others wrote after it.
     */
    private static final Duration FRESH = Duration.ofSeconds(15);

    private static final String LIMITS =
            "set local statement_timeout = 20000;"
                    + " set local idle_in_transaction_session_timeout = 5000";

    private final TableSettings settings;
    private final Connections database;
    private final Ticker ticker;
    private final Decoder json = Decoders.of(Format.JSON);
    private @Nullable TableShape shape;

    /** A record as a row, column by column. */
    private record Row(Polled record, List<@Nullable Object> values) {}

    /**
     * A target that connects when there is something to write.
     *
     * @param settings the table
     * @param database where it is
     * @param ticker the time
     */
    TableTarget(TableSettings settings, Connections database, Ticker ticker) {
        this.settings = settings;
        this.database = database;
        this.ticker = ticker;
    }

    @Override
    public int batchSize() {
        return BATCH;
    }

    @Override
    public void write(List<Polled> open, Batch batch) throws UnavailableException {
        List<Row> rows = new ArrayList<>(open.size());
        for (Polled record : open) {
            row(record).accept(rows, record, batch);
        }
        if (rows.isEmpty()) {
            return;
        }
        try (Connection connection = database.open()) {
            connection.setAutoCommit(false);
            upsert(connection, shape(connection, rows), rows, batch);
        } catch (ThacException e) {
            throw new UnavailableException(String.valueOf(e.getMessage()));
        } catch (SQLException e) {
            if (SqlTrouble.ofTheTable(e)) {
                shape = null;
            }
            throw new UnavailableException(settings.table() + ": " + SqlTrouble.words(e));
        }
    }

    /** What became of a record on its way to a row. */
    private sealed interface Made {
        record Good(Row row) implements Made {}

        record Bad(Failure failure) implements Made {}

        default void accept(List<Row> rows, Polled record, Batch batch) {
            switch (this) {
                case Good(Row row) -> rows.add(row);
                case Bad(Failure failure) -> batch.refused(record, failure);
            }
        }
    }

    private Made row(Polled record) {
        return switch (json.decode(record.delivery())) {
            case Decoder.Result.Undecodable(Failure why) -> bad(why.code(), why.message());
            case Decoder.Result.Decoded(Event event) -> row(record, event);
        };
    }

    private Made row(Polled record, Event event) {
        List<@Nullable Object> values = new ArrayList<>(settings.columns().size());
        for (Map.Entry<String, Formula> column : settings.columns().entrySet()) {
            try {
                Object value = column.getValue().apply(event);
                if (value == null && settings.id().contains(column.getKey())) {
                    return bad(
                            ErrorCode.WRONG_TYPE,
                            "column " + column.getKey() + " is of the id and would be null");
                }
                values.add(value);
            } catch (EvaluationException e) {
                return bad(
                        ErrorCode.WRONG_TYPE, "column " + column.getKey() + ": " + e.getMessage());
            }
        }
        return new Made.Good(new Row(record, values));
    }

    private static Made bad(ErrorCode code, String message) {
        return new Made.Bad(new Failure(code, SinkLetters.STAGE, message));
    }

    private TableShape shape(Connection connection, List<Row> rows)
            throws SQLException, UnavailableException {
        TableShape known = shape;
        if (known != null) {
            return known;
        }
        Optional<TableShape> found = TableShape.read(connection, settings.table());
        if (found.isEmpty() && settings.create()) {
            create(connection, rows);
            found = TableShape.read(connection, settings.table());
        }
        connection.commit();
        if (found.isEmpty()) {
            throw new UnavailableException("there is no table " + settings.table());
        }
        Optional<String> misfit =
                found.get().misfit(settings.table(), settings.columns().keySet(), settings.id());
        if (misfit.isPresent()) {
            throw new UnavailableException(misfit.get());
        }
        shape = found.get();
        return found.get();
    }

    private void create(Connection connection, List<Row> rows) throws SQLException {
        List<String> parts = new ArrayList<>();
        List<String> names = settings.names();
        for (int index = 0; index < names.size(); index++) {
            int column = index;
            String type =
                    settings.types()
                            .getOrDefault(
                                    names.get(index),
                                    ColumnTypes.of(
                                            rows.stream()
                                                    .<@Nullable Object>map(
                                                            row -> row.values().get(column))
                                                    .toList()));
            parts.add(TableName.quoted(names.get(index)) + " " + type);
        }
        parts.add("primary key (" + list(settings.id()) + ")");
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "create table if not exists "
                            + TableName.quoted(settings.table())
                            + " ("
                            + String.join(", ", parts)
                            + ")");
        }
        connection.commit();
    }

    /** All rows in one transaction, or, where one of them is refused, each half by itself. */
    private void upsert(Connection connection, TableShape table, List<Row> rows, Batch batch)
            throws SQLException, UnavailableException {
        try {
            transact(connection, table, lastOfEachId(table, rows), batch);
            batch.done(rows.stream().map(Row::record).toList());
        } catch (SQLException e) {
            if (!SqlTrouble.ofTheRows(e)) {
                throw e;
            }
            connection.rollback();
            if (rows.size() == 1) {
                batch.refused(
                        rows.getFirst().record(),
                        new Failure(
                                ErrorCode.SINK_REFUSED, SinkLetters.STAGE, SqlTrouble.words(e)));
                return;
            }
            int half = rows.size() / 2;
            upsert(connection, table, rows.subList(0, half), batch);
            upsert(connection, table, rows.subList(half, rows.size()), batch);
        }
    }

    /**
     * Rows as texts, by id and in its order: instances that write the same rows wait for each other
     * rather than block each other.
     */
    private List<@Nullable String[]> lastOfEachId(TableShape table, List<Row> rows) {
        List<String> names = settings.names();
        int[] id = settings.id().stream().mapToInt(names::indexOf).toArray();
        Map<String, @Nullable String[]> last = new TreeMap<>();
        for (Row row : rows) {
            @Nullable String[] texts = new @Nullable String[names.size()];
            for (int column = 0; column < texts.length; column++) {
                texts[column] = table.column(names.get(column)).text(row.values().get(column));
            }
            StringBuilder key = new StringBuilder();
            for (int column : id) {
                key.append(texts[column]).append('\0');
            }
            last.put(key.toString(), texts);
        }
        return List.copyOf(last.values());
    }

    private void transact(
            Connection connection, TableShape table, List<@Nullable String[]> rows, Batch batch)
            throws SQLException, UnavailableException {
        try (Statement limits = connection.createStatement();
                PreparedStatement upsert = connection.prepareStatement(sql(table))) {
            limits.execute(LIMITS);
            for (int column = 0; column < settings.columns().size(); column++) {
                @Nullable Object[] values = new @Nullable Object[rows.size()];
                for (int row = 0; row < values.length; row++) {
                    values[row] = rows.get(row)[column];
                }
                upsert.setArray(column + 1, connection.createArrayOf("text", values));
            }
            if (ticker.nanos() - batch.heard() > FRESH.toNanos()) {
                connection.rollback();
                throw new UnavailableException(
                        "the group has not confirmed this member for too long");
            }
            int _ = upsert.executeUpdate();
        }
        connection.commit();
    }

    private String sql(TableShape table) {
        List<String> names = settings.names();
        List<String> casts = new ArrayList<>();
        List<String> arrays = new ArrayList<>();
        List<String> aliases = new ArrayList<>();
        for (int index = 0; index < names.size(); index++) {
            casts.add("u.c" + index + "::" + table.column(names.get(index)).type());
            arrays.add("?::text[]");
            aliases.add("c" + index);
        }
        List<String> others = names.stream().filter(name -> !settings.id().contains(name)).toList();
        return "insert into "
                + TableName.quoted(settings.table())
                + " ("
                + list(names)
                + ") select "
                + String.join(", ", casts)
                + " from unnest("
                + String.join(", ", arrays)
                + ") as u("
                + String.join(", ", aliases)
                + ") on conflict ("
                + list(settings.id())
                + ") do "
                + (others.isEmpty()
                        ? "nothing"
                        : "update set "
                                + others.stream()
                                        .map(TableName::quoted)
                                        .map(name -> name + " = excluded." + name)
                                        .collect(Collectors.joining(", ")));
    }

    private static String list(List<String> names) {
        return names.stream().map(TableName::quoted).collect(Collectors.joining(", "));
    }

    /** Why rows cannot be written; empty when they can, or when nobody can tell yet. */
    Optional<String> misfit() throws SQLException {
        try (Connection connection = database.open()) {
            Optional<TableShape> found = TableShape.read(connection, settings.table());
            if (found.isEmpty()) {
                return settings.create()
                        ? Optional.empty()
                        : Optional.of("there is no table " + settings.table());
            }
            Optional<String> misfit =
                    found.get()
                            .misfit(settings.table(), settings.columns().keySet(), settings.id());
            return misfit.isPresent()
                    ? misfit
                    : TableShape.denied(
                            connection,
                            settings.table(),
                            settings.columns().size() > settings.id().size());
        }
    }

    @Override
    public void close() {}
}
