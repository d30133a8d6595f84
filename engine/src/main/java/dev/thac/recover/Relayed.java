package dev.thac.recover;

import dev.thac.event.Delivery;
import dev.thac.event.Header;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * Records that stand for a source record in another topic: key, value and headers untouched, and
 * behind them the original coordinates and time, by which the event goes on to be known.
 * Thread-safe.
 */
public final class Relayed {

    /** The header that holds an event's history, JSON; it stays with the event on all its ways. */
    public static final String CONTEXT = "thac.context";

    /** The header that holds the key of an event's history, where it has one. */
    public static final String KEY = "thac.context.key";

    private Relayed() {}

    /**
     * The key whose events keep their order: that of the history they were placed beside, else the
     * record's.
     *
     * @param delivery the event
     * @return the key's bytes; null where there is none
     */
    public static byte @Nullable [] key(Delivery delivery) {
        for (Header header : delivery.headers()) {
            if (header.key().equals(KEY)) {
                return header.value();
            }
        }
        return delivery.key();
    }

    /**
     * The headers of the record that stands for an event.
     *
     * @param delivery the event
     * @return its headers, then ours; a list that may be added to
     */
    public static List<Header> headers(Delivery delivery) {
        List<Header> headers = EventHeaders.others(delivery.headers());
        headers.removeIf(header -> header.key().equals(CONTEXT) || header.key().equals(KEY));
        EventHeaders.addSource(headers, delivery);
        EventHeaders.addSourceTimestamp(headers, delivery);
        return headers;
    }
}
