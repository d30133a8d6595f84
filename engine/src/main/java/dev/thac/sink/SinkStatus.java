package dev.thac.sink;

import java.time.Duration;
import java.util.Optional;

/**
 * How a sink is.
 *
 * @param state {@code starting}, {@code waiting} (for partitions), {@code running}, {@code held}
 *     (the target takes nothing now) or {@code stopped}
 * @param written records the target has taken, and their offsets are committed
 * @param refused records the target never takes; they are dead letters
 * @param batches attempts that went through
 * @param retries attempts that failed and are made again
 * @param partitions partitions held
 * @param lagRecords records not yet written; -1 while that is not known
 * @param lag age of the oldest record being written; zero where there is none
 * @param trouble what is wrong now
 */
public record SinkStatus(
        String state,
        long written,
        long refused,
        long batches,
        long retries,
        int partitions,
        long lagRecords,
        Duration lag,
        Optional<String> trouble) {}
