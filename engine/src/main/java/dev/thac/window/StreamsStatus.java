package dev.thac.window;

import java.util.Optional;

/**
 * A topology at one moment, seen from this process.
 *
 * @param application its application id
 * @param state what it does
 * @param threads stream threads that live
 * @param tasks active tasks of this process; each is one partition of one part of the topology
 * @param standbys standby tasks of this process
 * @param standbyBehind records that these had still to take in when each took in its last; -1 while
 *     one has taken in nothing
 * @param restoring stores that are being read back from their changelogs
 * @param restored records read back in the present or last restore
 * @param toRestore records that this restore had to read, all together
 * @param lagRecords records it has still to read; -1 while that is not known
 * @param restarts how often a thread was replaced after an error
 * @param lastError the last error, if any
 */
public record StreamsStatus(
        String application,
        State state,
        int threads,
        int tasks,
        int standbys,
        long standbyBehind,
        int restoring,
        long restored,
        long toRestore,
        long lagRecords,
        int restarts,
        Optional<String> lastError) {

    /** What a topology does. */
    public enum State {
        /** It was made, not started. */
        CREATED,
        /** Tasks move, or state is read back. */
        REBALANCING,
        /** It works. */
        RUNNING,
        /** It is being stopped. */
        STOPPING,
        /** It has ended as it was told to. */
        STOPPED,
        /** An error ended it that starting again did not cure. */
        FAILED
    }
}
