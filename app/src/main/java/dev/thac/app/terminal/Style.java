package dev.thac.app.terminal;

/** Colours for a terminal; writes plain text where colours are off. */
public enum Style {
    /** Headings. */
    BOLD("1"),
    /** Notes beside figures. */
    DIM("2"),
    /** What failed. */
    RED("31"),
    /** What is right. */
    GREEN("32"),
    /** Warnings. */
    YELLOW("33"),
    /** Advice. */
    CYAN("36");

    private final String code;

    Style(String code) {
        this.code = code;
    }

    /**
     * Wraps a text in the colour.
     *
     * @param text what to show
     * @param on whether colours are wanted
     * @return the text, with codes around it where they are
     */
    public String paint(String text, boolean on) {
        return on ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
