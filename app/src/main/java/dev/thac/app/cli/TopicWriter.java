package dev.thac.app.cli;

import dev.thac.app.kafka.KafkaAccess;
import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.UserError;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** Writes records to one topic and counts those that are acknowledged. Used by one thread. */
final class TopicWriter implements AutoCloseable {

    /** Idempotent and acknowledged by all replicas, as the client's defaults are. */
    private static final Map<String, Object> SETTINGS =
            Map.of("linger.ms", 5, "compression.type", "lz4");

    private final Producer<byte[], byte[]> producer;
    private final AtomicLong written = new AtomicLong();
    private final AtomicReference<@Nullable Exception> refused = new AtomicReference<>();

    private TopicWriter(Producer<byte[], byte[]> producer) {
        this.producer = producer;
    }

    /**
     * A writer to a topic that is there.
     *
     * @param access where the brokers are
     * @param topic where to write
     * @param settings of the producer, over our own
     * @throws UserError when there is no such topic, or no broker
     */
    static TopicWriter open(KafkaAccess access, String topic, Map<String, String> settings)
            throws InterruptedException {
        requireTopic(access, topic);
        Map<String, Object> all = new HashMap<>(SETTINGS);
        all.putAll(access.settings());
        all.putAll(settings);
        return new TopicWriter(access.producer(all));
    }

    /** Hands a record to the producer. */
    void write(ProducerRecord<byte[], byte[]> record) {
        Future<RecordMetadata> _ =
                producer.send(
                        record,
                        (_, error) -> {
                            if (error == null) {
                                written.incrementAndGet();
                            } else {
                                refused.compareAndSet(null, error);
                            }
                        });
    }

    /** How many partitions the topic has. */
    int partitions(String topic) {
        return producer.partitionsFor(topic).size();
    }

    /** Whether a record was refused; nothing more should be written then. */
    boolean refused() {
        return refused.get() != null;
    }

    /** Records acknowledged so far; all of them after {@link #close()}. */
    long written() {
        return written.get();
    }

    /**
     * Ends the command where something went wrong.
     *
     * @param stopped what stopped the writing, if anything did
     * @throws UserError when something stopped it, or a record was refused
     */
    void throwTrouble(@Nullable UserError stopped) {
        Exception error = refused.get();
        if (stopped == null && error == null) {
            return;
        }
        throw new UserError(
                written.get() > 0 ? ExitCode.PARTLY : ExitCode.FAILED,
                stopped != null
                        ? String.valueOf(stopped.getMessage())
                        : "Kafka refused a record: " + error,
                stopped != null ? stopped.help() : "");
    }

    /** Waits for what was handed over. */
    @Override
    public void close() {
        producer.close();
    }

    private static void requireTopic(KafkaAccess access, String topic) throws InterruptedException {
        try (Admin admin = access.admin()) {
            if (!access.await(admin.listTopics().names()).contains(topic)) {
                throw new UserError(
                        ExitCode.FAILED,
                        "there is no topic " + topic + " at " + access.brokers(),
                        "`thac topics create` makes topics; `thac topics list` shows what is"
                                + " there");
            }
        } catch (KafkaException e) {
            throw access.unreachable(e);
        }
    }
}
