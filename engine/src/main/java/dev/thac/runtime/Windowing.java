package dev.thac.runtime;

import dev.thac.event.ThacException;
import dev.thac.kafka.DeliveryMode;
import dev.thac.kafka.StartPosition;
import dev.thac.kafka.Topics;
import dev.thac.meter.Meters;
import dev.thac.resilience.Ticker;
import dev.thac.route.Router;
import dev.thac.window.JoinTopology;
import dev.thac.window.StreamsDelivery;
import dev.thac.window.StreamsRunner;
import dev.thac.window.StreamsSettings;
import dev.thac.window.StreamsStatus;
import dev.thac.window.WindowTopology;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/** The windows of a pipeline, or its joins: one topology beside its lanes. Thread-safe. */
final class Windowing implements Companion {

    private final Part part;
    private final PipelineSpec spec;
    private final ProjectSpec project;
    private final RuntimeSettings settings;
    private final Meters meters;
    private final Object lock = new Object();
    private volatile @Nullable StreamsRunner runner;
    private boolean stopped;

    /**
     * What is run.
     *
     * @param kind windows or joins
     * @param application the application id
     * @param internal the topics whose partitions stay as they were
     * @param deadLetters whether it writes those of a pipeline without lanes
     * @param runner makes what runs the topology
     */
    private record Part(
            String kind,
            String application,
            List<String> internal,
            boolean deadLetters,
            BiFunction<WindowTopology.Sources, StreamsSettings, StreamsRunner> runner) {}

    private Windowing(
            Part part,
            PipelineSpec spec,
            ProjectSpec project,
            RuntimeSettings settings,
            Meters meters) {
        this.part = part;
        this.spec = spec;
        this.project = project;
        this.settings = settings;
        this.meters = meters;
    }

    /**
     * The windows of a pipeline that has some.
     *
     * @param spec the pipeline
     * @param project the project it belongs to
     * @param settings where and how
     * @param meters where figures go
     * @param ticker the time
     * @return the companion, not connected yet
     */
    static Companion windows(
            PipelineSpec spec,
            ProjectSpec project,
            RuntimeSettings settings,
            Meters meters,
            Ticker ticker) {
        String pipeline = spec.pipeline();
        List<String> internal = new ArrayList<>();
        internal.add(Router.decisions(pipeline));
        spec.windows()
                .keySet()
                .forEach(name -> internal.add(WindowTopology.repartitionTopic(pipeline, name)));
        Part part =
                new Part(
                        "windows",
                        WindowTopology.application(pipeline),
                        internal,
                        spec.laneCount() == 0,
                        (sources, streams) ->
                                new StreamsRunner(
                                        new WindowTopology(sources, spec.windows()).build(),
                                        streams,
                                        ticker));
        return new Windowing(part, spec, project, settings, meters);
    }

    /**
     * The joins of a pipeline that has some.
     *
     * @param spec the pipeline
     * @param project the project it belongs to
     * @param settings where and how
     * @param meters where figures go
     * @param ticker the time
     * @return the companion, not connected yet
     */
    static Companion joins(
            PipelineSpec spec,
            ProjectSpec project,
            RuntimeSettings settings,
            Meters meters,
            Ticker ticker) {
        String pipeline = spec.pipeline();
        List<String> internal = new ArrayList<>();
        spec.joins()
                .forEach(
                        (name, join) -> {
                            internal.add(join.with().topic());
                            internal.addAll(JoinTopology.repartitionTopics(pipeline, name));
                        });
        Part part =
                new Part(
                        "joins",
                        JoinTopology.application(pipeline),
                        internal,
                        spec.laneCount() == 0 && spec.windows().isEmpty(),
                        (sources, streams) ->
                                new StreamsRunner(
                                        new JoinTopology(sources, spec.joins()).build(),
                                        streams,
                                        ticker));
        return new Windowing(part, spec, project, settings, meters);
    }

    @Override
    public String kind() {
        return part.kind();
    }

    @Override
    public String name() {
        return spec.pipeline();
    }

    @Override
    public void start(Host host) {
        Thread.ofVirtual()
                .name("thac-" + part.kind() + "-" + spec.pipeline())
                .start(
                        () -> {
                            try {
                                begin(host);
                            } catch (ThacException e) {
                                host.failed(this, e);
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                                host.failed(this, e);
                            }
                        });
    }

    private void begin(Host host) throws InterruptedException {
        StreamsRunner fresh = part.runner().apply(sources(), streams());
        synchronized (lock) {
            if (stopped) {
                return;
            }
            runner = fresh;
            fresh.start(
                    new StreamsRunner.Watcher() {
                        @Override
                        public void trouble(String what, Exception cause) {
                            host.trouble(part.kind() + ": " + what, cause);
                        }

                        @Override
                        public void ended(Throwable cause) {
                            host.failed(Windowing.this, cause);
                        }
                    });
        }
    }

    private WindowTopology.Sources sources() throws InterruptedException {
        PipelineTopics topics = new PipelineTopics(spec);
        String decisions = Router.decisions(spec.pipeline());
        List<String> asked = new ArrayList<>(topics.sources());
        asked.addAll(part.internal());
        Map<String, Integer> partitions = new HashMap<>();
        try (Topics brokers =
                Topics.open(
                        settings.brokers(),
                        Preflight.kafka(spec, settings),
                        "thac-" + part.application() + "-start")) {
            for (String topic : asked) {
                brokers.partitions(topic).ifPresent(count -> partitions.put(topic, count));
            }
        }
        Instant from =
                switch (StartPosition.parse(spec.source().start())) {
                    case StartPosition.At(Instant instant) -> instant;
                    case StartPosition.Earliest _, StartPosition.Latest _ -> Instant.EPOCH;
                };
        return new WindowTopology.Sources(
                spec.flow(project),
                spec.source().time(),
                topics.sources(),
                partitions,
                decisions,
                from,
                part.deadLetters(),
                meters);
    }

    private StreamsSettings streams() {
        return new StreamsSettings(
                part.application(),
                settings.instance(),
                settings.brokers(),
                Preflight.kafka(spec, settings),
                spec.delivery() == DeliveryMode.EXACTLY_ONCE
                        ? StreamsDelivery.EXACTLY_ONCE
                        : StreamsDelivery.AT_LEAST_ONCE,
                spec.lanes().min(),
                0,
                StreamsSettings.defaultStateDir(settings.instance()),
                !(StartPosition.parse(spec.source().start()) instanceof StartPosition.Latest));
    }

    @Override
    public CompanionStatus status() {
        StreamsRunner running = runner;
        String group = part.application();
        if (running == null) {
            return new CompanionStatus(
                    kind(), name(), group, "starting", 0, -1, Map.of(), Optional.empty());
        }
        StreamsStatus status = running.status();
        boolean restoring = status.restoring() > 0;
        Map<String, Long> figures = new LinkedHashMap<>();
        figures.put("tasks", (long) status.tasks());
        figures.put("standbys", (long) status.standbys());
        figures.put("restored", status.restored());
        Optional<String> note =
                restoring
                        ? Optional.of(
                                "reading back %d of %d records of %d stores"
                                        .formatted(
                                                status.restored(),
                                                status.toRestore(),
                                                status.restoring()))
                        : status.lastError();
        return new CompanionStatus(
                kind(),
                name(),
                group,
                restoring ? "restoring" : status.state().name().toLowerCase(Locale.ROOT),
                0,
                status.state() == StreamsStatus.State.RUNNING && !restoring
                        ? status.lagRecords()
                        : -1,
                figures,
                note);
    }

    @Override
    public void stop(Duration drain) {
        StreamsRunner running;
        synchronized (lock) {
            stopped = true;
            running = runner;
        }
        if (running != null) {
            running.stop(drain);
        }
    }
}
