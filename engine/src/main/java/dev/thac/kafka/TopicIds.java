package dev.thac.kafka;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Tells a topic from another one that had the same name before. */
interface TopicIds {

    /** No ids are known. */
    TopicIds UNKNOWN = names -> Map.of();

    /**
     * Asks for the ids of topics. Waits for the brokers, some seconds at most.
     *
     * @param names the topics
     * @return topic to a hash of its id, never 0; without those that are unknown
     * @throws InterruptedException when the calling thread is interrupted
     */
    Map<String, Integer> hashes(Collection<String> names) throws InterruptedException;

    /** Those the brokers know. */
    static TopicIds of(LaneSettings lane) {
        return names -> {
            try (Admin admin =
                    Admin.create(
                            ClientSettings.admin(
                                    lane.brokers(),
                                    lane.kafka(),
                                    "thac-" + lane.name() + "-ids"))) {
                Map<String, Integer> hashes = new HashMap<>();
                for (Map.Entry<String, KafkaFuture<TopicDescription>> each :
                        admin.describeTopics(names).topicNameValues().entrySet()) {
                    Uuid id = id(each.getValue());
                    if (!id.equals(Uuid.ZERO_UUID)) {
                        hashes.put(each.getKey(), hash(id));
                    }
                }
                return hashes;
            }
        };
    }

    /** Four bytes of an id, never 0. The formula stands in commits: it must not change. */
    static int hash(Uuid id) {
        long folded = id.getMostSignificantBits() ^ id.getLeastSignificantBits();
        int hash = (int) (folded ^ folded >>> Integer.SIZE);
        return hash == 0 ? 1 : hash;
    }

    private static Uuid id(KafkaFuture<TopicDescription> answer) throws InterruptedException {
        try {
            return answer.get(10, TimeUnit.SECONDS).topicId();
        } catch (TimeoutException e) {
            throw new org.apache.kafka.common.errors.TimeoutException(e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return Uuid.ZERO_UUID;
            }
            throw new org.apache.kafka.common.KafkaException(e.getCause());
        }
    }
}
