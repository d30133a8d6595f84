package dev.thac.runtime;

import dev.thac.event.ErrorCode;
import dev.thac.event.ThacException;
import dev.thac.kafka.Topics;
import dev.thac.route.RouteSpec;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
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
        Set<String> all = new LinkedHashSet<>(sources());
        spec.routes().stream().map(RouteSpec::to).forEach(all::add);
        all.add(deadLetters());
        return all;
    }

    /**
     * Makes sure that all of them exist.
     *
     * @param topics the brokers
     * @param create partitions of topics to create; empty: a missing one is an error
     * @throws ThacException TOPIC_MISSING
     */
    void require(Topics topics, OptionalInt create) throws InterruptedException {
        List<String> missing = topics.missing(all());
        if (missing.isEmpty()) {
            return;
        }
        if (create.isEmpty()) {
            throw new ThacException(
                    ErrorCode.TOPIC_MISSING,
                    "pipeline "
                            + spec.pipeline()
                            + " needs "
                            + (missing.size() == 1 ? "the topic " : "the topics ")
                            + String.join(", ", missing)
                            + ", which the brokers do not have; create with: thac topics create"
                            + " FILE");
        }
        for (String topic : missing) {
            topics.create(topic, create.getAsInt(), Map.of());
        }
    }
}
