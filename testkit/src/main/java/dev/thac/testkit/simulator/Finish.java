package dev.thac.testkit.simulator;

/** Why an answer ends. */
enum Finish {
    /** It is complete. */
    STOP,
    /** The token limit was reached. */
    LENGTH,
    /** The model refuses. */
    REFUSAL
}
