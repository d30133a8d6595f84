package dev.thac.app.cli;

/** Colours for a terminal; writes plain text where colours are off. */
enum Style {
    BOLD("1"),
    DIM("2"),
    RED("31"),
    GREEN("32"),
    YELLOW("33"),
    CYAN("36");

    private final String code;

    Style(String code) {
        this.code = code;
    }

    /** Wraps the text in the colour when {@code on}. */
    String paint(String text, boolean on) {
        return on ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
