package dev.thac.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Where a lane reads.
 *
 * @param topics the source topics
 * @param retryTopics retry topics of the pipeline, and how long a record of each waits before it is
 *     read; they are read by the same group
 * @param group the consumer group
 * @param start where to begin where the group has no commit; retry topics begin at the earliest
 * @param isolation which records of transactional producers are read
 * @param foreignMetadata what to do where another program has committed in the group
 * @param relayed whether the records of the topics stand for others, whose coordinates they carry
 */
public record LaneSource(
        List<String> topics,
        Map<String, Duration> retryTopics,
        String group,
        StartPosition start,
        Isolation isolation,
        ForeignMetadata foreignMetadata,
        boolean relayed) {

    /** Copies the collections. */
    public LaneSource {
        topics = List.copyOf(topics);
        retryTopics = Map.copyOf(retryTopics);
    }

    /** One whose records are the events themselves. */
    public LaneSource(
            List<String> topics,
            Map<String, Duration> retryTopics,
            String group,
            StartPosition start,
            Isolation isolation,
            ForeignMetadata foreignMetadata) {
        this(topics, retryTopics, group, start, isolation, foreignMetadata, false);
    }

    /** One that does not start where another program has committed in the group. */
    public LaneSource(
            List<String> topics,
            Map<String, Duration> retryTopics,
            String group,
            StartPosition start,
            Isolation isolation) {
        this(topics, retryTopics, group, start, isolation, ForeignMetadata.REFUSE);
    }

    /** Whether a topic is a retry topic. */
    boolean retries(String topic) {
        return retryTopics.containsKey(topic);
    }

    /** All topics the lane subscribes to. */
    List<String> all() {
        List<String> all = new ArrayList<>(topics);
        all.addAll(retryTopics.keySet());
        return all;
    }
}
