package dev.thac.event;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * One record as it came from the source topic, before anything looked into it. The arrays are
 * shared with the consumer and must not be changed: a copy per record would cost more than it
 * protects.
 *
 * @param id the original coordinates (through retry topics and redrives too)
 * @param timestamp the record's time, milliseconds since the epoch
 * @param key the key's bytes, or {@code null}
 * @param value the value's bytes, or {@code null} for a tombstone
 * @param headers the record's headers, in order, as produced
 * @param earlier what was done for it before it came back through a retry topic
 */
@SuppressWarnings("ArrayRecordComponent")
public record Delivery(
        RecordId id,
        long timestamp,
        byte @Nullable [] key,
        byte @Nullable [] value,
        List<Header> headers,
        Earlier earlier) {

    /**
     * A record that comes for the first time.
     *
     * @param id its coordinates
     * @param timestamp the record's time, milliseconds since the epoch
     * @param key the key's bytes, or {@code null}
     * @param value the value's bytes, or {@code null} for a tombstone
     * @param headers the record's headers, in order, as produced
     */
    public Delivery(
            RecordId id,
            long timestamp,
            byte @Nullable [] key,
            byte @Nullable [] value,
            List<Header> headers) {
        this(id, timestamp, key, value, headers, Earlier.NONE);
    }
}
