package dev.thac.app.deadletter;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Where dead letters go again: those of a sink to the topic that this sink reads beside its own,
 * all others to the pipeline's first retry topic.
 *
 * @param pipeline the first retry topic; empty where the pipeline has none
 * @param sinks the retry topics of its sinks, by the sink's name
 */
public record RetryTargets(Optional<RetryTarget> pipeline, Map<String, RetryTarget> sinks) {

    /** Copies the map. */
    public RetryTargets {
        sinks = Map.copyOf(sinks);
    }

    /**
     * Where one goes.
     *
     * @param letter the dead letter
     * @return the target; empty where there is none
     */
    public Optional<RetryTarget> of(DeadLetter letter) {
        Optional<String> sink = letter.sink();
        return sink.isEmpty() ? pipeline : Optional.ofNullable(sinks.get(sink.get()));
    }

    /**
     * The topics in words.
     *
     * @return their names
     */
    public String topics() {
        Map<String, RetryTarget> all = new LinkedHashMap<>();
        pipeline.ifPresent(each -> all.put(each.topic(), each));
        new TreeSet<>(sinks.keySet())
                .forEach(
                        name ->
                                Optional.ofNullable(sinks.get(name))
                                        .ifPresent(each -> all.put(each.topic(), each)));
        return String.join(", ", all.keySet());
    }
}
