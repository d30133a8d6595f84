package dev.thac.kafka;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/**
 * Writes single records outside any lane, each waited for: idempotent, acknowledged by all replicas
 * in sync. Connects with the first record. Used by one thread at a time.
 */
public final class AcknowledgedWriter implements AutoCloseable {

    private static final Duration CLOSE = Duration.ofSeconds(2);

    private final Map<String, Object> settings;
    private @Nullable KafkaProducer<byte[], byte[]> producer;

    /**
     * A writer that is not connected yet.
     *
     * @param brokers bootstrap servers
     * @param kafka client settings
     * @param clientId what the brokers' logs call it
     */
    public AcknowledgedWriter(String brokers, Map<String, String> kafka, String clientId) {
        this.settings = ClientSettings.writer(brokers, kafka, clientId);
    }

    /**
     * Writes a record and waits until it is acknowledged.
     *
     * @param topic where to
     * @param key its key
     * @param value its value
     * @throws IOException when it was not acknowledged; it may be there all the same
     * @throws InterruptedException when the calling thread is interrupted
     */
    public void write(String topic, byte[] key, byte[] value)
            throws IOException, InterruptedException {
        try {
            open().send(new ProducerRecord<>(topic, key, value)).get();
        } catch (ExecutionException e) {
            throw new IOException(topic + ": " + e.getCause(), e);
        } catch (KafkaException e) { // this producer is of no use any more
            close();
            throw new IOException(topic + ": " + e, e);
        }
    }

    private KafkaProducer<byte[], byte[]> open() {
        KafkaProducer<byte[], byte[]> open = producer;
        if (open == null) {
            open = new KafkaProducer<>(settings);
            producer = open;
        }
        return open;
    }

    @Override
    public void close() {
        KafkaProducer<byte[], byte[]> old = producer;
        producer = null;
        if (old != null) {
            old.close(CLOSE);
        }
    }
}
