package dev.thac.pipeline;

import dev.thac.cascade.AnalysisSpec;
import dev.thac.decode.Format;
import dev.thac.enrich.EnrichSpec;
import dev.thac.model.ModelSpec;
import dev.thac.recover.FailuresSpec;
import dev.thac.redact.RedactSpec;
import dev.thac.route.RouteSpec;
import dev.thac.spec.CelText;
import dev.thac.spec.DataSize;
import dev.thac.spec.Key;
import dev.thac.spec.Tree;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What happens between a record and its outcome: the part of a pipeline file that needs no Kafka.
 * The keys are described by their {@link Key} annotations.
 */
public record FlowSpec(
        @Key("Name of the pipeline.") String pipeline,
        @Key("How values are encoded.") Format format,
        @Key("Names the event.") Optional<CelText> id,
        @Key("Largest event accepted.") DataSize maxEvent,
        @Key("EventBridge patterns.") List<Tree> filter,
        @Key("New members of the value.") Map<String, CelText> derive,
        @Key("Lookups that add members to the value.") Map<String, EnrichSpec> enrich,
        @Key("History placed beside each event.") Optional<ContextSpec> context,
        @Key("Personal data kept from models.") Optional<RedactSpec> redact,
        @Key("Judge only a share of the events.") Optional<SampleSpec> sample,
        @Key("Questions asked about each event.") Map<String, AnalysisSpec> analyses,
        @Key("Output topics.") List<RouteSpec> routes,
        @Key("What happens to events that cannot be settled.") FailuresSpec failures,
        @Key("Models by name, those of thac.yaml included.") Map<String, ModelSpec> models) {

    /**
     * The same flow with other analyses.
     *
     * @param others name to analysis
     * @return a copy
     */
    public FlowSpec withAnalyses(Map<String, AnalysisSpec> others) {
        return new FlowSpec(
                pipeline, format, id, maxEvent, filter, derive, enrich, context, redact, sample,
                others, routes, failures, models);
    }

    /**
     * The same flow without answer caches: every event is judged by itself.
     *
     * @return a copy
     */
    public FlowSpec withoutCaches() {
        Map<String, AnalysisSpec> others = new LinkedHashMap<>();
        analyses.forEach(
                (name, analysis) -> others.put(name, analysis.withCache(analysis.cache().off())));
        return withAnalyses(Collections.unmodifiableMap(others));
    }

    /**
     * The same flow without a sample: every event that passes the filter is judged.
     *
     * @return a copy
     */
    public FlowSpec withoutSample() {
        return new FlowSpec(
                pipeline,
                format,
                id,
                maxEvent,
                filter,
                derive,
                enrich,
                context,
                redact,
                Optional.empty(),
                analyses,
                routes,
                failures,
                models);
    }
}
