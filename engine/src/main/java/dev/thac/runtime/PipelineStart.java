package dev.thac.runtime;

import dev.thac.kafka.BrokerAbilities;
import dev.thac.kafka.Diagnosis;
import dev.thac.kafka.Isolation;
import dev.thac.kafka.Journal;
import dev.thac.kafka.JournalSettings;
import dev.thac.kafka.Lane;
import dev.thac.kafka.LaneSettings;
import dev.thac.kafka.LaneSource;
import dev.thac.kafka.StartPosition;
import dev.thac.kafka.Topics;
import dev.thac.meter.Meters;
import dev.thac.model.Claim;
import dev.thac.resilience.Ticker;

import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Brings a pipeline to life: its topics, what the brokers can do, its lanes and companions. */
final class PipelineStart {

    /** What only the classic consumer group protocol knows; in the new one the brokers decide. */
    private static final Set<String> CLASSIC =
            Set.of("session.timeout.ms", "heartbeat.interval.ms", "partition.assignment.strategy");

    private final PipelineSpec spec;
    private final RuntimeSettings settings;
    private final Meters meters;
    private final Ticker ticker;

    /**
     * A start.
     *
     * @param spec the pipeline
     * @param settings where and how
     * @param meters where figures go
     * @param ticker the time
     */
    PipelineStart(PipelineSpec spec, RuntimeSettings settings, Meters meters, Ticker ticker) {
        this.spec = spec;
        this.settings = settings;
        this.meters = meters;
        this.ticker = ticker;
    }

    /**
     * Starts.
     *
     * @param work what the lanes do; its money is given back when the start fails
     * @param companions what runs beside the lanes
     * @return the running pipeline
     * @throws InterruptedException when the calling thread is interrupted
     */
    PipelineRuntime start(LaneWork work, List<Companion> companions) throws InterruptedException {
        boolean started = false;
        try {
            PipelineRuntime runtime = begin(work, companions);
            started = true;
            return runtime;
        } finally {
            if (!started) {
                work.treasury().close();
            }
        }
    }

    private PipelineRuntime begin(LaneWork work, List<Companion> companions)
            throws InterruptedException {
        PipelineTopics needed = new PipelineTopics(spec, work.treasury().budgets());
        Map<String, String> kafka = Preflight.kafka(spec, settings);
        createTopics(needed, kafka);
        BrokerAbilities abilities =
                Preflight.require(spec, needed, settings, Preflight.look(companions), ticker);
        // Settings of the classic protocol are honoured: the new one refuses them.
        if (Collections.disjoint(kafka.keySet(), CLASSIC) && abilities.newGroupProtocol()) {
            kafka.putIfAbsent("group.protocol", "consumer");
        }
        PipelineRuntime runtime =
                new PipelineRuntime(spec, work, companions, meters, ticker, abilities.warnings());
        Claim claim = work.claim(spec.pipeline());
        for (int lane = 0; lane < spec.laneCount(); lane++) {
            LaneSettings laneSettings =
                    new LaneSettings(
                            spec.pipeline(),
                            settings.instance(),
                            lane,
                            spec.laneCount(),
                            settings.brokers(),
                            source(needed),
                            spec.delivery(),
                            spec.order(),
                            abilities.metadataChars(),
                            spec.limits(),
                            kafka);
            runtime.add(keeper(runtime, work, laneSettings, claim));
        }
        runtime.begin(settings, claim, meters, ticker);
        return runtime;
    }

    private LaneKeeper keeper(
            PipelineRuntime runtime, LaneWork work, LaneSettings lane, @Nullable Claim claim) {
        LaneTally tally = new LaneTally(spec.pipeline(), runtime.tally(), meters, ticker);
        if (claim != null) {
            tally.telling(part -> claim.hold(lane.lane(), part));
        }
        return new LaneKeeper(
                () -> Lane.start(work.task(lane, tally, ticker)),
                error -> Diagnosis.of(error, lane),
                runtime.tally(),
                ticker,
                runtime::laneEnded);
    }

    private void createTopics(PipelineTopics needed, Map<String, String> kafka)
            throws InterruptedException {
        if (settings.newTopicPartitions().isPresent()) {
            try (Topics topics =
                    Topics.open(settings.brokers(), kafka, "thac-" + spec.pipeline() + "-start")) {
                needed.create(topics, settings.newTopicPartitions().getAsInt());
            }
        }
    }

    private LaneSource source(PipelineTopics needed) {
        boolean relayed = needed.context().isPresent();
        return new LaneSource(
                needed.lanes(),
                needed.retries(),
                spec.source().group(),
                // where the source is begun is decided by whoever fills the context topic
                relayed ? new StartPosition.Earliest() : StartPosition.parse(spec.source().start()),
                relayed ? Isolation.READ_COMMITTED : spec.source().isolation(),
                spec.source().foreignMetadata(),
                relayed);
    }

    /**
     * The journal as the file wants it, not connected yet.
     *
     * @param spec the pipeline
     * @param settings where and how
     * @param meters where figures go
     * @param ticker the time
     * @return the journal; null where none is kept
     */
    static @Nullable Journal journal(
            PipelineSpec spec, RuntimeSettings settings, Meters meters, Ticker ticker) {
        if (spec.journalTopic().isEmpty()) {
            return null;
        }
        return Journal.of(
                new JournalSettings(
                        spec.pipeline(),
                        settings.instance(),
                        settings.brokers(),
                        spec.journalTopic().get(),
                        List.copyOf(new PipelineTopics(spec).retries().keySet()),
                        spec.limits().openBytes(),
                        Preflight.kafka(spec, settings)),
                meters,
                ticker);
    }
}
