package dev.thac.app.dev;

import dev.thac.enrich.EnrichSpec;
import dev.thac.kafka.SourceSpec;
import dev.thac.runtime.PipelineSpec;
import dev.thac.sink.SinkSpec;

import java.util.List;
import java.util.Map;

/** The changes {@code thac dev} makes to a pipeline before it runs. */
final class DevPipeline {

    private DevPipeline() {}

    /**
     * The same pipeline reading its topics from the beginning: sample events may be written before
     * the group has joined.
     */
    static PipelineSpec fromTheBeginning(PipelineSpec spec) {
        SourceSpec source = spec.source();
        SourceSpec earliest =
                new SourceSpec(
                        source.topic(),
                        source.topics(),
                        source.group(),
                        source.format(),
                        "earliest",
                        source.id(),
                        source.time(),
                        source.maxAhead(),
                        source.registry(),
                        source.isolation(),
                        source.foreignMetadata());
        return with(spec, earliest, spec.enrich(), spec.sinks());
    }

    /** The same pipeline with other sinks. */
    static PipelineSpec withSinks(PipelineSpec spec, List<SinkSpec> sinks) {
        return with(spec, spec.source(), spec.enrich(), sinks);
    }

    /** The same pipeline with other lookups. */
    static PipelineSpec withEnrich(PipelineSpec spec, Map<String, EnrichSpec> enrich) {
        return with(spec, spec.source(), enrich, spec.sinks());
    }

    private static PipelineSpec with(
            PipelineSpec spec,
            SourceSpec source,
            Map<String, EnrichSpec> enrich,
            List<SinkSpec> sinks) {
        return new PipelineSpec(
                spec.pipeline(),
                source,
                spec.filter(),
                spec.derive(),
                enrich,
                spec.context(),
                spec.redact(),
                spec.sample(),
                spec.analyses(),
                spec.function(),
                spec.routes(),
                spec.windows(),
                spec.joins(),
                spec.streams(),
                sinks,
                spec.alerts(),
                spec.budget(),
                spec.delivery(),
                spec.order(),
                spec.failures(),
                spec.limits(),
                spec.lanes(),
                spec.journal(),
                spec.models(),
                spec.kafka());
    }
}
