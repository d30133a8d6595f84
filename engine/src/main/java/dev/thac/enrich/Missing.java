package dev.thac.enrich;

/**
 * What happens to an event whose lookup finds nothing. In files the names are lower case with
 * hyphens.
 */
public enum Missing {
    /** The members are null. */
    NULL,
    /** The event ends as filtered. */
    DROP,
    /** The event goes to the dead-letter topic. */
    DEAD_LETTER
}
