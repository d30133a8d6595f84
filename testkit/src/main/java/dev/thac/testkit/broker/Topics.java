package dev.thac.testkit.broker;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/** Creates topics and waits until they can be used. */
final class Topics {

    private static final Duration LEADERS = Duration.ofSeconds(15);
    private static final Duration LEADERS_AGAIN = Duration.ofMillis(20);

    private Topics() {}

    /**
     * Creates a topic; returns when it can be written and read. (A producer that writes earlier may
     * have its first batch refused and its second one taken, after which the broker refuses the
     * first as out of order.)
     *
     * @throws TopicExistsException if it is there already
     */
    static void create(
            Admin admin, String name, int partitions, int replicas, Map<String, String> configs) {
        try {
            admin.createTopics(
                            List.of(
                                    new NewTopic(name, partitions, (short) replicas)
                                            .configs(configs)))
                    .all()
                    .get();
            Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
            for (int partition = 0; partition < partitions; partition++) {
                ends.put(new TopicPartition(name, partition), OffsetSpec.latest());
            }
            awaitLeaders(admin, ends);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TopicExistsException exists) {
                throw exists;
            }
            throw new KafkaException("could not create topic " + name, e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while creating topic " + name, e);
        }
    }

    /** The broker may not have heard yet of a topic that the controller has created. */
    private static void awaitLeaders(Admin admin, Map<TopicPartition, OffsetSpec> ends)
            throws ExecutionException, InterruptedException {
        long deadline = System.nanoTime() + LEADERS.toNanos();
        while (true) {
            try {
                // quieter than listOffsets, which logs an error for a topic it does not find
                admin.describeTopics(ends.keySet().stream().map(TopicPartition::topic).toList())
                        .allTopicNames()
                        .get();
                admin.listOffsets(ends).all().get();
                return;
            } catch (ExecutionException e) {
                boolean unheard = e.getCause() instanceof UnknownTopicOrPartitionException;
                if (!unheard || System.nanoTime() > deadline) {
                    throw e;
                }
                Thread.sleep(LEADERS_AGAIN);
            }
        }
    }
}
