package dev.thac.app.deadletter;

import dev.thac.app.kafka.KafkaAccess;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;

import java.util.List;

/**
 * Where a redrive goes: a retry topic of the pipeline, in the partition number the event came from.
 *
 * @param topic the topic
 * @param partitions how many partitions it has
 * @param askAgain whether analyses that were settled are asked again
 */
public record RetryTarget(String topic, int partitions, boolean askAgain) {

    /**
     * Looks at the topic.
     *
     * @param access the brokers
     * @param admin asks them
     * @param topic a topic that exists
     * @param askAgain whether analyses that were settled are asked again
     * @return the target
     * @throws InterruptedException when the calling thread is interrupted
     */
    public static RetryTarget of(KafkaAccess access, Admin admin, String topic, boolean askAgain)
            throws InterruptedException {
        TopicDescription description =
                access.await(admin.describeTopics(List.of(topic)).allTopicNames())
                        .values()
                        .iterator()
                        .next();
        return new RetryTarget(topic, description.partitions().size(), askAgain);
    }
}
