package dev.thac.app.kafka;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The headers of a record as text. Where a name repeats, the last one counts. */
public final class RecordHeaders {

    private RecordHeaders() {}

    /**
     * One header.
     *
     * @param record the record
     * @param name the header's name
     * @return its value; empty where there is none
     */
    public static Optional<String> text(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null || header.value() == null
                ? Optional.empty()
                : Optional.of(new String(header.value(), StandardCharsets.UTF_8));
    }

    /**
     * One header that holds a whole number.
     *
     * @param record the record
     * @param name the header's name
     * @return its value; 0 where there is none or it is no number
     */
    public static long number(ConsumerRecord<byte[], byte[]> record, String name) {
        String text = text(record, name).orElse("");
        return text.matches("-?\\d{1,18}") ? Long.parseLong(text) : 0;
    }

    /**
     * All headers.
     *
     * @param record the record
     * @return name to text, in their order
     */
    public static Map<String, String> all(ConsumerRecord<byte[], byte[]> record) {
        Map<String, String> all = new LinkedHashMap<>();
        for (Header header : record.headers()) {
            byte[] value = header.value();
            all.put(header.key(), value == null ? "" : new String(value, StandardCharsets.UTF_8));
        }
        return all;
    }
}
