package dev.thac.runtime;

import dev.thac.database.DatabaseSpec;
import dev.thac.spec.ProblemKind;
import dev.thac.spec.Spelling;

import java.util.Map;
import java.util.regex.Pattern;

/** Checks databases, and names of databases. Stateless. */
final class DatabaseCheck {

    private static final Pattern PASSWORD = Pattern.compile("[?&;]password=(?!\\$\\{)");

    private DatabaseCheck() {}

    /**
     * Checks the databases of a project file.
     *
     * @param databases name to declaration
     * @param findings where problems go
     */
    static void check(Map<String, DatabaseSpec> databases, Findings findings) {
        databases.forEach(
                (name, database) -> {
                    String path = "databases." + name + ".url";
                    if (!findings.intact(path)) {
                        return;
                    }
                    if (!database.url().startsWith("jdbc:postgresql:")) {
                        findings.at(
                                ProblemKind.BAD_VALUE,
                                path,
                                "\"url\" names no PostgreSQL database",
                                "for example  url: jdbc:postgresql://db.internal:5432/shop");
                    } else if (PASSWORD.matcher(database.url()).find()) {
                        findings.at(
                                ProblemKind.BAD_VALUE,
                                path,
                                "a password stands in the file",
                                "write  password: ${env:NAME}");
                    }
                });
    }

    /**
     * Checks a key that names a database.
     *
     * @param path the key
     * @param name what it says
     * @param project the project whose databases there are
     * @param findings where problems go
     */
    static void named(String path, String name, ProjectSpec project, Findings findings) {
        if (findings.intact(path) && !project.databases().containsKey(name)) {
            findings.at(
                    ProblemKind.BAD_VALUE,
                    path,
                    "no database is named \"" + name + "\"",
                    project.databases().isEmpty()
                            ? "declare it under databases in " + PipelineFiles.PROJECT_FILE
                            : Spelling.advice(name, project.databases().keySet(), "databases"));
        }
    }
}
