package dev.thac.app.cli;

/** How data is printed. */
enum OutputFormat {
    /** For people. */
    text,
    /** For programs. */
    json
}
