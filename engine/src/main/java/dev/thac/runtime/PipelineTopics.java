package dev.thac.runtime;

import dev.thac.kafka.TopicUse;
import dev.thac.kafka.Topics;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The topics a pipeline reads and writes. */
final class PipelineTopics {

    private final PipelineSpec spec;

    PipelineTopics(PipelineSpec spec) {
        this.spec = spec;
    }

    /** What it reads. */
    List<String> sources() {
        return spec.source().topic().map(List::of).orElse(spec.source().topics());
    }

    /** Where events go that cannot be settled. */
    String deadLetters() {
        return spec.failures().deadLetter().orElse(spec.pipeline() + ".dlq");
    }

    /** All of them, the sources first. */
    Set<String> all() {
        return uses().keySet();
    }

    /** What each of them is for, the sources first. */
    Map<String, TopicUse> uses() {
        Map<String, TopicUse> uses = new LinkedHashMap<>();
        sources().forEach(topic -> uses.put(topic, TopicUse.SOURCE));
        spec.routes().forEach(route -> uses.putIfAbsent(route.to(), TopicUse.ROUTE));
        uses.putIfAbsent(deadLetters(), TopicUse.DEAD_LETTERS);
        return uses;
    }

    /**
     * Makes those that are missing.
     *
     * @param topics the brokers
     * @param partitions of each
     */
    void create(Topics topics, int partitions) throws InterruptedException {
        for (String topic : topics.missing(all())) {
            topics.create(topic, partitions, Map.of());
        }
    }
}
