package dev.thac.window;

/** When a window emits. In files the names are lower case with hyphens. */
public enum WindowEmit {
    /** At every change. */
    UPDATES,
    /** Once, when it is closed. */
    FINAL
}
