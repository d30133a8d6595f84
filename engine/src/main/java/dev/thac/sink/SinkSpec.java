package dev.thac.sink;

import dev.thac.spec.Key;

import java.util.Optional;

/**
 * Where the records of a topic go besides Kafka: to exactly one of {@code jdbc}, {@code webhook}
 * and {@code file}. The keys are described by their {@link Key} annotations.
 */
public record SinkSpec(
        @Key(
                        "Name of the sink, in its group, metrics and dead letters. Left out: the"
                                + " topic, a hyphen, and the table, webhook or file.")
                Optional<String> name,
        @Key(
                        "The topic to deliver: an output of this pipeline (a route, the dead"
                            + " letters, a window's topic) or any other. A group that is new begins"
                            + " at its oldest record.")
                String from,
        @Key("Upsert into a table.") Optional<JdbcSinkSpec> jdbc,
        @Key("POST to a URL.") Optional<WebhookSinkSpec> webhook,
        @Key("Append JSON lines.") Optional<FileSinkSpec> file) {

    /** The name, as written or made from the topic and the target. */
    public String label() {
        return name.orElseGet(
                () ->
                        from
                                + "-"
                                + jdbc.map(JdbcSinkSpec::table)
                                        .orElse(webhook.isPresent() ? "webhook" : "file"));
    }
}
