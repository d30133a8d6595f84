package dev.thac.window;

/** Which records a join writes. In files the names are lower case with hyphens. */
public enum JoinKind {
    /** Pairs only. */
    INNER,
    /** Pairs, and events of this pipeline that found no partner. */
    LEFT,
    /** Pairs, and whatever found no partner on either side. */
    OUTER
}
