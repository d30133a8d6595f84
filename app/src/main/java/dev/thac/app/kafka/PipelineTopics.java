package dev.thac.app.kafka;

import dev.thac.kafka.SourceSpec;
import dev.thac.route.RouteSpec;
import dev.thac.runtime.PipelineSpec;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The topics a pipeline needs.
 *
 * @param sources what it reads
 * @param routes what it writes
 * @param deadLetter where events go that cannot be settled
 */
public record PipelineTopics(List<String> sources, List<String> routes, String deadLetter) {

    /** Copies the lists. */
    public PipelineTopics {
        sources = List.copyOf(sources);
        routes = List.copyOf(routes);
    }

    /**
     * The topics that a pipeline file names.
     *
     * @param spec the pipeline
     * @return its topics
     */
    public static PipelineTopics of(PipelineSpec spec) {
        SourceSpec source = spec.source();
        List<String> sources = source.topic().map(List::of).orElse(source.topics());
        Set<String> routes = new LinkedHashSet<>();
        spec.routes().stream().map(RouteSpec::to).forEach(routes::add);
        return new PipelineTopics(
                sources,
                List.copyOf(routes),
                spec.failures().deadLetter().orElse(spec.pipeline() + ".dlq"));
    }

    /**
     * Every topic and what it is for, the source first.
     *
     * @return topic to {@code source}, {@code route} or {@code dead letters}
     */
    public Map<String, String> purposes() {
        Map<String, String> all = new LinkedHashMap<>();
        sources.forEach(topic -> all.put(topic, "source"));
        routes.forEach(topic -> all.putIfAbsent(topic, "route"));
        all.putIfAbsent(deadLetter, "dead letters");
        return all;
    }
}
