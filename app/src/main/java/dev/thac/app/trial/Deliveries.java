package dev.thac.app.trial;

import dev.thac.event.Delivery;
import dev.thac.event.Header;
import dev.thac.event.RecordId;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Makes deliveries of events that come from no topic. Used by one thread. */
public final class Deliveries {

    private final String topic;
    private long next;

    /**
     * Numbers deliveries from offset 0.
     *
     * @param topic the source topic they pretend to come from
     */
    public Deliveries(String topic) {
        this.topic = topic;
    }

    /**
     * The next delivery.
     *
     * @param timestamp milliseconds since the epoch
     * @param key its key, or {@code null}
     * @param value its value, or {@code null} for a tombstone
     * @param headers its headers
     * @return at the next offset of partition 0
     */
    public Delivery next(
            long timestamp, @Nullable String key, @Nullable String value, List<Header> headers) {
        return new Delivery(
                new RecordId(topic, 0, next++), timestamp, bytes(key), bytes(value), headers);
    }

    private static byte @Nullable [] bytes(@Nullable String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }
}
