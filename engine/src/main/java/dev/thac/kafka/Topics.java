package dev.thac.kafka;

import dev.thac.event.ErrorCode;
import dev.thac.event.ThacException;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;

/**
 * Questions about topics and groups, and changes to them. Thread-safe; every method waits for the
 * brokers and throws a {@link ThacException} with {@code KAFKA_UNAVAILABLE} when they do not answer
 * or refuse.
 */
public final class Topics implements AutoCloseable {

    private static final Duration LEADERS = Duration.ofSeconds(15);
    private static final Duration LEADERS_AGAIN = Duration.ofMillis(20);

    private final Admin admin;
    private final String brokers;

    private Topics(Admin admin, String brokers) {
        this.admin = admin;
        this.brokers = brokers;
    }

    /**
     * How far a group is behind one partition.
     *
     * @param topic the topic
     * @param partition the partition, from 0
     * @param committed the group's committed offset; negative where it has none
     * @param end the offset after the newest record
     */
    public record Progress(String topic, int partition, long committed, long end) {
        /**
         * Records not yet committed.
         *
         * @return a count; all of the partition's where nothing is committed
         */
        public long lag() {
            return Math.max(0, end - Math.max(0, committed));
        }
    }

    /**
     * Connects, lazily.
     *
     * @param brokers bootstrap servers
     * @param kafka further client settings
     * @param clientId name of the client
     * @return open; to be closed
     */
    public static Topics open(String brokers, Map<String, String> kafka, String clientId) {
        try {
            return new Topics(
                    Admin.create(ClientSettings.admin(brokers, kafka, clientId)), brokers);
        } catch (KafkaException e) {
            throw new ThacException(
                    ErrorCode.KAFKA_UNAVAILABLE,
                    "cannot connect to " + brokers + ": " + cause(e).getMessage(),
                    e);
        }
    }

    /**
     * Names of all topics, without Kafka's own.
     *
     * @return the names
     * @throws InterruptedException when the calling thread is interrupted
     */
    public Set<String> names() throws InterruptedException {
        return await(admin.listTopics().names());
    }

    /**
     * Those that do not exist.
     *
     * @param wanted names of topics
     * @return the missing ones, in the given order
     * @throws InterruptedException when the calling thread is interrupted
     */
    public List<String> missing(Collection<String> wanted) throws InterruptedException {
        List<String> missing = new ArrayList<>();
        for (String topic : new LinkedHashSet<>(wanted)) {
            if (partitions(topic).isEmpty()) {
                missing.add(topic);
            }
        }
        return missing;
    }

    /**
     * How many partitions a topic has.
     *
     * @param topic the topic
     * @return the number; empty when there is no such topic
     * @throws InterruptedException when the calling thread is interrupted
     */
    public OptionalInt partitions(String topic) throws InterruptedException {
        return describe(topic)
                .map(description -> OptionalInt.of(description.partitions().size()))
                .orElse(OptionalInt.empty());
    }

    /**
     * Creates a topic with the broker's replication factor, and waits until its leaders serve it:
     * where records arrive earlier, a leader may refuse a producer's first batch, take its second,
     * and then refuse the first for ever as out of order. A topic that is there already stays as it
     * is.
     *
     * @param topic the topic
     * @param partitions how many partitions
     * @param settings topic settings under Kafka's names
     * @throws InterruptedException when the calling thread is interrupted
     */
    public void create(String topic, int partitions, Map<String, String> settings)
            throws InterruptedException {
        NewTopic wanted =
                new NewTopic(topic, Optional.of(partitions), Optional.empty()).configs(settings);
        try {
            admin.createTopics(List.of(wanted)).all().get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TopicExistsException) {
                return;
            }
            throw unavailable(e);
        }
        awaitLeaders(topic, partitions);
    }

    /** A broker may not have heard yet of a topic that the controller has created. */
    private void awaitLeaders(String topic, int partitions) throws InterruptedException {
        long deadline = System.nanoTime() + LEADERS.toNanos();
        while (true) {
            try {
                // quieter than listOffsets, which logs an error for a topic it does not find
                admin.describeTopics(List.of(topic)).allTopicNames().get();
                admin.listOffsets(ends(topic, partitions)).all().get();
                return;
            } catch (ExecutionException e) {
                boolean unheard = e.getCause() instanceof UnknownTopicOrPartitionException;
                if (!unheard || System.nanoTime() > deadline) {
                    throw unavailable(e);
                }
                Thread.sleep(LEADERS_AGAIN);
            }
        }
    }

    /**
     * A setting of a topic, as it is in force.
     *
     * @param topic a topic that exists
     * @param name Kafka's name of the setting
     * @return its value; empty where the brokers do not tell this user
     * @throws InterruptedException when the calling thread is interrupted
     */
    public Optional<String> setting(String topic, String name) throws InterruptedException {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Config settings;
        try {
            settings = admin.describeConfigs(List.of(resource)).all().get().get(resource);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AuthorizationException) {
                return Optional.empty();
            }
            throw unavailable(e);
        }
        ConfigEntry entry = settings == null ? null : settings.get(name);
        return entry == null ? Optional.empty() : Optional.ofNullable(entry.value());
    }

    /**
     * Deletes topics.
     *
     * @param topics names
     * @throws InterruptedException when the calling thread is interrupted
     */
    public void delete(Collection<String> topics) throws InterruptedException {
        await(admin.deleteTopics(List.copyOf(topics)).all());
    }

    /**
     * How far a group is on each partition of some topics.
     *
     * @param group the consumer group; need not exist
     * @param topics topics that exist
     * @return by topic and partition
     * @throws InterruptedException when the calling thread is interrupted
     */
    public List<Progress> progress(String group, Collection<String> topics)
            throws InterruptedException {
        Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
        for (String topic : topics) {
            wanted.putAll(ends(topic, partitions(topic).orElse(0)));
        }
        Map<TopicPartition, ListOffsetsResultInfo> ends = await(admin.listOffsets(wanted).all());
        Map<TopicPartition, OffsetAndMetadata> committed = committed(group);
        TreeMap<String, Progress> sorted = new TreeMap<>();
        ends.forEach(
                (partition, end) -> {
                    OffsetAndMetadata offset = committed.get(partition);
                    sorted.put(
                            "%s-%09d".formatted(partition.topic(), partition.partition()),
                            new Progress(
                                    partition.topic(),
                                    partition.partition(),
                                    offset == null ? -1 : offset.offset(),
                                    end.offset()));
                });
        return List.copyOf(sorted.values());
    }

    /**
     * Whether the brokers speak the consumer group protocol of KIP-848.
     *
     * @return true from {@code group.version} 1 on
     * @throws InterruptedException when the calling thread is interrupted
     */
    public boolean newGroupProtocol() throws InterruptedException {
        FinalizedVersionRange range =
                await(admin.describeFeatures().featureMetadata())
                        .finalizedFeatures()
                        .get("group.version");
        return range != null && range.maxVersionLevel() >= 1;
    }

    /** Closes the connection. */
    @Override
    public void close() {
        admin.close();
    }

    private static Map<TopicPartition, OffsetSpec> ends(String topic, int partitions) {
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        for (int partition = 0; partition < partitions; partition++) {
            ends.put(new TopicPartition(topic, partition), OffsetSpec.latest());
        }
        return ends;
    }

    private Map<TopicPartition, OffsetAndMetadata> committed(String group)
            throws InterruptedException {
        return await(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
    }

    private Optional<TopicDescription> describe(String topic) throws InterruptedException {
        try {
            return Optional.ofNullable(
                    admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return Optional.empty();
            }
            throw unavailable(e);
        }
    }

    private <T> T await(KafkaFuture<T> answer) throws InterruptedException {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw unavailable(e);
        }
    }

    private ThacException unavailable(ExecutionException e) {
        return new ThacException(
                ErrorCode.KAFKA_UNAVAILABLE, brokers + ": " + cause(e).getMessage(), cause(e));
    }

    private static Throwable cause(Exception e) {
        Throwable cause = e.getCause();
        return cause == null ? e : cause;
    }
}
