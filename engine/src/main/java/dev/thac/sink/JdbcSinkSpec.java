package dev.thac.sink;

import dev.thac.spec.CelText;
import dev.thac.spec.Key;

import java.util.List;
import java.util.Map;

/** Upsert into a table. The keys are described by their {@link Key} annotations. */
public record JdbcSinkSpec(
        @Key("Name of a database in thac.yaml.") String database,
        @Key("The table: name or schema.name, letters as they stand here.") String table,
        @Key(
                        value =
                                "Column to expression over value, key, headers, topic, partition,"
                                        + " offset and timestamp. A record that lacks a field is"
                                        + " dead-lettered; has(value.x) ? value.x : null writes"
                                        + " NULL instead.",
                        nonEmpty = true)
                Map<String, CelText> columns,
        @Key(
                        value =
                                "Columns that name a row. The table needs a primary key or unique"
                                    + " index over exactly these. Of several records of one row,"
                                    + " the last wins.",
                        nonEmpty = true)
                List<String> id,
        @Key(value = "Create the table when it is missing.", orElse = "false") boolean create,
        @Key(
                        "Column to type, for a table that is created. Of the others the first"
                                + " records tell: bigint, numeric, boolean, timestamptz (for RFC"
                                + " 3339 texts), jsonb (for objects and lists), else text.")
                Map<String, String> types) {}
