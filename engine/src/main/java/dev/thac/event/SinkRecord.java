package dev.thac.event;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * One record to be written to Kafka. Arrays are shared, never changed.
 *
 * @param topic where to
 * @param partition which partition, or {@code null} to let the producer choose by key
 * @param timestamp milliseconds since the epoch
 * @param key key bytes, or {@code null}
 * @param value value bytes, or {@code null}
 * @param headers headers in order
 */
@SuppressWarnings("ArrayRecordComponent")
public record SinkRecord(
        String topic,
        @Nullable Integer partition,
        long timestamp,
        byte @Nullable [] key,
        byte @Nullable [] value,
        List<Header> headers) {

    /**
     * Bytes this record takes, about: key, value and headers.
     *
     * @return a size for byte bounds
     */
    public int bytes() {
        int size = (key == null ? 0 : key.length) + (value == null ? 0 : value.length);
        for (Header header : headers) {
            byte[] bytes = header.value();
            size += header.key().length() + (bytes == null ? 0 : bytes.length);
        }
        return size;
    }
}
