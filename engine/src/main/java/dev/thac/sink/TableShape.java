package dev.thac.sink;

import dev.thac.event.JsonText;
import dev.thac.spec.Spelling;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A table as it is in the database.
 *
 * @param columns name to type
 * @param keys sets of columns that name a row: primary key, unique indexes
 */
record TableShape(Map<String, Column> columns, Set<Set<String>> keys) {

    private static final String COLUMNS =
            "select a.attname, format_type(a.atttypid, -1), t.typcategory"
                    + " from pg_attribute a join pg_type t on t.oid = a.atttypid"
                    + " where a.attrelid = to_regclass(?) and a.attnum > 0 and not a.attisdropped"
                    + " order by a.attnum";

    private static final String KEYS =
            "select array_agg(a.attname::text) from pg_index i"
                    + " join pg_attribute a on a.attrelid = i.indrelid"
                    + " and a.attnum = any ((i.indkey::int2[])[0:i.indnkeyatts - 1])"
                    + " where i.indrelid = to_regclass(?) and i.indisunique and i.indpred is null"
                    + " and i.indexprs is null group by i.indexrelid";

    /** On the table, or on any of its columns. */
    private static final String RIGHT = "select has_any_column_privilege(to_regclass(?), ?)";

    private static final Set<String> WHOLE = Set.of("smallint", "integer", "bigint");

    /**
     * A column.
     *
     * @param type its type without length, as a cast names it
     * @param category as {@code pg_type.typcategory}: A array, D date or time
     */
    record Column(String type, char category) {

        /** A value as text that the type reads. */
        @Nullable String text(@Nullable Object value) {
            return switch (value) {
                case null -> null;
                case Long millis when category == 'D' -> Instant.ofEpochMilli(millis).toString();
                case Double number when WHOLE.contains(type) && whole(number) ->
                        Long.toString(number.longValue());
                case BigDecimal number -> number.toPlainString();
                case List<?> list when category == 'A' -> array(list);
                case Map<?, ?> map -> JsonText.text(map);
                case List<?> list -> JsonText.text(list);
                default -> value.toString();
            };
        }

        private static boolean whole(Double number) {
            return number == Math.rint(number) && Math.abs(number) < 1L << 53;
        }

        /** "Array Input" in PostgreSQL's manual. */
        private static String array(List<?> list) {
            StringBuilder text = new StringBuilder("{");
            for (Object each : list) {
                text.append(text.length() == 1 ? "" : ",");
                switch (each) {
                    case null -> text.append("NULL");
                    case List<?> inner -> text.append(array(inner));
                    case Map<?, ?> map -> quote(text, JsonText.text(map));
                    default -> quote(text, each.toString());
                }
            }
            return text.append('}').toString();
        }

        private static void quote(StringBuilder text, String each) {
            text.append('"').append(each.replace("\\", "\\\\").replace("\"", "\\\"")).append('"');
        }
    }

    /** Looks at a table; empty where there is none. */
    static Optional<TableShape> read(Connection connection, String table) throws SQLException {
        Map<String, Column> columns = new LinkedHashMap<>();
        String name = TableName.quoted(table);
        try (PreparedStatement ask = connection.prepareStatement(COLUMNS)) {
            ask.setString(1, name);
            try (ResultSet row = ask.executeQuery()) {
                while (row.next()) {
                    columns.put(
                            row.getString(1),
                            new Column(row.getString(2), row.getString(3).charAt(0)));
                }
            }
        }
        Set<Set<String>> keys = new java.util.HashSet<>();
        try (PreparedStatement ask = connection.prepareStatement(KEYS)) {
            ask.setString(1, name);
            try (ResultSet row = ask.executeQuery()) {
                while (row.next()) {
                    keys.add(names(row.getArray(1)));
                }
            }
        }
        return columns.isEmpty() ? Optional.empty() : Optional.of(new TableShape(columns, keys));
    }

    /**
     * Why this user may not write rows; empty when it may, as far as can be seen.
     *
     * @param updates whether rows that are there are changed
     */
    static Optional<String> denied(Connection connection, String table, boolean updates)
            throws SQLException {
        List<String> missing = new ArrayList<>();
        try (PreparedStatement ask = connection.prepareStatement(RIGHT)) {
            for (String right : updates ? List.of("insert", "update") : List.of("insert")) {
                ask.setString(1, TableName.quoted(table));
                ask.setString(2, right);
                try (ResultSet row = ask.executeQuery()) {
                    if (row.next() && !row.getBoolean(1)) {
                        missing.add(right);
                    }
                }
            }
        }
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "the user lacks the right to "
                                + String.join(" and ", missing)
                                + " in table "
                                + table);
    }

    private static Set<String> names(Array array) throws SQLException {
        Set<String> names = new TreeSet<>();
        if (array.getArray() instanceof String[] texts) {
            names.addAll(List.of(texts));
        }
        return names;
    }

    /** The column of a name. */
    Column column(String name) {
        Column column = columns.get(name);
        if (column == null) {
            throw new IllegalArgumentException("no column " + name);
        }
        return column;
    }

    /** Why rows of these columns cannot be written there; empty when they can. */
    Optional<String> misfit(String table, Set<String> wanted, List<String> id) {
        List<String> wrong = new ArrayList<>();
        for (String name : wanted) {
            if (!columns.containsKey(name)) {
                wrong.add(
                        "no column \""
                                + name
                                + "\" ("
                                + Spelling.advice(name, columns.keySet(), "columns")
                                + ")");
            }
        }
        if (wrong.isEmpty() && !keys.contains(Set.copyOf(id))) {
            wrong.add(
                    "no primary key or unique index over exactly ("
                            + String.join(", ", id)
                            + "), so rows cannot be told apart");
        }
        return wrong.isEmpty()
                ? Optional.empty()
                : Optional.of("table " + table + " has " + String.join(" and ", wrong));
    }
}
