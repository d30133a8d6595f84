package dev.thac.cost;

/** How a budget is doing. */
public enum BudgetState {
    /** Money is left. */
    OK,
    /** The declared share of the limit is used. */
    WARN,
    /** The last call was refused. */
    AT_LIMIT,
    /** An operator has paused it. */
    PAUSED
}
