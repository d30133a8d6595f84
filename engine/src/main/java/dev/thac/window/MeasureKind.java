package dev.thac.window;

/** Figures of a window. In files the names are lower case with hyphens. */
public enum MeasureKind {
    /** count. */
    COUNT,
    /** sum. */
    SUM,
    /** avg. */
    AVG,
    /** min. */
    MIN,
    /** max. */
    MAX,
    /** distinct. */
    DISTINCT,
    /** last. */
    LAST,
    /** topk. */
    TOPK
}
