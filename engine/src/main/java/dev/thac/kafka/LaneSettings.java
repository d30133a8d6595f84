package dev.thac.kafka;

import java.time.Duration;
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
 * @param source where to read
 * @param delivery how outputs and offsets are made durable
 * @param order which outputs keep the order of their inputs
 * @param metadataChars characters of commit metadata the brokers take; 0: none, offsets alone are
 *     committed
 * @param limits bounds of memory and waiting
 * @param kafka client settings from the file
 */
public record LaneSettings(
        String pipeline,
        String instance,
        int lane,
        int lanes,
        String brokers,
        LaneSource source,
        DeliveryMode delivery,
        Order order,
        int metadataChars,
        LimitsSpec limits,
        Map<String, String> kafka) {

    /** How long a rebalance may wait for open events of the partitions that leave. */
    static final Duration REBALANCE_DRAIN = Duration.ofSeconds(5);

    /**
     * Most records between a partition's oldest unfinished event and the newest one read: what the
     * next owner reads again to skip what is finished.
     */
    static final int MAX_WINDOW = 1 << 20;

    /** Characters of metadata that are left free. */
    private static final int METADATA_MARGIN = 96;

    /** What brokers take by default: {@code offset.metadata.max.bytes}. */
    public static final int METADATA_CHARS = 4096;

    /** Copies the settings. */
    public LaneSettings {
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

    /** Longest offset map, before base64; 0: none is written. */
    int mapBytes() {
        return OffsetMap.Writer.bytesFor(metadataChars - METADATA_MARGIN);
    }

    /** Most events that may wait for their commit, judged or not. */
    int maxHeldEvents() {
        return Math.max(maxOpenEvents(), 4 * MAX_STAGED);
    }

    private static final int MAX_STAGED = 25_000;
}
