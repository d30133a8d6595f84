package dev.thac.sink;

import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Names in SQL: letters, digits and underscores only, and quoted all the same, so that they mean
 * what stands in the file, capitals included. Stateless.
 */
public final class TableName {

    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,62}");

    private TableName() {}

    /**
     * Whether a text can name a column.
     *
     * @param name as in the file
     * @return true when it can
     */
    public static boolean column(String name) {
        return NAME.matcher(name).matches();
    }

    /**
     * Whether a text can name a table.
     *
     * @param name {@code table} or {@code schema.table}
     * @return true when it can
     */
    public static boolean table(String name) {
        String[] parts = name.split("\\.", -1);
        return parts.length <= 2 && Arrays.stream(parts).allMatch(TableName::column);
    }

    /** The name for a statement. */
    static String quoted(String name) {
        if (!table(name)) {
            throw new IllegalArgumentException("no name of a table or column: " + name);
        }
        return Arrays.stream(name.split("\\.", -1))
                .map(part -> '"' + part + '"')
                .collect(Collectors.joining("."));
    }
}
