package dev.thac.kafka;

import dev.thac.spec.Key;

import java.util.Optional;

/**
 * Answers written at once, so that a crash never buys them again. The keys are described by their
 * {@link Key} annotations.
 */
public record JournalSpec(
        @Key(value = "Whether to write and read it.", orElse = "true") boolean enabled,
        @Key(
                        value =
                                "Its topic, with as many partitions as the source. Left out: the"
                                        + " pipeline's name with .journal behind it.",
                        example = "reviews.journal")
                Optional<String> topic) {

    /**
     * Its topic.
     *
     * @param pipeline the pipeline's name
     * @return the one that is named, or made of the pipeline's name
     */
    public String topic(String pipeline) {
        return topic.orElse(pipeline + ".journal");
    }
}
