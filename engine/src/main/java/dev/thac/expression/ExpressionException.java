package dev.thac.expression;

/** A CEL expression or template that cannot be compiled. */
public final class ExpressionException extends Exception {

    private static final long serialVersionUID = 1L;

    private final int position;

    /**
     * A problem in the source text.
     *
     * @param message what is wrong
     * @param position where: characters from the start of the source, or -1 where unknown
     */
    public ExpressionException(String message, int position) {
        super(message);
        this.position = position;
    }

    /**
     * Where in the source the problem is.
     *
     * @return characters from its start, or -1 where unknown
     */
    public int position() {
        return position;
    }
}
