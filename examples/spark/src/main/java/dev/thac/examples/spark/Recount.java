package dev.thac.examples.spark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Counts again what {@link PageActions} counted, in a plain loop, and says whether it is equal. */
public final class Recount {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long WINDOW_SECONDS = 300;

    private Recount() {}

    /**
     * Compares; ends with 1 when something differs.
     *
     * @param arguments brokers, topic that was read, topic that was written
     */
    public static void main(String[] arguments) throws Exception {
        Map<String, Long> expected = new TreeMap<>();
        long clicks =
                each(
                        arguments[0],
                        arguments[1],
                        value -> {
                            long second =
                                    Instant.parse(value.get("timestamp").asText()).getEpochSecond();
                            Instant start = Instant.ofEpochSecond(second - second % WINDOW_SECONDS);
                            expected.merge(
                                    start + " " + value.get("action").asText(), 1L, Long::sum);
                        });
        Map<String, Long> counted = new TreeMap<>();
        long updates =
                each(
                        arguments[0],
                        arguments[2],
                        value ->
                                counted.put(
                                        Instant.parse(value.at("/window/start").asText())
                                                + " "
                                                + value.get("action").asText(),
                                        value.get("count").asLong()));
        expected.forEach((key, count) -> System.out.printf("%s %,d%n", key, count));
        boolean equal = expected.equals(counted);
        System.out.printf(
                "%,d clicks in %d windows and actions; Spark wrote %d updates, the last of each"
                        + " %s%n",
                clicks, expected.size(), updates, equal ? "equal" : "DIFFERENT: " + counted);
        System.exit(equal ? 0 : 1);
    }

    private static long each(String brokers, String topic, Consumer<JsonNode> sink)
            throws Exception {
        long read = 0;
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(
                        Map.of("bootstrap.servers", brokers, "isolation.level", "read_committed"),
                        new StringDeserializer(),
                        new StringDeserializer())) {
            List<PartitionInfo> partitions = consumer.partitionsFor(topic);
            List<TopicPartition> places =
                    partitions.stream()
                            .map(each -> new TopicPartition(topic, each.partition()))
                            .collect(Collectors.toList());
            consumer.assign(places);
            consumer.seekToBeginning(places);
            Map<TopicPartition, Long> ends = consumer.endOffsets(places);
            while (ends.entrySet().stream()
                    .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<String, String> record :
                        consumer.poll(Duration.ofMillis(200))) {
                    sink.accept(JSON.readTree(record.value()));
                    read++;
                }
            }
        }
        return read;
    }
}
