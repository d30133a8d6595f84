package dev.thac.event;

/**
 * The coordinates at which a record entered a pipeline; the identity of an event through retries,
 * redrives and replays.
 *
 * @param topic the source topic
 * @param partition the partition, from 0
 * @param offset the offset in that partition
 */
public record RecordId(String topic, int partition, long offset) {

    /**
     * Reads the form written by {@link #toString()}.
     *
     * @param text {@code topic-partition@offset}
     * @return the coordinates
     * @throws IllegalArgumentException when {@code text} has another form
     */
    public static RecordId parse(String text) {
        int at = text.lastIndexOf('@');
        int dash = at < 0 ? -1 : text.lastIndexOf('-', at);
        if (dash < 1) {
            throw new IllegalArgumentException("not topic-partition@offset: " + text);
        }
        return new RecordId(
                text.substring(0, dash),
                Integer.parseInt(text.substring(dash + 1, at)),
                Long.parseLong(text.substring(at + 1)));
    }

    /** Returns {@code topic-partition@offset}. */
    @Override
    public String toString() {
        return topic + '-' + partition + '@' + offset;
    }
}
