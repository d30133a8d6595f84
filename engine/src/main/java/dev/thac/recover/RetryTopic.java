package dev.thac.recover;

import java.time.Duration;
import java.util.Map;

/**
 * A topic whose records wait before they are read. It has as many partitions as the source.
 *
 * @param name the topic
 * @param level the delay as the file spells it
 * @param delay how long a record waits, from its arrival at the broker on
 */
public record RetryTopic(String name, String level, Duration delay) {

    /** How long a record stays beyond its delay: time to repair what does not run. */
    private static final Duration SPARE = Duration.ofDays(7);

    /**
     * The settings it must be created with: the broker's clock stamps the records, nothing compacts
     * them, and none is deleted before it was read.
     *
     * @return topic settings under Kafka's names
     */
    public Map<String, String> settings() {
        return Map.of(
                "cleanup.policy",
                "delete",
                "message.timestamp.type",
                "LogAppendTime",
                "retention.ms",
                Long.toString(delay.plus(SPARE).toMillis()));
    }
}
