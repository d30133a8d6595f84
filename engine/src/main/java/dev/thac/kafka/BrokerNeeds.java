package dev.thac.kafka;

import dev.thac.spec.DataSize;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a pipeline needs of its brokers.
 *
 * @param pipeline its name
 * @param group the consumer group
 * @param topics topic to what it is used for, in the order to report them
 * @param partitions topic to the partitions it must at least have, where a route names one of them
 * @param delivery how outputs and offsets are to be made durable
 * @param foreign what to do about commits of the group that another program has made
 * @param maxEvent the largest event that is judged
 * @param lanes lanes of one process
 */
public record BrokerNeeds(
        String pipeline,
        String group,
        Map<String, TopicUse> topics,
        Map<String, Integer> partitions,
        DeliveryMode delivery,
        ForeignMetadata foreign,
        DataSize maxEvent,
        int lanes) {

    /** Copies the topics, in their order. */
    public BrokerNeeds {
        topics = Collections.unmodifiableMap(new LinkedHashMap<>(topics));
        partitions = Map.copyOf(partitions);
    }

    /** The topics of one use. */
    List<String> topics(TopicUse use) {
        return topics.entrySet().stream()
                .filter(each -> each.getValue() == use)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** A group that exists only while the brokers are looked at. */
    String scratchGroup() {
        return group + ".thac-probe";
    }

    /** A transactional id that no lane has. */
    String scratchTransactionalId() {
        return pipeline + "-probe";
    }
}
