package dev.thac.plan;

/** What a figure rests on. */
public enum Basis {
    /** The pipeline file, or its defaults. */
    FILE,
    /** The command line. */
    GIVEN,
    /** Counted by a tokenizer or in a sample of events, without asking a model. */
    COUNTED,
    /** Reported by the models for a sample of events. */
    MEASURED,
    /** Nothing that is known of this pipeline. */
    ASSUMED
}
