package dev.thac.cost;

/** A budget does not cover a call. */
public final class BudgetException extends Exception {

    private static final long serialVersionUID = 1;

    private final transient BudgetRefusal refusal;
    private final long seen;

    /**
     * A refusal.
     *
     * @param refusal which budget, and why
     */
    public BudgetException(BudgetRefusal refusal) {
        this(refusal, -1);
    }

    /**
     * A refusal, and the change after which asking again may help. Without a stack trace: at the
     * limit it is thrown at every waiting call whenever some money comes back.
     */
    BudgetException(BudgetRefusal refusal, long seen) {
        super(null, null, false, false);
        this.refusal = refusal;
        this.seen = seen;
    }

    /**
     * Which budget refused, and why.
     *
     * @return the refusal
     */
    public BudgetRefusal refusal() {
        return refusal;
    }

    @Override
    public String getMessage() {
        return refusal.text();
    }

    /** The last change that was known when this was thrown. */
    long seen() {
        return seen;
    }
}
