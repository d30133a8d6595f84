package dev.thac.window;

import dev.thac.event.Delivery;
import dev.thac.event.Header;
import dev.thac.event.RecordId;
import dev.thac.event.SinkRecord;

import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ProcessingContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** Records of Kafka Streams to ours and back. */
final class StreamRecords {

    private StreamRecords() {}

    /** A record of a source topic; its arrays are shared. */
    static Delivery delivery(Record<byte[], byte[]> record, RecordMetadata from) {
        return new Delivery(
                new RecordId(from.topic(), from.partition(), from.offset()),
                record.timestamp(),
                record.key(),
                record.value(),
                headers(record.headers()));
    }

    /** A dead letter on its way out. */
    static Record<byte[], Parcel> letter(SinkRecord letter) {
        RecordHeaders headers = new RecordHeaders();
        for (Header header : letter.headers()) {
            headers.add(header.key(), header.value());
        }
        return new Record<>(
                letter.key(),
                new Parcel.Outside(letter.topic(), letter.value()),
                Math.max(0, letter.timestamp()),
                headers);
    }

    /** A timestamp brokers take: of no year to come, whatever an event says. */
    static long safe(long timestamp, ProcessingContext context) {
        return Math.max(0, Math.min(timestamp, context.currentSystemTimeMs()));
    }

    /** What is there from {@code init} on. */
    static <T> T present(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("used before init");
        }
        return value;
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
}
