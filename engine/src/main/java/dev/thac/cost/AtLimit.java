package dev.thac.cost;

/** What happens when a budget is used up. In files the names are lower case with hyphens. */
public enum AtLimit {
    /** Wait for the next period. */
    PAUSE,
    /** Answer from free tiers, flagged. */
    DEGRADE,
    /** Send to the dead-letter topic. */
    DEAD_LETTER
}
