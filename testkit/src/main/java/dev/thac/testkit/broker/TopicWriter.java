package dev.thac.testkit.broker;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** Writes test records; every method returns when the broker has acknowledged them. */
public final class TopicWriter implements AutoCloseable {

    private final KafkaProducer<byte[], byte[]> producer;

    /**
     * A writer with the client's safe defaults (idempotent, all acknowledgements).
     *
     * @param bootstrapServers the brokers
     */
    public TopicWriter(String bootstrapServers) {
        this(bootstrapServers, Map.of());
    }

    /**
     * A writer with further client settings.
     *
     * @param bootstrapServers the brokers
     * @param properties settings under Kafka's own names, such as {@code max.request.size}
     */
    public TopicWriter(String bootstrapServers, Map<String, Object> properties) {
        Map<String, Object> settings = new java.util.HashMap<>();
        settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        settings.putAll(properties);
        producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Writes one text without a key. */
    public RecordMetadata write(String topic, String value) {
        return write(topic, null, value);
    }

    /** Writes one text under a key; null means no key or no value. */
    public RecordMetadata write(String topic, @Nullable String key, @Nullable String value) {
        return acknowledged(new ProducerRecord<>(topic, bytes(key), bytes(value)));
    }

    /** Writes texts without keys, pipelined. */
    public List<RecordMetadata> writeAll(String topic, List<String> values) {
        List<Future<RecordMetadata>> sent = new ArrayList<>(values.size());
        for (String value : values) {
            sent.add(producer.send(new ProducerRecord<>(topic, bytes(value))));
        }
        return sent.stream().map(TopicWriter::await).toList();
    }

    /** Writes one record as it stands: bytes, headers, partition, timestamp. */
    public RecordMetadata acknowledged(ProducerRecord<byte[], byte[]> record) {
        return await(producer.send(record));
    }

    @Override
    public void close() {
        producer.close();
    }

    private static RecordMetadata await(Future<RecordMetadata> sent) {
        try {
            return sent.get();
        } catch (ExecutionException e) {
            throw new KafkaException("the broker refused a record", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while writing", e);
        }
    }

    @SuppressWarnings("NullAway") // ProducerRecord takes null keys and values
    private static byte[] bytes(@Nullable String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }
}
