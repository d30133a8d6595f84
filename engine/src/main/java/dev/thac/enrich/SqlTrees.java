package dev.thac.enrich;

import dev.thac.event.Event;
import dev.thac.event.JsonTree;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Date;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Rows as trees as {@link Event} describes them: numbers with every digit, times as RFC 3339 (in
 * UTC where the column has a zone, without one where it has none), {@code json} and {@code jsonb}
 * as what they hold, arrays as lists, bytes as Base64, anything else as its text. Stateless.
 */
final class SqlTrees {

    private SqlTrees() {}

    /** The row the cursor stands on: column label to value. */
    @SuppressWarnings("NullAway") // null is a legal member of a tree
    static Map<String, Object> row(ResultSet rows) throws SQLException {
        ResultSetMetaData columns = rows.getMetaData();
        Map<String, Object> row = new LinkedHashMap<>();
        for (int column = 1; column <= columns.getColumnCount(); column++) {
            row.put(columns.getColumnLabel(column), value(rows, columns, column));
        }
        return row;
    }

    private static @Nullable Object value(ResultSet rows, ResultSetMetaData columns, int column)
            throws SQLException {
        String type = columns.getColumnTypeName(column);
        return switch (type) {
            case "json", "jsonb" -> json(rows.getString(column));
            case "timestamptz" -> zoned(rows.getObject(column, OffsetDateTime.class));
            case "timestamp" -> text(rows.getObject(column, LocalDateTime.class));
            default ->
                    switch (columns.getColumnType(column)) {
                        case Types.ARRAY -> array(rows.getArray(column));
                        case Types.DATE, Types.TIME, Types.OTHER -> rows.getString(column);
                        default -> tree(rows.getObject(column));
                    };
        };
    }

    private static @Nullable Object tree(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case Boolean bool -> bool;
            case Short number -> number.longValue();
            case Integer number -> number.longValue();
            case Long number -> number;
            case Float number -> Double.valueOf(number.toString());
            case Double number -> number;
            case BigDecimal number -> number(number);
            case Timestamp time -> time.toInstant().toString();
            case Date date -> date.toLocalDate().toString();
            case byte[] bytes -> Base64.getEncoder().encodeToString(bytes);
            case Object[] items -> list(items);
            default -> value.toString();
        };
    }

    /** The narrowest type that keeps every digit, as of numbers in events. */
    private static Object number(BigDecimal exact) {
        if (exact.stripTrailingZeros().scale() <= 0) {
            BigInteger whole = exact.toBigIntegerExact();
            return whole.bitLength() < Long.SIZE ? (Object) whole.longValue() : whole;
        }
        double rounded = exact.doubleValue();
        boolean same =
                Double.isFinite(rounded) && BigDecimal.valueOf(rounded).compareTo(exact) == 0;
        return same ? (Object) rounded : exact;
    }

    private static @Nullable Object array(@Nullable Array array) throws SQLException {
        return array == null ? null : tree(array.getArray());
    }

    @SuppressWarnings("NullAway") // null is a legal member of a tree
    private static List<Object> list(Object[] items) {
        List<Object> list = new ArrayList<>(items.length);
        for (Object item : items) {
            list.add(tree(item));
        }
        return list;
    }

    private static @Nullable Object json(@Nullable String json) {
        return json == null ? null : JsonTree.read(json.getBytes(StandardCharsets.UTF_8));
    }

    private static @Nullable String zoned(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant().toString();
    }

    private static @Nullable String text(@Nullable LocalDateTime time) {
        return time == null ? null : DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(time);
    }
}
