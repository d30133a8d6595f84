package dev.thac.expression;

/** An expression uses something the closures do not have. */
final class NotCovered extends Exception {

    private static final long serialVersionUID = 1L;

    NotCovered(String what) {
        super(what, null, false, false);
    }
}
