package dev.thac.sink;

import dev.thac.expression.Formula;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A table and what is written there.
 *
 * @param table its name, {@code table} or {@code schema.table}
 * @param columns column to value, in order
 * @param id the columns that name a row
 * @param create whether to create it where it is missing
 * @param types types of columns when it is created; for the others the first records tell
 */
record TableSettings(
        String table,
        Map<String, Formula> columns,
        List<String> id,
        boolean create,
        Map<String, String> types) {

    /** Copies, in order. */
    TableSettings {
        columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
        id = List.copyOf(id);
        types = Map.copyOf(types);
    }

    /** The names of the columns, in order. */
    List<String> names() {
        return List.copyOf(columns.keySet());
    }
}
