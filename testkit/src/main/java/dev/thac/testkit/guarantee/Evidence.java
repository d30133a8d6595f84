package dev.thac.testkit.guarantee;

import dev.thac.testkit.broker.TopicReader;

import org.apache.kafka.clients.consumer.ConsumerRecord;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What went in and what came out.
 *
 * @param inputs every input's coordinates in log order, and its key
 * @param outputs every output by topic, in log order within a partition
 */
public record Evidence(List<Input> inputs, Map<String, List<Output>> outputs) {

    /** The header in which an output names the input it came from. */
    public static final String SOURCE = "thac.source";

    /**
     * One input.
     *
     * @param id its coordinates: topic-partition@offset
     * @param key the record's key; empty when it has none
     */
    public record Input(String id, Optional<Key> key) {}

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
            return new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
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
    }

    /** Copies the lists. */
    public Evidence {
        inputs = List.copyOf(inputs);
        Map<String, List<Output>> copy = new LinkedHashMap<>();
        outputs.forEach((topic, records) -> copy.put(topic, List.copyOf(records)));
        outputs = java.util.Collections.unmodifiableMap(copy);
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
                                Optional.ofNullable(record.key()).map(Key::new)));
            }
        }
        Map<String, List<Output>> outputs = new LinkedHashMap<>();
        for (String topic : outputTopics) {
            List<Output> records = new ArrayList<>();
            for (ConsumerRecord<byte[], byte[]> record : reader.drain(topic)) {
                records.add(
                        new Output(
                                Optional.ofNullable(TopicReader.header(record, SOURCE)),
                                coordinates(record),
                                Optional.ofNullable(record.value()).map(Value::new)));
            }
            outputs.put(topic, records);
        }
        return new Evidence(inputs, outputs);
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
