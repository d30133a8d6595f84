package dev.thac.sink;

import java.sql.Connection;
import java.sql.SQLException;

/** A database's connections. Thread-safe. */
@FunctionalInterface
public interface Connections {

    /**
     * A connection; to be closed by the caller.
     *
     * @return open
     * @throws SQLException when there is none
     * @throws dev.thac.event.ThacException when there is none
     */
    Connection open() throws SQLException;
}
