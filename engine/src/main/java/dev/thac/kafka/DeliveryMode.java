package dev.thac.kafka;

/** How outputs and offsets are made durable. In files the names are lower case with hyphens. */
public enum DeliveryMode {
    /** In one Kafka transaction. */
    EXACTLY_ONCE,
    /** Outputs first, offsets after all are acknowledged. */
    AT_LEAST_ONCE
}
