package dev.thac.sink;

import dev.thac.event.Delivery;
import dev.thac.event.Header;
import dev.thac.event.RecordId;
import dev.thac.event.SinkRecord;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;

import java.util.ArrayList;
import java.util.List;

/** Kafka's records to ours and back; arrays are shared. Stateless. */
final class Deliveries {

    private Deliveries() {}

    /** A polled record. */
    static Delivery of(ConsumerRecord<byte[], byte[]> record) {
        List<Header> headers = new ArrayList<>();
        record.headers().forEach(each -> headers.add(new Header(each.key(), each.value())));
        return new Delivery(
                new RecordId(record.topic(), record.partition(), record.offset()),
                record.timestamp(),
                record.key(),
                record.value(),
                List.copyOf(headers));
    }

    /** A record to be sent. */
    static ProducerRecord<byte[], byte[]> record(SinkRecord record) {
        RecordHeaders headers = new RecordHeaders();
        record.headers().forEach(each -> headers.add(new RecordHeader(each.key(), each.value())));
        return new ProducerRecord<>(
                record.topic(),
                record.partition(),
                record.timestamp() < 0 ? null : record.timestamp(),
                record.key(),
                record.value(),
                headers);
    }
}
