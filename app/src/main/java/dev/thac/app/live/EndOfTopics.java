package dev.thac.app.live;

import dev.thac.kafka.Topics;
import dev.thac.pipeline.ContextSpec;
import dev.thac.runtime.PipelineSpec;
import dev.thac.runtime.PipelineStatus;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The ends of the source topics at one moment, and whether their groups have committed up to them;
 * of a pipeline with companions, whether it and they have had nothing to do for a while. Used by
 * one thread.
 */
public final class EndOfTopics {

    private static final Duration ASK = Duration.ofMillis(500);
    private static final Duration IDLE = Duration.ofSeconds(2);

    /** Companions that read topics to their end and say how far they are. */
    private static final Set<String> READERS = Set.of("windows", "joins", "sink");

    private final String brokers;
    private final Map<String, String> kafka;
    private final List<PipelineSpec> pipelines;
    private final Map<String, Long> ends;
    private boolean upstream;
    private Instant nextAsk = Instant.MIN;
    private Instant busy = Instant.now();

    private EndOfTopics(
            String brokers,
            Map<String, String> kafka,
            List<PipelineSpec> pipelines,
            Map<String, Long> ends) {
        this.brokers = brokers;
        this.kafka = kafka;
        this.pipelines = pipelines;
        this.ends = ends;
    }

    /**
     * Looks at the topics now.
     *
     * @param brokers bootstrap servers
     * @param kafka client settings
     * @param pipelines whose sources are meant
     * @return their ends
     * @throws InterruptedException when the calling thread is interrupted
     */
    public static EndOfTopics now(
            String brokers, Map<String, String> kafka, List<PipelineSpec> pipelines)
            throws InterruptedException {
        Map<String, Long> ends = new HashMap<>();
        try (Topics topics = Topics.open(brokers, kafka, "thac-end")) {
            for (PipelineSpec pipeline : pipelines) {
                for (Topics.Progress each : progress(topics, pipeline)) {
                    ends.put(place(pipeline, each), each.end());
                }
            }
        }
        return new EndOfTopics(brokers, kafka, pipelines, ends);
    }

    /**
     * Whether everything is committed that was there.
     *
     * @param statuses the pipelines now
     * @return true when it is; asks the brokers at most twice a second
     * @throws InterruptedException when the calling thread is interrupted
     */
    public boolean reached(List<PipelineStatus> statuses) throws InterruptedException {
        Instant now = Instant.now();
        if (!idle(statuses)) {
            busy = now;
        }
        if (now.isBefore(nextAsk)) {
            return false;
        }
        nextAsk = now.plus(ASK);
        if (!upstream && !committed(upstreams())) {
            busy = now;
            return false;
        }
        upstream = true;
        // Where lanes read another topic, whose end moves, only their idleness tells.
        // A commit can stop short of the end where the last offsets hold transaction markers.
        boolean alone = statuses.stream().allMatch(each -> each.companions().isEmpty());
        return Duration.between(busy, now).compareTo(IDLE) > 0
                || (upstreams().isEmpty() && alone && committed(pipelines));
    }

    private boolean idle(List<PipelineStatus> statuses) {
        Set<String> withLanes =
                pipelines.stream()
                        .filter(pipeline -> pipeline.laneCount() > 0)
                        .map(PipelineSpec::pipeline)
                        .collect(Collectors.toSet());
        return statuses.stream()
                .allMatch(
                        status ->
                                (status.partitions() > 0 || !withLanes.contains(status.pipeline()))
                                        && status.lagRecords() == 0
                                        && status.inFlight() == 0
                                        && status.staged() == 0
                                        && status.companions().stream()
                                                .filter(each -> READERS.contains(each.kind()))
                                                .allMatch(each -> each.lagRecords() == 0));
    }

    /** Those whose events come to the lanes through another topic: when they are there is known. */
    private List<PipelineSpec> upstreams() {
        return pipelines.stream().filter(each -> each.context().isPresent()).toList();
    }

    private boolean committed(List<PipelineSpec> those) throws InterruptedException {
        if (those.isEmpty()) {
            return true;
        }
        try (Topics topics = Topics.open(brokers, kafka, "thac-end")) {
            for (PipelineSpec pipeline : those) {
                for (Topics.Progress each : progress(topics, pipeline)) {
                    if (each.committed() < ends.getOrDefault(place(pipeline, each), 0L)) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    private static List<Topics.Progress> progress(Topics topics, PipelineSpec pipeline)
            throws InterruptedException {
        List<String> sources =
                pipeline.source().topic().map(List::of).orElse(pipeline.source().topics());
        List<String> there = new ArrayList<>(sources);
        there.removeAll(topics.missing(sources));
        return there.isEmpty() ? List.of() : topics.progress(reader(pipeline), there);
    }

    /** The group that reads the sources. */
    private static String reader(PipelineSpec pipeline) {
        return pipeline.context().isPresent()
                ? ContextSpec.topic(pipeline.pipeline())
                : pipeline.source().group();
    }

    private static String place(PipelineSpec pipeline, Topics.Progress progress) {
        return pipeline.pipeline() + " " + progress.topic() + "-" + progress.partition();
    }
}
