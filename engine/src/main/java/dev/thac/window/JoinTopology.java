package dev.thac.window;

import dev.thac.event.ErrorCode;
import dev.thac.event.ThacException;
import dev.thac.expression.ExpressionException;
import dev.thac.expression.Expressions;
import dev.thac.expression.Formula;
import dev.thac.pipeline.FlowSpec;
import dev.thac.recover.DeadLetters;
import dev.thac.spec.CelText;

import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.JoinWindows;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.kstream.StreamJoined;
import org.apache.kafka.streams.kstream.ValueJoinerWithKey;
import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The topology of a pipeline's joins: each brings the events and the other topic's records together
 * by what they are joined by, through an internal topic for each side, and joins them with Kafka
 * Streams' stream-stream join.
 */
public final class JoinTopology {

    private static final Serde<byte[]> BYTES = Serdes.ByteArray();

    private final WindowTopology.Sources sources;
    private final Map<String, JoinSpec> joins;

    /**
     * The topology of some joins.
     *
     * @param sources what the events are read from; decisions are not used
     * @param joins the declarations by name
     */
    public JoinTopology(WindowTopology.Sources sources, Map<String, JoinSpec> joins) {
        this.sources = sources;
        this.joins = joins;
    }

    /**
     * The application id of a pipeline's joins.
     *
     * @param pipeline the pipeline
     * @return the id
     */
    public static String application(String pipeline) {
        return pipeline + ".joins";
    }

    /**
     * The internal topics that bring the two sides of a join together.
     *
     * @param pipeline the pipeline
     * @param join the join's name
     * @return the topics Kafka Streams makes
     */
    public static List<String> repartitionTopics(String pipeline, String join) {
        return Stream.of("-left", "-right")
                .map(side -> application(pipeline) + "-" + join + side + "-repartition")
                .toList();
    }

    /**
     * Compiles it.
     *
     * @return the topology
     * @throws ThacException ({@code BAD_SPEC}) when a part of the declaration is wrong
     */
    public Topology build() {
        StreamsBuilder builder = new StreamsBuilder();
        KStream<byte[], byte[]> events =
                builder.stream(new LinkedHashSet<>(sources.topics()), Consumed.with(BYTES, BYTES));
        Map<String, KStream<byte[], byte[]>> others = new HashMap<>(); // a topic is read once
        for (JoinSpec join : joins.values()) {
            others.computeIfAbsent(
                    join.with().topic(),
                    topic -> builder.stream(topic, Consumed.with(BYTES, BYTES)));
        }
        Front front = Front.of(sources.flow(), sources.clock());
        boolean first = true;
        for (Map.Entry<String, JoinSpec> join : joins.entrySet()) {
            KStream<byte[], byte[]> other =
                    Objects.requireNonNull(others.get(join.getValue().with().topic()));
            join(events, other, reading(front, first && sources.deadLetters()), join);
            first = false; // one dead letter is enough
        }
        return builder.build();
    }

    private void join(
            KStream<byte[], byte[]> events,
            KStream<byte[], byte[]> theirs,
            Reading reading,
            Map.Entry<String, JoinSpec> declared) {
        String name = declared.getKey();
        JoinSpec spec = declared.getValue();
        Formula leftKey = formula(name + ".by", spec.by());
        KStream<byte[], Parcel> read =
                events.process(() -> new JoinSide(reading, leftKey), Named.as(name + "-events"));
        WindowTopology.out(read);
        Reading other =
                reading(
                        Front.ofTopic(
                                new EventClock(spec.with().time(), sources.clock().maxAhead())),
                        false);
        Formula rightKey = formula(name + ".with.by", spec.with().by());
        KStream<byte[], byte[]> left = inside(read);
        KStream<byte[], byte[]> right =
                inside(
                        theirs.process(
                                () -> new JoinSide(other, rightKey), Named.as(name + "-other")));
        int partitions = partitions(name, spec);
        KStream<byte[], byte[]> lefts = together(left, name + "-left", partitions);
        KStream<byte[], byte[]> rights = together(right, name + "-right", partitions);
        JoinWindows windows = JoinWindows.ofTimeDifferenceAndGrace(spec.within(), spec.grace());
        StreamJoined<byte[], byte[], byte[]> stores =
                StreamJoined.with(BYTES, BYTES, BYTES).withName(name).withStoreName(name);
        ValueJoinerWithKey<byte[], byte[], byte[], byte[]> pair = JoinTopology::pair;
        KStream<byte[], byte[]> joined =
                switch (spec.kind()) {
                    case INNER -> lefts.join(rights, pair, windows, stores);
                    case LEFT -> lefts.leftJoin(rights, pair, windows, stores);
                    case OUTER -> lefts.outerJoin(rights, pair, windows, stores);
                };
        joined.to(spec.to(), Produced.with(BYTES, BYTES));
        if (spec.kind() != JoinKind.INNER) {
            alone(left, true, spec.to());
        }
        if (spec.kind() == JoinKind.OUTER) {
            alone(right, false, spec.to());
        }
    }

    /** What has nothing to be joined by has no partner; that is known at once. */
    private static void alone(KStream<byte[], byte[]> side, boolean left, String to) {
        side.filter((key, _) -> key == null)
                .mapValues(json -> left ? pair(null, json, null) : pair(null, null, json))
                .to(to, Produced.with(BYTES, BYTES));
    }

    private static KStream<byte[], byte[]> inside(KStream<byte[], Parcel> read) {
        return read.filter((_, parcel) -> parcel instanceof Parcel.Inside)
                .mapValues(WindowTopology::signal);
    }

    private static KStream<byte[], byte[]> together(
            KStream<byte[], byte[]> side, String name, int partitions) {
        return side.filter((key, _) -> key != null)
                .repartition(
                        Repartitioned.<byte[], byte[]>as(name)
                                .withKeySerde(BYTES)
                                .withValueSerde(BYTES)
                                .withNumberOfPartitions(partitions));
    }

    /** As many as before; at first, as many as the larger side has. */
    private int partitions(String name, JoinSpec spec) {
        String left = repartitionTopics(sources.flow().pipeline(), name).getFirst();
        Integer before = sources.partitions().get(left);
        if (before != null) {
            return before;
        }
        return Stream.concat(sources.topics().stream(), Stream.of(spec.with().topic()))
                .mapToInt(topic -> sources.partitions().getOrDefault(topic, 1))
                .max()
                .orElse(1);
    }

    private Reading reading(Front front, boolean letters) {
        FlowSpec flow = sources.flow();
        String topic = flow.failures().deadLetter().orElse(flow.pipeline() + ".dlq");
        return new Reading(
                flow.pipeline(),
                sources.topics(),
                sources.partitions(),
                front,
                List.of(),
                sources.notBefore().toEpochMilli(),
                letters ? Optional.of(new DeadLetters(flow.pipeline(), topic)) : Optional.empty(),
                sources.meters());
    }

    private static Formula formula(String path, CelText cel) {
        try {
            return Expressions.formula(cel.text());
        } catch (ExpressionException e) {
            throw new ThacException(ErrorCode.BAD_SPEC, "joins." + path + ": " + e.getMessage(), e);
        }
    }

    /** The value of an output record; a side that is missing is null. */
    private static byte[] pair(
            byte @Nullable [] key, byte @Nullable [] left, byte @Nullable [] right) {
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        json.writeBytes(utf8("{\"key\":"));
        json.writeBytes(
                key == null ? utf8("null") : Measure.json(new String(key, StandardCharsets.UTF_8)));
        json.writeBytes(utf8(",\"left\":"));
        json.writeBytes(left == null ? utf8("null") : left);
        json.writeBytes(utf8(",\"right\":"));
        json.writeBytes(right == null ? utf8("null") : right);
        json.writeBytes(utf8("}"));
        return json.toByteArray();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
