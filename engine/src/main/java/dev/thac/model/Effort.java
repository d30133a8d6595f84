package dev.thac.model;

/** How much a model thinks before it answers. In files the names are lower case with hyphens. */
public enum Effort {
    /** Not at all, where the model allows it. */
    NONE,
    /** Little. */
    LOW,
    /** Some. */
    MEDIUM,
    /** Much. */
    HIGH
}
