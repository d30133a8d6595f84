package dev.thac.runtime;

import dev.thac.enrich.EnrichSpec;
import dev.thac.kafka.DeliveryMode;
import dev.thac.kafka.StartPosition;
import dev.thac.kafka.Topics;
import dev.thac.meter.Meters;
import dev.thac.pipeline.ContextSpec;
import dev.thac.resilience.Ticker;
import dev.thac.route.Router;
import dev.thac.window.ContextTopology;
import dev.thac.window.EventClock;
import dev.thac.window.Front;
import dev.thac.window.GlobalTable;
import dev.thac.window.JoinTopology;
import dev.thac.window.StreamsDelivery;
import dev.thac.window.StreamsRunner;
import dev.thac.window.StreamsSettings;
import dev.thac.window.WindowTopology;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/** The topologies that a pipeline file wants beside its lanes. Nothing is connected to here. */
final class Topologies {

    private final PipelineSpec spec;
    private final ProjectSpec project;
    private final RuntimeSettings settings;
    private final Meters meters;
    private final Ticker ticker;

    /**
     * Those of a pipeline.
     *
     * @param spec the pipeline
     * @param project the project it belongs to
     * @param settings where and how
     * @param meters where figures go
     * @param ticker the time
     */
    Topologies(
            PipelineSpec spec,
            ProjectSpec project,
            RuntimeSettings settings,
            Meters meters,
            Ticker ticker) {
        this.spec = spec;
        this.project = project;
        this.settings = settings;
        this.meters = meters;
        this.ticker = ticker;
    }

    /** Its history, its windows and its joins, as far as it has them. */
    List<Companion> companions() {
        List<Companion> companions = new ArrayList<>();
        spec.context().ifPresent(context -> companions.add(new Streaming(context(context))));
        if (!spec.windows().isEmpty()) {
            companions.add(new Streaming(windows()));
        }
        if (!spec.joins().isEmpty()) {
            companions.add(new Streaming(joins()));
        }
        return companions;
    }

    /** Fills the context topic, upstream of the lanes. */
    private Streaming.Part context(ContextSpec context) {
        String topic = ContextSpec.topic(spec.pipeline());
        List<String> sources = new PipelineTopics(spec).sources();
        // The record's key is the history's: then the source has the partitions that are needed.
        boolean keyed = context.key().text().strip().equals("key") && sources.size() == 1;
        ContextTopology topology =
                ContextTopology.of(
                        Front.of(spec.flow(project), clock()),
                        context,
                        new ContextTopology.Place(sources, topic, keyed, from().toEpochMilli()));
        String largest = "max.message.bytes";
        Map<String, String> kafka =
                Map.of("topic." + largest, ContextSpec.TOPIC_SETTINGS.getOrDefault(largest, ""));
        StreamsSettings streams = streams(spec, settings, topic, kafka);
        return new Streaming.Part(
                "context",
                "context",
                topic,
                false,
                topology::read,
                () -> new StreamsRunner(topology.build(), streams, ticker));
    }

    private Streaming.Part windows() {
        String pipeline = spec.pipeline();
        List<String> internal = new ArrayList<>();
        internal.add(Router.decisions(pipeline));
        spec.windows()
                .keySet()
                .forEach(name -> internal.add(WindowTopology.repartitionTopic(pipeline, name)));
        return part(
                "windows",
                WindowTopology.application(pipeline),
                () -> sources(internal, spec.laneCount() == 0),
                (sources, streams) ->
                        new StreamsRunner(
                                new WindowTopology(sources, spec.windows()).build(),
                                streams,
                                ticker));
    }

    private Streaming.Part joins() {
        String pipeline = spec.pipeline();
        List<String> internal = new ArrayList<>();
        spec.joins()
                .forEach(
                        (name, join) -> {
                            internal.add(join.with().topic());
                            internal.addAll(JoinTopology.repartitionTopics(pipeline, name));
                        });
        boolean alone = spec.laneCount() == 0 && spec.windows().isEmpty();
        return part(
                "joins",
                JoinTopology.application(pipeline),
                () -> sources(internal, alone),
                (sources, streams) ->
                        new StreamsRunner(
                                new JoinTopology(sources, spec.joins()).build(), streams, ticker));
    }

    /** Looks at the topics before the topology is made. */
    private interface Look {
        WindowTopology.Sources sources() throws InterruptedException;
    }

    private Streaming.Part part(
            String kind,
            String application,
            Look look,
            BiFunction<WindowTopology.Sources, StreamsSettings, StreamsRunner> runner) {
        return new Streaming.Part(
                kind,
                spec.pipeline(),
                application,
                false,
                () -> 0,
                () -> runner.apply(look.sources(), streams(spec, settings, application, Map.of())));
    }

    /**
     * What windows and joins read.
     *
     * @param internal topics whose partitions stay as they were
     * @param deadLetters whether they write those of a pipeline without lanes
     */
    private WindowTopology.Sources sources(List<String> internal, boolean deadLetters)
            throws InterruptedException {
        List<String> sources = new PipelineTopics(spec).sources();
        Map<String, Integer> partitions = new HashMap<>();
        try (Topics brokers =
                Topics.open(
                        settings.brokers(),
                        Preflight.kafka(spec, settings),
                        "thac-" + spec.pipeline() + "-look")) {
            List<String> asked = new ArrayList<>(sources);
            asked.addAll(internal);
            for (String topic : asked) {
                brokers.partitions(topic).ifPresent(count -> partitions.put(topic, count));
            }
        }
        return new WindowTopology.Sources(
                spec.flow(project),
                clock(),
                sources,
                partitions,
                Router.decisions(spec.pipeline()),
                from(),
                deadLetters,
                meters);
    }

    private EventClock clock() {
        return new EventClock(spec.source().time(), spec.source().maxAhead());
    }

    private Instant from() {
        return switch (StartPosition.parse(spec.source().start())) {
            case StartPosition.At(Instant instant) -> instant;
            case StartPosition.Earliest _, StartPosition.Latest _ -> Instant.EPOCH;
        };
    }

    private static StreamsSettings streams(
            PipelineSpec spec,
            RuntimeSettings settings,
            String application,
            Map<String, String> more) {
        Map<String, String> kafka = new HashMap<>(Preflight.kafka(spec, settings));
        kafka.putAll(more);
        return new StreamsSettings(
                application,
                settings.instance(),
                settings.brokers(),
                kafka,
                spec.delivery() == DeliveryMode.EXACTLY_ONCE
                        ? StreamsDelivery.EXACTLY_ONCE
                        : StreamsDelivery.AT_LEAST_ONCE,
                spec.streams().threads(),
                spec.streams().standbys(),
                spec.streams()
                        .stateDir()
                        .map(Path::of)
                        .orElseGet(() -> StreamsSettings.defaultStateDir(settings.instance())),
                !(StartPosition.parse(spec.source().start()) instanceof StartPosition.Latest));
    }

    /** The topics that a pipeline looks things up in, as tables; empty where there is none. */
    static Optional<GlobalTable> tables(PipelineSpec spec, RuntimeSettings settings) {
        List<String> topics = tables(spec);
        return topics.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new GlobalTable(
                                topics,
                                streams(spec, settings, spec.pipeline() + ".tables", Map.of())));
    }

    /** The topics that are tables of a pipeline. */
    static List<String> tables(PipelineSpec spec) {
        return spec.enrich().values().stream()
                .map(EnrichSpec::table)
                .flatMap(Optional::stream)
                .distinct()
                .toList();
    }
}
