package dev.thac.runtime;

import java.util.Map;
import java.util.Optional;

/**
 * How a companion of a pipeline is: its windows, its history per key, or a sink.
 *
 * @param kind what it is, for example {@code sink}
 * @param name its name among those of its kind
 * @param group its consumer group
 * @param state a word, for example {@code running}, {@code restoring}, {@code held}
 * @param read records it is done with since it started
 * @param lagRecords records it has still to read; -1 while that is not known
 * @param figures others, by name, such as {@code late} or {@code dead-lettered}
 * @param note what it waits for or does, for people
 */
public record CompanionStatus(
        String kind,
        String name,
        String group,
        String state,
        long read,
        long lagRecords,
        Map<String, Long> figures,
        Optional<String> note) {}
