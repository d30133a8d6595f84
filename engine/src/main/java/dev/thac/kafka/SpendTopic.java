package dev.thac.kafka;

import dev.thac.event.ErrorCode;
import dev.thac.event.ThacException;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/**
 * Writes what a pipeline has spent into the ledger topic, where {@code thac cost} reads it. Owned
 * by one thread. Connects with the first write.
 */
public final class SpendTopic implements AutoCloseable {

    /** Name of the ledger topic. */
    public static final String NAME = LedgerTopic.NAME;

    private final String brokers;
    private final Map<String, String> kafka;
    private final String clientId;
    private @Nullable Producer<byte[], byte[]> producer;

    /**
     * A writer that is not connected yet.
     *
     * @param brokers bootstrap servers
     * @param kafka further client settings
     * @param pipeline whose spending it is
     */
    public SpendTopic(String brokers, Map<String, String> kafka, String pipeline) {
        this.brokers = brokers;
        this.kafka = Map.copyOf(kafka);
        this.clientId = "thac-" + pipeline + "-spend";
    }

    /**
     * Writes records and waits until the brokers have them.
     *
     * @param records key to value
     * @throws ThacException {@code TOPIC_MISSING} where there is no ledger topic, {@code
     *     KAFKA_UNAVAILABLE} when it cannot be written; then some of them may have been
     * @throws InterruptedException when the calling thread is interrupted
     */
    public void write(Map<String, byte[]> records) throws InterruptedException {
        Producer<byte[], byte[]> open = producer;
        if (open == null) {
            requireTopic();
            open = new KafkaProducer<>(ClientSettings.writer(brokers, kafka, clientId));
            producer = open;
        }
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        try {
            for (Map.Entry<String, byte[]> record : records.entrySet()) {
                byte[] key = record.getKey().getBytes(StandardCharsets.UTF_8);
                sent.add(open.send(new ProducerRecord<>(NAME, 0, key, record.getValue())));
            }
            open.flush();
            for (Future<RecordMetadata> each : sent) {
                RecordMetadata _ = each.get();
            }
        } catch (KafkaException | ExecutionException e) {
            throw new ThacException(
                    ErrorCode.KAFKA_UNAVAILABLE,
                    "spending cannot be written to " + NAME + ": " + e.getMessage(),
                    e);
        }
    }

    private void requireTopic() throws InterruptedException {
        try (Topics topics = Topics.open(brokers, kafka, clientId + "-start")) {
            if (topics.partitions(NAME).isEmpty()) {
                throw new ThacException(
                        ErrorCode.TOPIC_MISSING,
                        "there is no topic "
                                + NAME
                                + ", so that `thac cost` will not know what is spent here");
            }
        }
    }

    @Override
    public void close() {
        Producer<byte[], byte[]> open = producer;
        if (open != null) {
            open.close(Duration.ofSeconds(5));
        }
    }
}
