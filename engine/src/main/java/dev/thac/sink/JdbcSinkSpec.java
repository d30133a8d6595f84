package dev.thac.sink;

import dev.thac.spec.CelText;
import dev.thac.spec.Key;

import java.util.List;
import java.util.Map;

/** Upsert into a table. The keys are described by their {@link Key} annotations. */
public record JdbcSinkSpec(
        @Key("Name of a database in thac.yaml.") String database,
        @Key("The table.") String table,
        @Key("Column to expression.") Map<String, CelText> columns,
        @Key("Columns that name a row.") List<String> id,
        @Key(value = "Create the table when it is missing.", orElse = "false") boolean create) {}
