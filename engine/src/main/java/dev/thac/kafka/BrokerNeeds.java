package dev.thac.kafka;

import dev.thac.spec.DataSize;

import org.apache.kafka.common.acl.AclOperation;

import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
 * @param readers what reads with a group of its own beside the lanes
 */
public record BrokerNeeds(
        String pipeline,
        String group,
        Map<String, TopicUse> topics,
        Map<String, Integer> partitions,
        DeliveryMode delivery,
        ForeignMetadata foreign,
        DataSize maxEvent,
        int lanes,
        List<Reader> readers) {

    /**
     * What reads beside the lanes: a sink, a topology.
     *
     * @param group its group; its transactional ids begin with it
     * @param topics what it reads that the pipeline may only write
     */
    public record Reader(String group, Set<String> topics) {

        /** Copies the topics. */
        public Reader {
            topics = Set.copyOf(topics);
        }

        /** A transactional id that no member has. */
        String scratchTransactionalId() {
            return group + "-probe";
        }
    }

    /** Copies the topics, in their order. */
    public BrokerNeeds {
        topics = Collections.unmodifiableMap(new LinkedHashMap<>(topics));
        partitions = Map.copyOf(partitions);
        readers = List.copyOf(readers);
    }

    /** The topics of one use. */
    List<String> topics(TopicUse use) {
        return topics.entrySet().stream()
                .filter(each -> each.getValue() == use)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** What the user must be allowed to do with one of the topics. */
    Set<AclOperation> operations(String topic, TopicUse use) {
        Set<AclOperation> operations = EnumSet.copyOf(use.operations());
        if (readers.stream().anyMatch(reader -> reader.topics().contains(topic))) {
            operations.add(AclOperation.READ);
        }
        return operations;
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
