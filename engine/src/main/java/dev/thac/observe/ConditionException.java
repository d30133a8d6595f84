package dev.thac.observe;

/** A condition that cannot be read; says which part of it is wrong. */
public final class ConditionException extends Exception {

    private static final long serialVersionUID = 1L;

    private final int offset;
    private final int length;
    private final String help;

    ConditionException(int offset, int length, String message, String help) {
        super(message);
        this.offset = offset;
        this.length = length;
        this.help = help;
    }

    /**
     * Where the wrong part begins.
     *
     * @return index of its first character in the condition
     */
    public int offset() {
        return offset;
    }

    /**
     * How long it is.
     *
     * @return characters, at least one
     */
    public int length() {
        return length;
    }

    /**
     * What to write instead.
     *
     * @return one sentence
     */
    public String help() {
        return help;
    }
}
