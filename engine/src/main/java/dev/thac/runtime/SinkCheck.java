package dev.thac.runtime;

import dev.thac.database.DatabaseSpec;
import dev.thac.sink.ColumnTypes;
import dev.thac.sink.FileSinkSpec;
import dev.thac.sink.JdbcSinkSpec;
import dev.thac.sink.SinkSpec;
import dev.thac.sink.TableName;
import dev.thac.sink.WebhookSinkSpec;
import dev.thac.spec.ProblemKind;
import dev.thac.spec.Secrets;
import dev.thac.spec.Spelling;
import dev.thac.webhook.WebhookSender;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What the sinks of a pipeline must keep to. */
final class SinkCheck {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,200}");
    private static final Pattern TOPIC = Pattern.compile("(?!\\.{1,2}$)[A-Za-z0-9._-]{1,249}");

    private final ProjectSpec project;
    private final Findings findings;

    private SinkCheck(ProjectSpec project, Findings findings) {
        this.project = project;
        this.findings = findings;
    }

    /** Checks the sinks of a pipeline; their expressions are checked with all others. */
    static void check(PipelineSpec spec, ProjectSpec project, Findings findings) {
        if (!findings.aligned("sinks")) {
            return;
        }
        SinkCheck check = new SinkCheck(project, findings);
        Map<String, Integer> names = new HashMap<>();
        Set<String> folders = new HashSet<>();
        for (int index = 0; index < spec.sinks().size(); index++) {
            String path = "sinks[" + index + "]";
            SinkSpec sink = spec.sinks().get(index);
            check.target(path, sink);
            check.name(path, sink, names.putIfAbsent(sink.label(), index));
            check.from(path, sink);
            sink.jdbc().ifPresent(table -> check.table(path + ".jdbc", table));
            sink.webhook().ifPresent(hook -> check.webhook(path + ".webhook", hook));
            sink.file()
                    .ifPresent(
                            file ->
                                    check.file(
                                            path + ".file",
                                            file,
                                            folders.add(sink.from() + " " + file.path())));
        }
    }

    private void target(String path, SinkSpec sink) {
        long targets =
                List.of(sink.jdbc(), sink.webhook(), sink.file()).stream()
                        .filter(Optional::isPresent)
                        .count();
        if (targets == 0 && findings.intact(path)) {
            findings.atKey(
                    ProblemKind.MISSING_KEY,
                    path,
                    "the sink goes nowhere",
                    "give it one of jdbc, webhook and file");
        } else if (targets > 1) {
            findings.atKey(
                    ProblemKind.CONFLICT,
                    path,
                    "\"jdbc\", \"webhook\" and \"file\" exclude each other",
                    "write one sink for each; they may read the same topic");
        }
    }

    private void name(String path, SinkSpec sink, @Nullable Integer first) {
        if (!findings.intact(path + ".name", path + ".from")) {
            return;
        }
        String written = sink.name().isPresent() ? path + ".name" : path + ".from";
        if (!NAME.matcher(sink.label()).matches()) {
            findings.at(
                    ProblemKind.BAD_VALUE,
                    written,
                    "\"" + sink.label() + "\" cannot name a sink",
                    "use letters, digits, dots, hyphens and underscores; the name becomes part of"
                            + " its group's");
        } else if (first != null) {
            findings.at(
                    ProblemKind.CONFLICT,
                    written,
                    "sinks[%d] is named \"%s\" too".formatted(first, sink.label()),
                    "give each a name of its own");
        }
    }

    private void from(String path, SinkSpec sink) {
        if (findings.intact(path + ".from") && !TOPIC.matcher(sink.from()).matches()) {
            findings.at(
                    ProblemKind.BAD_VALUE,
                    path + ".from",
                    "\"" + sink.from() + "\" cannot name a topic",
                    "use at most 249 letters, digits, dots, hyphens and underscores");
        }
    }

    private void table(String path, JdbcSinkSpec table) {
        database(path, table);
        if (findings.intact(path + ".table") && !TableName.table(table.table())) {
            findings.at(
                    ProblemKind.BAD_VALUE,
                    path + ".table",
                    "\"" + table.table() + "\" cannot name a table",
                    "use letters, digits and underscores; write table or schema.table");
        }
        if (findings.aligned(path + ".columns")) {
            table.columns().keySet().stream()
                    .filter(name -> !TableName.column(name))
                    .forEach(
                            name ->
                                    findings.atKey(
                                            ProblemKind.BAD_VALUE,
                                            path + ".columns." + name,
                                            "\"" + name + "\" cannot name a column",
                                            "use letters, digits and underscores"));
            id(path, table);
            types(path, table);
        }
    }

    private void database(String path, JdbcSinkSpec table) {
        if (!findings.intact(path + ".database")) {
            return;
        }
        DatabaseSpec database = project.databases().get(table.database());
        if (database == null) {
            findings.at(
                    ProblemKind.UNKNOWN_NAME,
                    path + ".database",
                    "no database is named \"" + table.database() + "\"",
                    project.databases().isEmpty()
                            ? "declare it in thac.yaml, under databases"
                            : Spelling.advice(
                                    table.database(), project.databases().keySet(), "databases"));
        } else if (!database.url().startsWith("jdbc:postgresql:")
                && !Secrets.refers(database.url())) {
            findings.at(
                    ProblemKind.CONFLICT,
                    path + ".database",
                    "\"" + table.database() + "\" is no PostgreSQL database",
                    "tables are written in PostgreSQL only: jdbc:postgresql://HOST/DATABASE");
        }
    }

    private void id(String path, JdbcSinkSpec table) {
        for (int index = 0; index < table.id().size(); index++) {
            String name = table.id().get(index);
            String place = path + ".id[" + index + "]";
            if (!findings.intact(place)) {
                continue;
            }
            if (!table.columns().containsKey(name)) {
                findings.at(
                        ProblemKind.UNKNOWN_NAME,
                        place,
                        "no column is named \"" + name + "\"",
                        Spelling.advice(name, table.columns().keySet(), "columns"));
            } else if (table.id().indexOf(name) < index) {
                findings.at(ProblemKind.CONFLICT, place, "\"" + name + "\" is there already", "");
            }
        }
    }

    private void types(String path, JdbcSinkSpec table) {
        table.types()
                .forEach(
                        (name, type) -> {
                            String place = path + ".types." + name;
                            if (!table.columns().containsKey(name)) {
                                findings.atKey(
                                        ProblemKind.UNKNOWN_NAME,
                                        place,
                                        "no column is named \"" + name + "\"",
                                        Spelling.advice(name, table.columns().keySet(), "columns"));
                            } else if (findings.intact(place) && !ColumnTypes.known(type)) {
                                findings.at(
                                        ProblemKind.BAD_VALUE,
                                        place,
                                        "\"" + type + "\" is no type of a column here",
                                        Spelling.advice(type, ColumnTypes.names(), "types"));
                            }
                        });
        if (!table.types().isEmpty() && !table.create() && findings.intact(path + ".create")) {
            findings.atKey(
                    ProblemKind.CONFLICT,
                    path + ".types",
                    "\"types\" means nothing for a table that is there already",
                    "write create: true, or leave types out");
        }
    }

    private void webhook(String path, WebhookSinkSpec hook) {
        if (findings.intact(path + ".url") && !Secrets.refers(hook.url()) && !address(hook.url())) {
            findings.at(
                    ProblemKind.BAD_VALUE,
                    path + ".url",
                    "\"" + hook.url() + "\" is no address",
                    "write it like https://hooks.example.com/orders");
        }
        hook.headers()
                .keySet()
                .forEach(
                        name -> {
                            if (!WebhookSender.headerName(name)) {
                                findings.atKey(
                                        ProblemKind.BAD_VALUE,
                                        path + ".headers." + name,
                                        "\"" + name + "\" cannot be set",
                                        "the connection's own headers, Idempotency-Key and"
                                                + " Thac-Signature are written by Thác");
                            }
                        });
    }

    private static boolean address(String url) {
        try {
            URI uri = URI.create(url);
            return uri.getHost() != null
                    && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()));
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private void file(String path, FileSinkSpec file, boolean alone) {
        if (!findings.intact(path + ".path")) {
            return;
        }
        try {
            Path folder = Path.of(file.path());
            if (Files.isRegularFile(folder)) {
                findings.at(
                        ProblemKind.BAD_VALUE,
                        path + ".path",
                        "\"" + file.path() + "\" is a file, and a folder is needed",
                        "the files in it are named by topic, partition and first offset");
            }
        } catch (InvalidPathException _) {
            findings.at(
                    ProblemKind.BAD_VALUE,
                    path + ".path",
                    "\"" + file.path() + "\" is no path",
                    "");
            return;
        }
        if (!alone) {
            findings.at(
                    ProblemKind.CONFLICT,
                    path + ".path",
                    "another sink writes the records of this topic there already",
                    "give this one a folder of its own");
        }
        if (findings.intact(path + ".roll") && file.roll().bytes() == 0) {
            findings.at(ProblemKind.BAD_VALUE, path + ".roll", "no file would hold a record", "");
        }
    }
}
