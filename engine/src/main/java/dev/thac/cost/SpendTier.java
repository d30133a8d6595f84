package dev.thac.cost;

/** Which part a tier plays in its analysis, as far as money is concerned. */
public enum SpendTier {
    /** Free rules. */
    RULES,
    /** Answers kept for identical input. */
    CACHE,
    /** A free tier of another kind: what it spares is not estimated. */
    FREE,
    /** A model with another one behind it. */
    MODEL,
    /** The last model. */
    LAST_MODEL
}
