package dev.thac.kafka;

import dev.thac.event.Delivery;
import dev.thac.event.Header;
import dev.thac.event.Outcome;
import dev.thac.event.RecordId;
import dev.thac.event.SinkRecord;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;

import java.util.ArrayList;
import java.util.List;

/** Kafka's records to ours and back. */
final class Records {

    private Records() {}

    /** A polled record; its arrays are shared. */
    static Delivery delivery(ConsumerRecord<byte[], byte[]> record) {
        return new Delivery(
                new RecordId(record.topic(), record.partition(), record.offset()),
                record.timestamp(),
                record.key(),
                record.value(),
                headers(record.headers()));
    }

    /** A record to be sent; its arrays are shared. */
    static ProducerRecord<byte[], byte[]> producerRecord(SinkRecord record) {
        return new ProducerRecord<>(
                record.topic(),
                record.partition(),
                record.timestamp() < 0 ? null : record.timestamp(),
                record.key(),
                record.value(),
                headers(record.headers()));
    }

    /** What an outcome writes. */
    static List<SinkRecord> of(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Routed routed -> routed.records();
            case Outcome.DeadLettered dead -> List.of(dead.record());
            case Outcome.RetryLater retry -> List.of(retry.record());
            case Outcome.FilteredOut _, Outcome.SampledOut _ -> List.of();
        };
    }

    /** Bytes an outcome holds until it is committed, about. */
    static int bytes(Outcome outcome) {
        int sum = 0;
        for (SinkRecord record : of(outcome)) {
            sum += 64 + record.bytes();
        }
        return sum;
    }

    private static List<Header> headers(Headers headers) {
        List<Header> ours = List.of();
        for (org.apache.kafka.common.header.Header header : headers) {
            if (ours.isEmpty()) {
                ours = new ArrayList<>();
            }
            ours.add(new Header(header.key(), header.value()));
        }
        return ours;
    }

    private static RecordHeaders headers(List<Header> headers) {
        RecordHeaders theirs = new RecordHeaders();
        for (Header header : headers) {
            theirs.add(new RecordHeader(header.key(), header.value()));
        }
        return theirs;
    }
}
