package dev.thac.sink;

import dev.thac.event.SinkRecord;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/**
 * Writes a sink's dead letters and commits the offsets they belong to: in one transaction, or,
 * where the brokers have none, the letters first. Connects with the first letter. Used by the
 * sink's thread.
 */
final class LetterBox implements AutoCloseable {

    private static final Duration CLOSE = Duration.ofSeconds(2);

    private final Map<String, Object> settings;
    private final boolean transactions;
    private @Nullable Producer<byte[], byte[]> producer;

    /** A box that is not connected. */
    LetterBox(Map<String, Object> settings) {
        this.settings = settings;
        this.transactions = settings.containsKey("transactional.id");
    }

    /**
     * Writes letters and commits offsets.
     *
     * @throws KafkaException when that did not succeed, as far as is known
     * @throws InterruptedException when the thread is interrupted
     */
    void post(
            List<SinkRecord> letters,
            Map<TopicPartition, OffsetAndMetadata> offsets,
            Consumer<byte[], byte[]> consumer)
            throws InterruptedException {
        boolean posted = false;
        try {
            Producer<byte[], byte[]> open = open();
            if (transactions) {
                open.beginTransaction();
                write(open, letters);
                open.sendOffsetsToTransaction(offsets, consumer.groupMetadata());
                open.commitTransaction();
            } else {
                write(open, letters);
                consumer.commitSync(offsets);
            }
            posted = true;
        } finally {
            if (!posted) {
                close(); // what is open is aborted by the next one of the same name
            }
        }
    }

    private static void write(Producer<byte[], byte[]> open, List<SinkRecord> letters)
            throws InterruptedException {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        letters.forEach(each -> sent.add(open.send(Deliveries.record(each))));
        open.flush();
        for (Future<RecordMetadata> each : sent) {
            try {
                RecordMetadata _ = each.get();
            } catch (ExecutionException e) {
                throw e.getCause() instanceof KafkaException known
                        ? known
                        : new KafkaException(e.getCause());
            }
        }
    }

    private Producer<byte[], byte[]> open() {
        Producer<byte[], byte[]> open = producer;
        if (open == null) {
            open = new KafkaProducer<>(settings);
            producer = open;
            if (transactions) {
                open.initTransactions();
            }
        }
        return open;
    }

    @Override
    public void close() {
        Producer<byte[], byte[]> old = producer;
        producer = null;
        if (old != null) {
            old.close(CLOSE);
        }
    }
}
