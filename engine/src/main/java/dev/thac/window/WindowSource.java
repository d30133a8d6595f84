package dev.thac.window;

/** What a window counts. In files the names are lower case with hyphens. */
public enum WindowSource {
    /** Events as read. */
    EVENTS,
    /** Judged events. */
    VERDICTS
}
