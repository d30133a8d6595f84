package dev.thac.testkit.simulator;

/** What happens to an input that is not among the recorded answers. */
public enum OnMiss {
    /** The heuristic answers. */
    HEURISTIC,
    /** The call is refused with 400, naming the input's ordinal. */
    ERROR
}
