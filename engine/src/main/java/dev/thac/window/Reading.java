package dev.thac.window;

import dev.thac.meter.Meters;
import dev.thac.recover.DeadLetters;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a part of the topology reads, and for which windows.
 *
 * @param pipeline the pipeline's name
 * @param topics the topics, in the order of the file
 * @param partitions how many each of them has
 * @param front what is done with each record first
 * @param plans the windows
 * @param notBefore records with an earlier timestamp are passed over
 * @param deadLetters writes what is refused; empty where the lanes do
 * @param meters where figures go
 */
record Reading(
        String pipeline,
        List<String> topics,
        Map<String, Integer> partitions,
        Front front,
        List<WindowPlan> plans,
        long notBefore,
        Optional<DeadLetters> deadLetters,
        Meters meters) {

    /** How long a partition is silent before it counts as idle: as the most patient wants. */
    long idleMillis() {
        return plans.stream().mapToLong(WindowPlan::idleMillis).max().orElse(Long.MAX_VALUE);
    }

    /** All source partitions. */
    int places() {
        return topics.stream().mapToInt(topic -> partitions.getOrDefault(topic, 1)).sum();
    }
}
