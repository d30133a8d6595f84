package dev.thac.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What one lane needs to know.
 *
 * @param pipeline name of the pipeline
 * @param instance what tells this process from others of the pipeline; the same after a restart
 *     lets Kafka end a transaction that a crash left open at once
 * @param lane number of the lane in this process, from 0
 * @param lanes how many lanes share the caps of {@code limits}
 * @param brokers bootstrap servers
 * @param topics topics to read
 * @param group the consumer group
 * @param start where to begin where the group has no commit
 * @param isolation which records of transactional producers are read
 * @param delivery how outputs and offsets are made durable
 * @param limits bounds of memory and waiting
 * @param kafka client settings from the file
 */
public record LaneSettings(
        String pipeline,
        String instance,
        int lane,
        int lanes,
        String brokers,
        List<String> topics,
        String group,
        StartPosition start,
        Isolation isolation,
        DeliveryMode delivery,
        LimitsSpec limits,
        Map<String, String> kafka) {

    /** How long a rebalance may wait for open events of the partitions that leave. */
    static final Duration REBALANCE_DRAIN = Duration.ofSeconds(5);

    /** Copies the collections. */
    public LaneSettings {
        topics = List.copyOf(topics);
        kafka = Map.copyOf(kafka);
    }

    /**
     * The transactional id of the lane's producer, and the end of its client ids.
     *
     * @return pipeline, instance and lane
     */
    public String name() {
        return pipeline + '-' + instance + '-' + lane;
    }

    /** This lane's share of the open-event cap. */
    int maxOpenEvents() {
        return Math.max(1, limits.openEvents() / lanes);
    }

    /** This lane's share of the byte cap. */
    long maxBytes() {
        return Math.max(1, limits.openBytes().bytes() / lanes);
    }

    /** Most events that may wait for their commit, judged or not. */
    int maxHeldEvents() {
        return Math.max(maxOpenEvents(), 4 * MAX_STAGED);
    }

    private static final int MAX_STAGED = 25_000;
}
