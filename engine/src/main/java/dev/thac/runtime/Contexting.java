package dev.thac.runtime;

import dev.thac.kafka.StartPosition;
import dev.thac.pipeline.ContextSpec;
import dev.thac.resilience.Ticker;
import dev.thac.window.ContextTopology;
import dev.thac.window.Front;
import dev.thac.window.StreamsDelivery;
import dev.thac.window.StreamsRunner;
import dev.thac.window.StreamsSettings;
import dev.thac.window.StreamsStatus;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Fills the context topic of a pipeline, upstream of its lanes. */
final class Contexting implements Companion {

    private final String group;
    private final ContextTopology topology;
    private final StreamsRunner runner;

    private Contexting(String group, ContextTopology topology, StreamsRunner runner) {
        this.group = group;
        this.topology = topology;
        this.runner = runner;
    }

    /** The companion of a pipeline with {@code context}; nothing is connected to. */
    static List<Companion> of(
            PipelineSpec spec, ProjectSpec project, RuntimeSettings settings, Ticker ticker) {
        return spec.context().map(context -> of(context, spec, project, settings, ticker)).stream()
                .toList();
    }

    private static Companion of(
            ContextSpec context,
            PipelineSpec spec,
            ProjectSpec project,
            RuntimeSettings settings,
            Ticker ticker) {
        String topic = ContextSpec.topic(spec.pipeline());
        List<String> sources = new PipelineTopics(spec).sources();
        StartPosition start = StartPosition.parse(spec.source().start());
        long from = start instanceof StartPosition.At at ? at.time().toEpochMilli() : 0;
        // The record's key is the history's: then the source has the partitions that are needed.
        boolean keyed = context.key().text().strip().equals("key") && sources.size() == 1;
        ContextTopology topology =
                ContextTopology.of(
                        Front.of(spec.flow(project), spec.source().time()),
                        context,
                        new ContextTopology.Place(sources, topic, keyed, from));
        Map<String, String> kafka = new HashMap<>(Preflight.kafka(spec, settings));
        kafka.put(
                "topic.max.message.bytes",
                ContextSpec.TOPIC_SETTINGS.getOrDefault("max.message.bytes", ""));
        StreamsSettings streams =
                new StreamsSettings(
                        topic,
                        settings.instance(),
                        settings.brokers(),
                        kafka,
                        switch (spec.delivery()) {
                            case EXACTLY_ONCE -> StreamsDelivery.EXACTLY_ONCE;
                            case AT_LEAST_ONCE -> StreamsDelivery.AT_LEAST_ONCE;
                        },
                        1,
                        context.standbys(),
                        context.stateDir()
                                .map(Path::of)
                                .orElseGet(
                                        () -> StreamsSettings.defaultStateDir(settings.instance())),
                        !(start instanceof StartPosition.Latest));
        return new Contexting(
                topic, topology, new StreamsRunner(topology.build(), streams, ticker));
    }

    @Override
    public String kind() {
        return "context";
    }

    @Override
    public String name() {
        return "context";
    }

    @Override
    public void start(Host host) {
        Companion self = this;
        runner.start(
                new StreamsRunner.Watcher() {
                    @Override
                    public void trouble(String what, Exception cause) {
                        host.trouble(what, cause);
                    }

                    @Override
                    public void ended(Throwable cause) {
                        host.failed(self, cause);
                    }
                });
    }

    @Override
    public CompanionStatus status() {
        StreamsStatus status = runner.status();
        return new CompanionStatus(
                kind(),
                name(),
                group,
                status.restoring() > 0
                        ? "restoring"
                        : status.state().name().toLowerCase(Locale.ROOT),
                topology.read(),
                -1,
                Map.of(
                        "tasks",
                        (long) status.tasks(),
                        "standbys",
                        (long) status.standbys(),
                        "restored",
                        status.restored(),
                        "to-restore",
                        status.toRestore()),
                status.lastError());
    }

    @Override
    public void stop(Duration drain) {
        runner.stop(drain);
    }
}
