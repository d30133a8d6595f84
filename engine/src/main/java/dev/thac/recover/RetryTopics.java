package dev.thac.recover;

import dev.thac.spec.Delay;

import java.util.List;
import java.util.Optional;

/**
 * The retry topics of a pipeline. Each has one fixed delay, so that the records of a partition
 * become due in the order in which they stand in it, and reading never has to search.
 *
 * @param levels from the shortest delay to the longest
 */
public record RetryTopics(List<RetryTopic> levels) {

    /** None: what cannot be settled goes to the dead letters at once. */
    public static final RetryTopics NONE = new RetryTopics(List.of());

    /** Copies the list. */
    public RetryTopics {
        levels = List.copyOf(levels);
    }

    /**
     * The retry topics of a pipeline: {@code <pipeline>.retry.<delay>}, with the delay as the file
     * spells it.
     *
     * @param pipeline its name
     * @param delays as in {@code failures.retry.later}
     * @return one per delay
     */
    public static RetryTopics of(String pipeline, List<Delay> delays) {
        return new RetryTopics(
                delays.stream()
                        .map(
                                delay ->
                                        new RetryTopic(
                                                prefix(pipeline) + delay.text(),
                                                delay.text(),
                                                delay.length()))
                        .toList());
    }

    /**
     * What the names of a pipeline's retry topics have in common: their delay follows it.
     *
     * @param pipeline its name
     * @return the beginning of the names
     */
    public static String prefix(String pipeline) {
        return pipeline + ".retry.";
    }

    /**
     * Where an event goes next.
     *
     * @param passed how many retry topics it has passed
     * @return the topic; empty when it has passed all
     */
    public Optional<RetryTopic> after(int passed) {
        return passed < levels.size() ? Optional.of(levels.get(passed)) : Optional.empty();
    }
}
