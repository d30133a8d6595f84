package dev.thac.filter;

/** A filter pattern that cannot be compiled. */
public final class PatternException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String path;

    /**
     * A problem in a pattern.
     *
     * @param path where, for example {@code [0].value.text[1]}
     * @param message what is wrong and what to write instead
     */
    PatternException(String path, String message) {
        super(message);
        this.path = path;
    }

    /**
     * Where in the list of patterns the problem is.
     *
     * @return for example {@code [0].value.text[1]}
     */
    public String path() {
        return path;
    }
}
