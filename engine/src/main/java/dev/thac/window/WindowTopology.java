package dev.thac.window;

import dev.thac.meter.Meters;
import dev.thac.pipeline.FlowSpec;
import dev.thac.recover.DeadLetters;

import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The topology of a pipeline's windows: readers of the source, one for each of its partitions, and
 * for each declaration keepers of windows, between them one internal topic, whose key is the group.
 */
public final class WindowTopology {

    private static final Serde<byte[]> BYTES = Serdes.ByteArray();
    private static final Serde<Parcel> PARCELS =
            Serdes.serdeFrom(
                    (_, parcel) ->
                            switch (parcel) {
                                case Parcel.Inside inside -> inside.signal();
                                case Parcel.Outside outside -> outside.value();
                            },
                    (_, _) -> {
                        throw new UnsupportedOperationException("parcels are only written");
                    });

    private final Sources sources;
    private final Map<String, WindowSpec> windows;

    /**
     * What the windows of a pipeline read.
     *
     * @param flow the pipeline's declaration
     * @param clock where events have their time from
     * @param topics the source topics, in the order of the file
     * @param partitions how many partitions each topic has that is read or was made for these
     *     windows before
     * @param decisions the topic of judged events, read by windows over verdicts
     * @param notBefore records with an earlier timestamp are passed over
     * @param deadLetters whether records that cannot be counted become dead letters here, because
     *     no lane reads them
     * @param meters where figures go
     */
    public record Sources(
            FlowSpec flow,
            EventClock clock,
            List<String> topics,
            Map<String, Integer> partitions,
            String decisions,
            Instant notBefore,
            boolean deadLetters,
            Meters meters) {
        /** Copies the collections. */
        public Sources {
            topics = List.copyOf(topics);
            partitions = Map.copyOf(partitions);
        }
    }

    /**
     * The topology of some windows.
     *
     * @param sources what they read
     * @param windows the declarations by name
     */
    public WindowTopology(Sources sources, Map<String, WindowSpec> windows) {
        this.sources = sources;
        this.windows = windows;
    }

    /**
     * The application id of a pipeline's windows.
     *
     * @param pipeline the pipeline
     * @return the id
     */
    public static String application(String pipeline) {
        return pipeline + ".windows";
    }

    /**
     * The internal topic that brings events to the windows of one declaration.
     *
     * @param pipeline the pipeline
     * @param window the window's name
     * @return the topic Kafka Streams makes
     */
    public static String repartitionTopic(String pipeline, String window) {
        return application(pipeline) + "-" + window + "-repartition";
    }

    /**
     * Compiles it.
     *
     * @return the topology
     * @throws dev.thac.event.ThacException ({@code BAD_SPEC}) when a part of the declaration is
     *     wrong
     */
    public Topology build() {
        StreamsBuilder builder = new StreamsBuilder();
        List<WindowPlan> events = plans(WindowSource.EVENTS);
        if (!events.isEmpty()) {
            Front front = Front.of(sources.flow(), sources.clock());
            read(builder, reading(sources.topics(), front, events), "source");
        }
        List<WindowPlan> verdicts = plans(WindowSource.VERDICTS);
        if (!verdicts.isEmpty()) {
            Front front = Front.ofDecisions(sources.flow(), sources.clock());
            read(builder, reading(List.of(sources.decisions()), front, verdicts), "decisions");
        }
        return builder.build();
    }

    private List<WindowPlan> plans(WindowSource of) {
        List<WindowPlan> plans = new ArrayList<>();
        windows.forEach(
                (name, spec) -> {
                    if (spec.of() == of) {
                        plans.add(WindowPlan.of(name, spec));
                    }
                });
        return plans;
    }

    private Reading reading(List<String> topics, Front front, List<WindowPlan> plans) {
        String pipeline = sources.flow().pipeline();
        String topic = sources.flow().failures().deadLetter().orElse(pipeline + ".dlq");
        return new Reading(
                pipeline,
                topics,
                sources.partitions(),
                front,
                plans,
                sources.notBefore().toEpochMilli(),
                sources.deadLetters()
                        ? Optional.of(new DeadLetters(pipeline, topic))
                        : Optional.empty(),
                sources.meters());
    }

    private void read(StreamsBuilder builder, Reading reading, String name) {
        String seen = name + "-seen";
        builder.addStateStore(store(seen));
        KStream<byte[], Parcel> parcels =
                builder.stream(new LinkedHashSet<>(reading.topics()), Consumed.with(BYTES, BYTES))
                        .process(
                                () -> new SourceReader(reading, seen),
                                Named.as(name + "-reader"),
                                seen);
        out(parcels);
        for (int i = 0; i < reading.plans().size(); i++) {
            WindowPlan plan = reading.plans().get(i);
            int place = i;
            String state = plan.name() + "-state";
            builder.addStateStore(store(state));
            KStream<byte[], Parcel> results =
                    parcels.filter((_, parcel) -> isFor(parcel, place))
                            .mapValues(WindowTopology::signal)
                            .repartition(
                                    Repartitioned.<byte[], byte[]>as(plan.name())
                                            .withKeySerde(BYTES)
                                            .withValueSerde(BYTES)
                                            .withNumberOfPartitions(keepers(reading, plan))
                                            .withStreamPartitioner(PLACEMENT))
                            .process(
                                    () -> new WindowKeeper(plan, state, reading),
                                    Named.as(plan.name() + "-keeper"),
                                    state);
            out(results);
        }
    }

    /** As many as before; at first, as many as the source has partitions. */
    private int keepers(Reading reading, WindowPlan plan) {
        Integer before =
                sources.partitions().get(repartitionTopic(sources.flow().pipeline(), plan.name()));
        if (before != null) {
            return before;
        }
        return reading.topics().stream()
                .mapToInt(topic -> sources.partitions().getOrDefault(topic, 1))
                .max()
                .orElse(1);
    }

    private static boolean isFor(Parcel parcel, int window) {
        return parcel instanceof Parcel.Inside inside && inside.window() == window;
    }

    static byte @Nullable [] signal(Parcel parcel) {
        return switch (parcel) {
            case Parcel.Inside inside -> inside.signal();
            case Parcel.Outside outside -> outside.value();
        };
    }

    static void out(KStream<byte[], Parcel> parcels) {
        parcels.filter((_, parcel) -> parcel instanceof Parcel.Outside)
                .to((_, parcel, _) -> topic(parcel), Produced.with(BYTES, PARCELS));
    }

    private static String topic(Parcel parcel) {
        return switch (parcel) {
            case Parcel.Outside outside -> outside.topic();
            case Parcel.Inside inside -> throw new IllegalStateException("stays inside: " + inside);
        };
    }

    /** Marks go to all, events where their group lives. */
    private static final StreamPartitioner<byte[], byte[]> PLACEMENT =
            (_, key, signal, partitions) ->
                    Optional.of(
                            Signal.isMark(signal)
                                    ? IntStream.range(0, partitions)
                                            .boxed()
                                            .collect(Collectors.toUnmodifiableSet())
                                    : Set.of(Utils.toPositive(Utils.murmur2(key)) % partitions));

    private static StoreBuilder<KeyValueStore<byte[], byte[]>> store(String name) {
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), BYTES, BYTES)
                .withCachingEnabled();
    }
}
