package dev.thac.kafka;

/** Which outputs keep the order of their inputs. In files the names are lower case with hyphens. */
public enum Order {
    /** Each goes as soon as it is judged. */
    NONE,
    /** Those of one key of a partition; events without a key wait for none. */
    KEY,
    /** Those of one partition. */
    PARTITION
}
