package dev.thac.runtime;

import dev.thac.enrich.EnrichSpec;
import dev.thac.enrich.SqlQuery;
import dev.thac.enrich.UrlTemplate;
import dev.thac.expression.ExpressionException;
import dev.thac.spec.ProblemKind;
import dev.thac.spec.Secrets;
import dev.thac.spec.Spelling;

import java.util.Map;
import java.util.regex.Pattern;

/** Checks the lookups of a pipeline file. */
final class EnrichCheck {

    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private final ProjectSpec project;
    private final Findings findings;

    private EnrichCheck(ProjectSpec project, Findings findings) {
        this.project = project;
        this.findings = findings;
    }

    /**
     * Checks all of them.
     *
     * @param lookups by the members they add
     * @param project the project whose databases there are
     * @param findings where problems go
     */
    static void check(Map<String, EnrichSpec> lookups, ProjectSpec project, Findings findings) {
        EnrichCheck check = new EnrichCheck(project, findings);
        lookups.forEach((name, lookup) -> check.one("enrich." + name, name, lookup));
    }

    private void one(String path, String name, EnrichSpec lookup) {
        if (!NAME.matcher(name).matches()) {
            findings.atKey(
                    ProblemKind.BAD_VALUE,
                    path,
                    "\"" + name + "\" cannot name a member that expressions use",
                    "use letters, digits and underscores");
        }
        if (!findings.intact(path)) {
            return;
        }
        int kinds =
                (lookup.jdbc().isPresent() ? 1 : 0)
                        + (lookup.http().isPresent() ? 1 : 0)
                        + (lookup.table().isPresent() ? 1 : 0);
        if (kinds != 1) {
            findings.atKey(
                    kinds == 0 ? ProblemKind.MISSING_KEY : ProblemKind.CONFLICT,
                    path,
                    kinds == 0
                            ? "nothing says where to look: \"jdbc\", \"http\" or \"table\""
                            : "\"jdbc\", \"http\" and \"table\" exclude each other",
                    "one lookup asks one place");
            return;
        }
        if (lookup.timeout().isZero()) {
            findings.at(
                    ProblemKind.OUT_OF_RANGE,
                    path + ".timeout",
                    "\"timeout\" must be more than nothing",
                    "");
        }
        only(path, "query", lookup.query().isPresent(), lookup.jdbc().isPresent(), "jdbc");
        only(path, "headers", !lookup.headers().isEmpty(), lookup.http().isPresent(), "http");
        if (lookup.jdbc().isPresent()) {
            DatabaseCheck.named(path + ".jdbc", lookup.jdbc().get(), project, findings);
            query(path, lookup);
        } else if (lookup.http().isPresent()) {
            http(path, lookup);
        } else {
            table(path, lookup);
        }
    }

    private void only(String path, String key, boolean given, boolean fits, String with) {
        if (given && !fits) {
            findings.atKey(
                    ProblemKind.CONFLICT,
                    path + "." + key,
                    "\"" + key + "\" belongs to a lookup with \"" + with + "\"",
                    "remove it");
        }
    }

    private void query(String path, EnrichSpec lookup) {
        if (lookup.query().isEmpty()) {
            findings.atKey(
                    ProblemKind.MISSING_KEY,
                    path,
                    "missing key \"query\"",
                    "for example  query: \"select name from users where id = :id\"");
            return;
        }
        SqlQuery query;
        try {
            query = SqlQuery.parse(lookup.query().get());
        } catch (IllegalArgumentException wrong) {
            findings.at(
                    ProblemKind.BAD_VALUE, path + ".query", String.valueOf(wrong.getMessage()), "");
            return;
        }
        for (String name : query.names()) {
            if (!lookup.with().containsKey(name)) {
                findings.at(
                        ProblemKind.UNKNOWN_NAME,
                        path + ".query",
                        "the parameter \":" + name + "\" is given no value",
                        lookup.with().isEmpty()
                                ? "for example  with: { " + name + ": value." + name + " }"
                                : Spelling.advice(name, lookup.with().keySet(), "parameters"));
            }
        }
        for (String name : lookup.with().keySet()) {
            if (!query.names().contains(name)) {
                findings.atKey(
                        ProblemKind.UNKNOWN_NAME,
                        path + ".with." + name,
                        "the query does not use \":" + name + "\"",
                        Spelling.advice(name, query.names(), "parameters of the query"));
            }
        }
    }

    private void http(String path, EnrichSpec lookup) {
        only(path, "with", !lookup.with().isEmpty(), false, "jdbc");
        try {
            UrlTemplate.parse(lookup.http().orElseThrow().text());
        } catch (IllegalArgumentException wrong) {
            findings.at(
                    ProblemKind.BAD_VALUE,
                    path + ".http",
                    String.valueOf(wrong.getMessage()),
                    "for example  http: \"https://stock.internal/items/{{ value.itemId }}\"");
        } catch (ExpressionException _) {
            return; // reported with all expressions
        }
        lookup.headers()
                .forEach(
                        (name, text) -> {
                            boolean secret =
                                    name.equalsIgnoreCase("authorization")
                                            || name.equalsIgnoreCase("x-api-key");
                            if (secret && !Secrets.refers(text)) {
                                findings.at(
                                        ProblemKind.BAD_VALUE,
                                        path + ".headers." + name,
                                        "a secret stands in the file",
                                        "write it as ${env:NAME} or ${file:path}");
                            }
                        });
    }

    private void table(String path, EnrichSpec lookup) {
        if (lookup.with().size() != 1) {
            findings.atKey(
                    lookup.with().isEmpty() ? ProblemKind.MISSING_KEY : ProblemKind.CONFLICT,
                    path,
                    "a table is looked up by one key: \"with\" needs one parameter",
                    "for example  with: { key: value.userId }");
        }
        if (lookup.cache().isPresent()) {
            findings.atKey(
                    ProblemKind.CONFLICT,
                    path + ".cache",
                    "a table is in this process already; a cache would only make it stale",
                    "remove it");
        }
    }
}
