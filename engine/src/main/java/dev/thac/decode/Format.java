package dev.thac.decode;

import dev.thac.spec.NotYet;

/** How record values are encoded. In files the names are lower case with hyphens. */
public enum Format {
    /** UTF-8 JSON. */
    JSON,
    /** UTF-8 text; the value is one string. */
    TEXT,
    /** Nothing is decoded; the value is base64 text. */
    @NotYet
    BYTES,
    /** Avro with a schema registry. */
    @NotYet
    AVRO,
    /** Protobuf with a schema registry. */
    @NotYet
    PROTOBUF
}
