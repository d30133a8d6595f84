package dev.thac.kafka;

/** How far a polled record has come. */
enum EntryState {
    /** Let in; nothing was decided yet. */
    ADMITTED,
    /** Being judged away from the lane thread. */
    OPEN,
    /** It has its outcome, which waits for its turn or for acknowledgements. */
    SETTLED,
    /** The next commit may cover it. */
    STAGED,
    /** Committed, or of an assignment that has ended. */
    DONE
}
