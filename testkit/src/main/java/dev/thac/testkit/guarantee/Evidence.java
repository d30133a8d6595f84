package dev.thac.testkit.guarantee;

import dev.thac.testkit.broker.TopicReader;
import dev.thac.testkit.simulator.PaidCall;

import org.apache.kafka.clients.consumer.ConsumerRecord;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What went in, what came out, and what else was seen of a run.
 *
 * @param inputs every input in log order
 * @param outputs every output a committed reader sees, by topic, in log order within a partition
 * @param calls the calls that were paid; empty when nobody noted them
 * @param brokers what the brokers hold besides
 * @param samples figures taken while it ran; empty when nobody took them
 */
public record Evidence(
        List<Input> inputs,
        Map<String, List<Output>> outputs,
        List<PaidCall> calls,
        Brokers brokers,
        List<Sample> samples) {

    /** The header in which an output names the input it came from. */
    public static final String SOURCE = "thac.source";

    /**
     * One input.
     *
     * @param id its coordinates: topic-partition@offset
     * @param key the record's key; empty when it has none
     * @param value its value; empty when it is null
     */
    public record Input(String id, Optional<Key> key, Optional<Value> value) {

        /** One whose value does not matter. */
        public Input(String id, Optional<Key> key) {
            this(id, key, Optional.empty());
        }
    }

    /**
     * What brokers hold besides the committed records.
     *
     * @param aborted outputs of transactions that were given up, or are open still, by topic
     * @param commits what the consumer group has committed, one for each partition it has read
     * @param ends the ends of all partitions of inputs and outputs
     */
    public record Brokers(Map<String, List<Output>> aborted, List<Commit> commits, List<End> ends) {

        /** Nobody asked. */
        public static final Brokers UNASKED = new Brokers(Map.of(), List.of(), List.of());

        /** Copies the lists. */
        public Brokers {
            aborted = Map.copyOf(aborted);
            commits = List.copyOf(commits);
            ends = List.copyOf(ends);
        }
    }

    /**
     * One committed offset.
     *
     * @param partition topic-partition
     * @param offset where the group would begin
     * @param metadata what was committed with it
     */
    public record Commit(String partition, long offset, String metadata) {}

    /**
     * The two ends of one partition.
     *
     * @param partition topic-partition
     * @param stable where a committed reader must stop (the last stable offset)
     * @param high where any reader must stop (the high watermark)
     */
    public record End(String partition, long stable, long high) {}

    /**
     * Figures of one moment.
     *
     * @param at when
     * @param figures by name
     */
    public record Sample(Instant at, Map<String, Long> figures) {

        /** Copies the figures. */
        public Sample {
            figures = Map.copyOf(figures);
        }
    }

    /**
     * One output.
     *
     * @param source the coordinates it names; empty when it names none
     * @param at its own coordinates
     * @param value its value; empty when it is null
     */
    public record Output(Optional<String> source, String at, Optional<Value> value) {}

    /** A record's key; compares by content. */
    public static final class Key {

        private final byte[] bytes;

        Key(byte[] bytes) {
            this.bytes = bytes.clone();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Key key && Arrays.equals(bytes, key.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }

        @Override
        public String toString() {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    /** A record's value. */
    public static final class Value {

        private final byte[] bytes;

        Value(byte[] bytes) {
            this.bytes = bytes.clone();
        }

        /** The bytes. */
        public byte[] bytes() {
            return bytes.clone();
        }

        /** The bytes as UTF-8. */
        public String text() {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    /** Copies the lists. */
    public Evidence {
        inputs = List.copyOf(inputs);
        Map<String, List<Output>> copy = new LinkedHashMap<>();
        outputs.forEach((topic, records) -> copy.put(topic, List.copyOf(records)));
        outputs = Collections.unmodifiableMap(copy);
        calls = List.copyOf(calls);
        samples = List.copyOf(samples);
    }

    /** Inputs and outputs alone. */
    public Evidence(List<Input> inputs, Map<String, List<Output>> outputs) {
        this(inputs, outputs, List.of(), Brokers.UNASKED, List.of());
    }

    /** The same with the calls that were paid. */
    public Evidence withCalls(List<PaidCall> paid) {
        return new Evidence(inputs, outputs, paid, brokers, samples);
    }

    /** The same with what the brokers hold besides. */
    public Evidence withBrokers(Brokers held) {
        return new Evidence(inputs, outputs, calls, held, samples);
    }

    /** The same with figures taken while it ran. */
    public Evidence withSamples(List<Sample> taken) {
        return new Evidence(inputs, outputs, calls, brokers, taken);
    }

    /**
     * Reads topics as a {@code read_committed} consumer sees them.
     *
     * @param inputTopics what was read
     * @param outputTopics what was written, dead letters included, retry topics not
     */
    public static Evidence read(
            String bootstrapServers,
            Collection<String> inputTopics,
            Collection<String> outputTopics) {
        TopicReader reader = TopicReader.readCommitted(bootstrapServers);
        List<Input> inputs = new ArrayList<>();
        for (String topic : inputTopics) {
            for (ConsumerRecord<byte[], byte[]> record : reader.drain(topic)) {
                inputs.add(
                        new Input(
                                coordinates(record),
                                Optional.ofNullable(record.key()).map(Key::new),
                                Optional.ofNullable(record.value()).map(Value::new)));
            }
        }
        Map<String, List<Output>> outputs = new LinkedHashMap<>();
        for (String topic : outputTopics) {
            outputs.put(topic, outputs(reader, topic));
        }
        return new Evidence(inputs, outputs);
    }

    /** All that a reader sees of an output topic. */
    static List<Output> outputs(TopicReader reader, String topic) {
        List<Output> records = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : reader.drain(topic)) {
            records.add(
                    new Output(
                            Optional.ofNullable(TopicReader.header(record, SOURCE)),
                            coordinates(record),
                            Optional.ofNullable(record.value()).map(Value::new)));
        }
        return records;
    }

    /** The coordinates of all inputs. */
    Set<String> inputIds() {
        Set<String> ids = new LinkedHashSet<>();
        inputs.forEach(input -> ids.add(input.id()));
        return ids;
    }

    /** How often each input is named by the outputs of a topic. */
    Map<String, Integer> counts(String topic) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (Output output : outputs.getOrDefault(topic, List.of())) {
            output.source().ifPresent(source -> counts.merge(source, 1, Integer::sum));
        }
        return counts;
    }

    /** The inputs that any output names. */
    Set<String> named() {
        Set<String> named = new HashSet<>();
        outputs.keySet().forEach(topic -> named.addAll(counts(topic).keySet()));
        return named;
    }

    private static String coordinates(ConsumerRecord<?, ?> record) {
        return record.topic() + "-" + record.partition() + "@" + record.offset();
    }
}
