package dev.thac.route;

/** What a route writes. In files the names are lower case with hyphens. */
public enum Emit {
    /** The original value with the analysis spliced in. */
    EVENT,
    /** The analysis alone. */
    VERDICT
}
