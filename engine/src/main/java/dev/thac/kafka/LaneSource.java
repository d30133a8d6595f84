package dev.thac.kafka;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
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
 */
public record LaneSource(
        List<String> topics,
        Map<String, Duration> retryTopics,
        String group,
        StartPosition start,
        Isolation isolation) {

    /** Copies the collections. */
    public LaneSource {
        topics = List.copyOf(topics);
        retryTopics = Map.copyOf(retryTopics);
    }

    /** Whether a topic is a retry topic. */
    boolean retries(String topic) {
        return retryTopics.containsKey(topic);
    }

    /**
     * Places the consumer on partitions that were just assigned. What waits in a retry topic was
     * read before, wherever the file says to begin: those are read from their beginning.
     */
    Map<TopicPartition, Long> place(
            Consumer<byte[], byte[]> consumer, Collection<TopicPartition> assigned) {
        return start.place(
                consumer,
                assigned.stream().filter(partition -> !retries(partition.topic())).toList());
    }

    /** All topics the lane subscribes to. */
    List<String> all() {
        List<String> all = new ArrayList<>(topics);
        all.addAll(retryTopics.keySet());
        return all;
    }
}
