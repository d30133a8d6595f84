package dev.thac.event;

/** Whose trouble an error is; decides what happens next. */
public enum ErrorCategory {
    /** The event itself: retrying it unchanged cannot help. */
    INPUT,
    /** One answer of a model: ask again, split, escalate. */
    ANSWER,
    /** A provider, lookup or sink: wait and go on. */
    DEPENDENCY,
    /** Our own bounds: wait. */
    CAPACITY,
    /** Money: do what {@code atLimit} says. */
    BUDGET,
    /** The files: refuse to start. */
    CONFIG,
    /** A defect of ours: fail fast. */
    INTERNAL
}
