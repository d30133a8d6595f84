package dev.thac.app.control;

import dev.thac.app.kafka.PipelineTopics;
import dev.thac.runtime.PipelineSpec;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where a pipeline reads, commits and writes.
 *
 * @param sources the topics it reads
 * @param group the group it commits with
 * @param routes the topics it writes
 * @param deadLetter where events go that cannot be settled
 */
public record PipelinePlaces(
        List<String> sources, String group, List<String> routes, String deadLetter) {

    /** Copies the lists. */
    public PipelinePlaces {
        sources = List.copyOf(sources);
        routes = List.copyOf(routes);
    }

    /**
     * Those of a pipeline file.
     *
     * @param spec the pipeline
     * @return its places
     */
    public static PipelinePlaces of(PipelineSpec spec) {
        PipelineTopics topics = PipelineTopics.of(spec);
        return new PipelinePlaces(
                topics.sources(), spec.source().group(), topics.routes(), topics.deadLetter());
    }

    /** Those of a status report. */
    static Optional<PipelinePlaces> of(Map<?, ?> report) {
        if (report.get("sources") instanceof List<?> sources
                && report.get("written") instanceof List<?> routes) {
            return Optional.of(
                    new PipelinePlaces(
                            sources.stream().map(String::valueOf).toList(),
                            String.valueOf(report.get("group")),
                            routes.stream().map(String::valueOf).toList(),
                            String.valueOf(report.get("deadLetter"))));
        }
        return Optional.empty();
    }
}
