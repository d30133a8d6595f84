package dev.thac.app.terminal;

/** How data is printed. */
public enum OutputFormat {
    /** For people. */
    text,
    /** For programs. */
    json
}
