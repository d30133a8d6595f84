package dev.thac.cost;

/** How long a budget lasts. In files the names are lower case with hyphens. */
public enum BudgetPeriod {
    /** A clock hour. */
    HOUR,
    /** A calendar day in the declared zone. */
    DAY,
    /** A calendar month in the declared zone. */
    MONTH
}
