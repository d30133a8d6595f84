package dev.thac.kafka;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.errors.TimeoutException;

import java.time.Duration;
import java.util.List;

/**
 * Tells the listener which part of its topics a lane holds, whenever that has changed; before the
 * group hears that partitions are given up. Owned by the lane thread.
 */
final class Portion {

    private final Consumer<byte[], byte[]> consumer;
    private final List<String> topics;
    private final Lane.Listener listener;
    private final Inbox inbox;
    private int held;
    private int all;

    Portion(Consumer<byte[], byte[]> consumer, LaneTask task, Inbox inbox) {
        this.consumer = consumer;
        this.topics = task.settings().source().all();
        this.listener = task.listener();
        this.inbox = inbox;
    }

    /**
     * The lane holds so many partitions.
     *
     * @param partitions of all its topics together
     */
    void hold(int partitions) {
        int known = partitions == 0 ? all : inbox.undisturbed(this::partitions);
        if (partitions != held || known != all) {
            held = partitions;
            all = known;
            listener.holds(held, Math.max(held, all));
        }
    }

    /**
     * As the consumer knows them, which learns of new ones by itself; the brokers are not asked.
     */
    private int partitions() {
        int sum = 0;
        for (String topic : topics) {
            try {
                sum += consumer.partitionsFor(topic, Duration.ZERO).size();
            } catch (TimeoutException _) {
                return all; // not known at this moment: what was known before stands
            }
        }
        return sum;
    }
}
