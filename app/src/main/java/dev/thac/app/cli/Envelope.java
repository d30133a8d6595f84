package dev.thac.app.cli;

import dev.thac.app.terminal.Json;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A record as one line of JSON, in the form of {@code kcat -J}: topic, partition, offset, ts, key,
 * payload, and headers as a flat list of names and values.
 */
final class Envelope {

    private Envelope() {}

    /** A record that was read. */
    static Map<String, @Nullable Object> of(ConsumerRecord<byte[], byte[]> record) {
        Map<String, @Nullable Object> envelope = new LinkedHashMap<>();
        envelope.put("topic", record.topic());
        envelope.put("partition", record.partition());
        envelope.put("offset", record.offset());
        envelope.put(
                "tstype",
                record.timestampType().name.equals("LogAppendTime") ? "logappend" : "create");
        envelope.put("ts", record.timestamp());
        List<@Nullable Object> headers = new ArrayList<>();
        for (Header header : record.headers()) {
            headers.add(header.key());
            headers.add(text(header.value()));
        }
        if (!headers.isEmpty()) {
            envelope.put("headers", headers);
        }
        envelope.put("key", text(record.key()));
        envelope.put("payload", text(record.value()));
        return envelope;
    }

    /**
     * A record to write; partition, offset and broker of the envelope are not taken over.
     *
     * @param topic where to
     * @param envelope as read from a line
     * @throws IllegalArgumentException when it is no envelope
     */
    static ProducerRecord<byte[], byte[]> record(String topic, @Nullable Object envelope) {
        if (!(envelope instanceof Map<?, ?> map) || !map.containsKey("payload")) {
            throw new IllegalArgumentException(
                    "not an envelope with a \"payload\", as `kcat -J` and `thac tail -J` print");
        }
        Long timestamp = map.get("ts") instanceof Number number ? number.longValue() : null;
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(
                        topic, null, timestamp, bytes(map.get("key")), bytes(map.get("payload")));
        if (map.get("headers") instanceof List<?> headers) {
            for (int i = 0; i + 1 < headers.size(); i += 2) {
                record.headers()
                        .add(
                                new RecordHeader(
                                        String.valueOf(headers.get(i)), bytes(headers.get(i + 1))));
            }
        }
        return record;
    }

    /** UTF-8 of a text, JSON of anything else. */
    static byte @Nullable [] bytes(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case String text -> text.getBytes(StandardCharsets.UTF_8);
            default -> Json.line(value).getBytes(StandardCharsets.UTF_8);
        };
    }

    private static @Nullable String text(byte @Nullable [] bytes) {
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }
}
