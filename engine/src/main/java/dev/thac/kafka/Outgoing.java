package dev.thac.kafka;

import dev.thac.event.SinkRecord;

import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;

import java.util.Set;
import java.util.concurrent.Future;

/**
 * Sends what outcomes write. A partition is taken modulo those of the topic: one that a route
 * computes, and the partition of their source for records of retry topics, whose acknowledgements
 * tell the {@link BrokerClock} the time. Used by the lane thread.
 */
final class Outgoing {

    private final Producer<byte[], byte[]> producer;
    private final Set<String> retryTopics;
    private final BrokerClock clock;

    Outgoing(Producer<byte[], byte[]> producer, LaneSource source, BrokerClock clock) {
        this.producer = producer;
        this.retryTopics = source.retryTopics().keySet();
        this.clock = clock;
    }

    /**
     * Hands a record to the producer.
     *
     * @param record what to send
     * @param callback hears how that ended
     * @throws KafkaException when the producer does not take it
     */
    void send(SinkRecord record, Callback callback) {
        if (!retryTopics.contains(record.topic())) {
            Future<RecordMetadata> _ =
                    producer.send(Records.producerRecord(placed(record)), callback);
            return;
        }
        Callback timed =
                (metadata, failure) -> {
                    if (failure == null && metadata != null && metadata.hasTimestamp()) {
                        clock.acknowledged(metadata.timestamp());
                    }
                    callback.onCompletion(metadata, failure);
                };
        Future<RecordMetadata> _ = producer.send(Records.producerRecord(placed(record)), timed);
    }

    /** A source may have grown beyond the retry topic, and a computed number may be any. */
    private SinkRecord placed(SinkRecord record) {
        Integer partition = record.partition();
        int known = partition == null ? 0 : producer.partitionsFor(record.topic()).size();
        return partition == null || known == 0 || partition < known
                ? record
                : new SinkRecord(
                        record.topic(),
                        partition % known,
                        record.timestamp(),
                        record.key(),
                        record.value(),
                        record.headers());
    }
}
