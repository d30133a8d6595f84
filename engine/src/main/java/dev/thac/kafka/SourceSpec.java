package dev.thac.kafka;

import dev.thac.decode.Format;
import dev.thac.decode.RegistrySpec;
import dev.thac.spec.CelText;
import dev.thac.spec.Key;
import dev.thac.spec.NotYet;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Where events come from. The keys are described by their {@link Key} annotations. */
public record SourceSpec(
        @Key("The topic to read. Exactly one of topic and topics is needed.")
                Optional<String> topic,
        @Key("Several topics to read as one stream.") List<String> topics,
        @Key(
                        value =
                                "The consumer group; instances with the same group share the"
                                        + " partitions.",
                        example = "review-analysis")
                String group,
        @Key(value = "How values are encoded: json or text.", orElse = "json") Format format,
        @Key(
                        value =
                                "Where to begin when the group has no commit: earliest, latest, or"
                                        + " an instant such as 2026-11-01T00:00:00Z.",
                        example = "earliest")
                String start,
        @Key(
                        value =
                                "Names the event in traces and dead letters. Default:"
                                        + " topic-partition@offset.",
                        example = "value.id")
                Optional<CelText> id,
        @Key(
                        value =
                                "When the event happened, for windows and context: RFC 3339 text"
                                        + " (without an offset: UTC) or milliseconds since 1970."
                                        + " Default: the record's timestamp.",
                        example = "value.createdAt")
                Optional<CelText> time,
        @Key(
                        value =
                                "How far time may be ahead of the record's timestamp. Windows take"
                                    + " an event that is further ahead for late, and time does not"
                                    + " move on by it; joins and context pass it over.",
                        orElse = "1h")
                Duration maxAhead,
        @NotYet @Key("Schema registry for avro and protobuf.") Optional<RegistrySpec> registry,
        @Key(value = "read-committed or read-uncommitted.", orElse = "read-committed")
                Isolation isolation,
        @Key(
                        value =
                                "What to do where another program has committed in the group:"
                                        + " refuse to start, or ignore what it wrote beside its"
                                        + " offsets.",
                        orElse = "refuse")
                ForeignMetadata foreignMetadata) {}
