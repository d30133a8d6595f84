package dev.thac.cascade;

/** One step of a compiled cascade. */
sealed interface Tier permits RulesTier, ModelTier {

    /** The name in verdicts and metrics. */
    String name();
}
