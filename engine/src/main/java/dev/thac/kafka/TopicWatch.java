package dev.thac.kafka;

import dev.thac.event.ErrorCode;
import dev.thac.event.ThacException;

import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Notices that a source topic was deleted and created anew under the lane's feet: its offsets began
 * again, and what the lane has committed means other records. Owned by the lane thread; the brokers
 * are asked by a worker.
 */
final class TopicWatch {

    private static final long INTERVAL = Duration.ofSeconds(30).toNanos();

    private final LaneTask task;
    private final List<String> topics;
    private Map<String, Integer> known = Map.of();
    private long nextLook;
    private boolean looking;
    private volatile @Nullable Map<String, Integer> seen;
    private volatile @Nullable KafkaException trouble;

    TopicWatch(LaneTask task) {
        this.task = task;
        this.topics = task.settings().source().all();
    }

    /** Asks and waits for the answer; unknown where there is none. */
    Map<String, Integer> begin() {
        nextLook = task.ticker().nanos() + INTERVAL;
        look();
        Map<String, Integer> first = seen;
        seen = null;
        known = first == null ? Map.of() : first;
        report();
        return known;
    }

    /**
     * Looks at an answer that has come, and asks again when it is time.
     *
     * @throws ThacException TOPIC_CUT when a topic is another one than before
     */
    void check(long now) {
        if (known.isEmpty() || now < nextLook) {
            return;
        }
        if (!looking) {
            looking = true;
            Workers.Worker _ = task.workers().start(this::look);
        }
        report();
        Map<String, Integer> latest = seen;
        if (latest != null) {
            compare(latest);
            seen = null;
            looking = false;
            nextLook = now + INTERVAL;
        }
    }

    private void report() {
        KafkaException failed = trouble;
        if (failed != null) {
            trouble = null;
            task.listener().trouble("cannot learn the ids of topics " + topics, failed);
        }
    }

    private void compare(Map<String, Integer> latest) {
        known.forEach(
                (topic, id) -> {
                    if (latest.containsKey(topic) && !id.equals(latest.get(topic))) {
                        throw new ThacException(
                                ErrorCode.TOPIC_CUT, topic + " was deleted and created anew");
                    }
                });
    }

    private void look() {
        Map<String, Integer> answer = Map.of();
        try {
            answer = task.topicIds().hashes(topics);
        } catch (KafkaException e) {
            trouble = e;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        seen = answer;
    }
}
