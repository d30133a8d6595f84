package dev.thac.pipeline;

import dev.thac.spec.CelText;
import dev.thac.spec.Key;

import java.time.Duration;
import java.util.Map;

/**
 * History and counts per key placed beside each event. The keys are described by their {@link Key}
 * annotations.
 */
public record ContextSpec(
        @Key(
                        value =
                                "What history belongs together. An event without it has an empty"
                                        + " history.",
                        example = "value.customer")
                CelText key,
        @Key(
                        value =
                                "How many earlier events are kept: value.context.last holds them,"
                                        + " the oldest first, each as it was after derive. Together"
                                        + " they take at most 256 KiB of JSON, each at most 64 KiB;"
                                        + " what does not fit is left out, the oldest first.",
                        min = 0,
                        max = 1000,
                        orElse = "0")
                int last,
        @Key(
                        "Rolling figures by name: value.context.NAME. They tell of the earlier"
                                + " events of the key, not of the event itself, by event time"
                                + " (source.time).")
                Map<String, ContextMeasureSpec> measures,
        @Key(
                        value =
                                "How long a key without events is remembered; at least as long as"
                                        + " the longest \"over\".",
                        orElse = "30d")
                Duration keep) {

    /**
     * Settings of the topic through which events come to the lanes. History makes a record larger
     * than brokers take by default. Its time is the broker's, so that old events are not deleted as
     * they arrive; a week is longer than any backlog of the lanes should be.
     */
    public static final Map<String, String> TOPIC_SETTINGS =
            Map.of(
                    "cleanup.policy", "delete",
                    "retention.ms", "604800000",
                    "message.timestamp.type", "LogAppendTime",
                    "max.message.bytes", "10485760");

    /** The member of the value that holds it. */
    public static final String MEMBER = "context";

    /** The member of it that holds the earlier events. */
    public static final String LAST = "last";

    /**
     * The topic through which events come to the lanes.
     *
     * @param pipeline the pipeline's name
     * @return its name; also the group of those who fill it
     */
    public static String topic(String pipeline) {
        return pipeline + ".context";
    }
}
