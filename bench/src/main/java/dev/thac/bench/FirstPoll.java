package dev.thac.bench;

import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Remembers when a row's consumer first returned records, which is where its clock starts: what a
 * row does before (joining its group, probing the brokers) is not part of its speed. Kafka makes
 * the instance itself, so the time is static: one row runs at a time. Costs one call per poll.
 */
public final class FirstPoll implements ConsumerInterceptor<byte[], byte[]> {

    private static final AtomicLong AT = new AtomicLong();

    /** For Kafka. */
    public FirstPoll() {}

    /** Forgets; before each row. */
    static void reset() {
        AT.set(0);
    }

    /**
     * Milliseconds since the epoch.
     *
     * @throws WrongOutputException when nothing was polled since {@link #reset}
     */
    static long at() {
        long at = AT.get();
        if (at == 0) {
            throw new WrongOutputException("the row's consumer never returned a record");
        }
        return at;
    }

    @Override
    public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
        if (AT.get() == 0 && !records.isEmpty()) {
            AT.compareAndSet(0, System.currentTimeMillis());
        }
        return records;
    }

    @Override
    public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

    @Override
    public void close() {}

    @Override
    public void configure(Map<String, ?> configs) {}
}
