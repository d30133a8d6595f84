package dev.thac.sink;

import dev.thac.spec.Key;

import java.util.Optional;

/**
 * Where the records of a topic go besides Kafka. The keys are described by their {@link Key}
 * annotations.
 */
public record SinkSpec(
        @Key("An output topic of this pipeline.") String from,
        @Key("Upsert into a table.") Optional<JdbcSinkSpec> jdbc,
        @Key("POST to a URL.") Optional<WebhookSinkSpec> webhook,
        @Key("Append JSON lines.") Optional<FileSinkSpec> file) {}
