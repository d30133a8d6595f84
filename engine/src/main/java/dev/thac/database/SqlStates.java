package dev.thac.database;

import dev.thac.event.ErrorCode;

import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.Set;

/**
 * What an SQLSTATE says about trying again. Classes of the SQL standard, and those of PostgreSQL
 * (its manual, appendix A). Stateless.
 */
final class SqlStates {

    /** Connection, transaction rolled back, resources, an operator's act, the system itself. */
    private static final Set<String> TRANSIENT_CLASSES = Set.of("08", "40", "53", "57", "58", "XX");

    /** A lock that somebody else holds; a file that the server could not read. */
    private static final Set<String> TRANSIENT = Set.of("55P03", "55006", "F0000");

    /** Who we are, and which database we want. */
    private static final Set<String> REFUSED_CLASSES = Set.of("28", "3D");

    private SqlStates() {}

    /** Whether the error says something of its own. */
    static boolean known(SQLException error) {
        String state = error.getSQLState();
        return state != null && state.length() == 5;
    }

    /** What it means. */
    static ErrorCode code(SQLException error) {
        String state = error.getSQLState();
        if (state == null || state.length() < 2) {
            return error instanceof SQLTransientException
                            || error instanceof SQLRecoverableException
                    ? ErrorCode.DATABASE_UNAVAILABLE
                    : ErrorCode.STATEMENT_REFUSED;
        }
        String family = state.substring(0, 2);
        if (REFUSED_CLASSES.contains(family)) {
            return ErrorCode.DATABASE_REFUSED;
        }
        return TRANSIENT_CLASSES.contains(family)
                        || TRANSIENT.contains(state)
                        || error instanceof SQLTransientException
                ? ErrorCode.DATABASE_UNAVAILABLE
                : ErrorCode.STATEMENT_REFUSED;
    }
}
