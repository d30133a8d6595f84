package dev.thac.bench;

import com.fasterxml.jackson.databind.ObjectMapper;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.kstream.Windowed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;

/**
 * The windows of {@code windows.yaml} as one writes them with the DSL of Kafka Streams, with the
 * settings that ours have and the same output.
 */
final class PlainWindows {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int KEY_LENGTH = 7;

    private PlainWindows() {}

    /**
     * Starts them.
     *
     * @param job topics
     * @param application the application id
     * @param threads stream threads
     * @param state where state is kept
     * @param lean whether only the key goes through the internal topic, and not the event
     */
    static KafkaStreams start(Job job, String application, int threads, Path state, boolean lean) {
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, application);
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, job.brokers());
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, threads);
        settings.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
        settings.put("producer." + ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        settings.put("producer." + ProducerConfig.LINGER_MS_CONFIG, 20);
        settings.put("producer." + ProducerConfig.BATCH_SIZE_CONFIG, 131_072);
        settings.put("consumer." + ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 2000);
        settings.put(
                "consumer." + ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG, FirstPoll.class.getName());
        settings.put("main.consumer." + ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        KafkaStreams streams = new KafkaStreams(topology(job, lean), settings);
        streams.start();
        return streams;
    }

    private static Topology topology(Job job, boolean lean) {
        StreamsBuilder builder = new StreamsBuilder();
        KStream<String, byte[]> events =
                builder.stream(job.input(), Consumed.with(Serdes.ByteArray(), Serdes.ByteArray()))
                        .selectKey((_, value) -> product(value));
        KStream<String, byte[]> sent = lean ? events.mapValues(_ -> new byte[0]) : events;
        sent.groupByKey(Grouped.with("minute", Serdes.String(), Serdes.ByteArray()))
                .windowedBy(
                        TimeWindows.ofSizeAndGrace(Duration.ofMinutes(1), Duration.ofMinutes(10)))
                .count(Materialized.as("counts"))
                .toStream()
                .map((window, count) -> KeyValue.pair(window.key(), json(window, count)))
                .to(job.output(), Produced.with(Serdes.String(), Serdes.ByteArray()));
        return builder.build();
    }

    private static String product(byte[] event) {
        try {
            return JSON.readTree(event).path("product").asText().substring(0, KEY_LENGTH);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] json(Windowed<String> window, long count) {
        return ("{\"window\":{\"start\":\""
                        + window.window().startTime()
                        + "\",\"end\":\""
                        + window.window().endTime()
                        + "\"},\"key\":{\"product\":\""
                        + window.key()
                        + "\"},\"count\":"
                        + count
                        + '}')
                .getBytes(StandardCharsets.UTF_8);
    }
}
