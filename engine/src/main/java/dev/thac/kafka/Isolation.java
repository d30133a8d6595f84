package dev.thac.kafka;

/**
 * Which records of transactional producers are read. In files the names are lower case with
 * hyphens.
 */
public enum Isolation {
    /** Only records of committed transactions. */
    READ_COMMITTED,
    /** All records. */
    READ_UNCOMMITTED
}
