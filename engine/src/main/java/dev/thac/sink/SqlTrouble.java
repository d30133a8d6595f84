package dev.thac.sink;

import java.sql.SQLException;

/**
 * Whose fault an error of the database is, by its SQLSTATE ("PostgreSQL Error Codes", appendix A of
 * its manual). Stateless.
 */
final class SqlTrouble {

    private SqlTrouble() {}

    /**
     * Whether one of the rows is why, so that no attempt with the same rows can succeed: data
     * exceptions (22), violated constraints (23), one row twice in a statement (21), a view's check
     * option (44), what a trigger raises (P0001), and rows that pass a limit of the program (54).
     * Everything else, whatever it is, is trouble of the database and may pass: connections,
     * resources, deadlocks, serialization, operators, missing tables or rights.
     */
    static boolean ofTheRows(SQLException error) {
        String state = error.getSQLState();
        return state != null
                && (state.startsWith("22")
                        || state.startsWith("23")
                        || state.startsWith("21")
                        || state.startsWith("44")
                        || state.startsWith("54")
                        || state.equals("P0001"));
    }

    /** Whether the table may be another than it was: class 42, and features it lacks. */
    static boolean ofTheTable(SQLException error) {
        String state = error.getSQLState();
        return state != null && (state.startsWith("42") || state.startsWith("3F"));
    }

    /** What was said, in one line, without the row (which stands in the details). */
    static String words(SQLException error) {
        String message = String.valueOf(error.getMessage());
        String line = message.lines().findFirst().orElse("").replaceFirst("^ERROR: ", "");
        return line + (error.getSQLState() == null ? "" : " (" + error.getSQLState() + ")");
    }
}
