package dev.thac.enrich;

import dev.thac.database.DatabaseSpec;
import dev.thac.database.Databases;
import dev.thac.event.ErrorCode;
import dev.thac.event.Finding;
import dev.thac.event.ThacException;
import dev.thac.spec.Secrets;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Looks whether the databases of lookups can be used: connects, and prepares each query. */
public final class LookupChecks {

    private LookupChecks() {}

    /**
     * Looks. Services are not asked: what a request does there is not known.
     *
     * @param lookups by name
     * @param specs databases by name
     * @param secrets reads what the declarations refer to
     * @return one finding for each lookup in a database
     */
    public static List<Finding> of(
            Map<String, EnrichSpec> lookups, Map<String, DatabaseSpec> specs, Secrets secrets) {
        List<Finding> findings = new ArrayList<>();
        try (Databases databases = Databases.readOnly(specs, secrets)) {
            lookups.forEach(
                    (name, lookup) ->
                            lookup.jdbc()
                                    .ifPresent(
                                            database ->
                                                    findings.add(
                                                            one(
                                                                    "lookup " + name,
                                                                    database,
                                                                    lookup,
                                                                    databases))));
        }
        return findings;
    }

    private static Finding one(
            String subject, String database, EnrichSpec lookup, Databases databases) {
        String sql = SqlQuery.parse(lookup.query().orElse("select 1")).sql();
        try (Connection connection = databases.fresh(database);
                PreparedStatement statement = connection.prepareStatement(sql)) {
            ResultSetMetaData columns = statement.getMetaData();
            List<String> names = new ArrayList<>();
            for (int i = 1; i <= columns.getColumnCount(); i++) {
                names.add(columns.getColumnLabel(i));
            }
            return Finding.ok(
                    subject, "the database \"" + database + "\" gives " + String.join(", ", names));
        } catch (SQLException e) {
            return failed(subject, database, Databases.error(database, e));
        } catch (ThacException e) {
            return failed(subject, database, e);
        }
    }

    private static Finding failed(String subject, String database, ThacException error) {
        ErrorCode code = error.code();
        String fix =
                switch (code) {
                    case DATABASE_UNAVAILABLE ->
                            "start the database, or correct databases." + database + ".url";
                    case DATABASE_REFUSED ->
                            "correct user, password or url under databases." + database;
                    case BAD_SPEC -> "correct databases." + database + " in thac.yaml";
                    default -> "correct the query, or create what it reads";
                };
        return Finding.fail(code, subject, String.valueOf(error.getMessage()), fix);
    }
}
