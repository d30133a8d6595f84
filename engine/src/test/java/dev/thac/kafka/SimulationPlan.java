package dev.thac.kafka;

import dev.thac.spec.DataSize;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What is drawn before a run begins.
 *
 * @param delivery how the lanes deliver
 * @param order which order they keep
 * @param partitions partitions of the topic that is read
 * @param records records per partition
 * @param keys different keys
 * @param instances processes that shall run
 * @param openEvents the open-event cap
 * @param openBytes the byte cap
 * @param metadataChars how much commit metadata the broker takes
 * @param pollRecords the most records of a poll
 * @param trouble share of requests that fail, and of everything else that goes wrong
 * @param stuck share of answers that take minutes
 * @param foreign what the lanes do with metadata of other programs
 * @param rebalance how often the partitions move, on the average
 * @param kill how often a process dies or stands still, on the average
 */
record SimulationPlan(
        DeliveryMode delivery,
        Order order,
        int partitions,
        int records,
        int keys,
        int instances,
        int openEvents,
        int openBytes,
        int metadataChars,
        int pollRecords,
        double trouble,
        double stuck,
        ForeignMetadata foreign,
        long rebalance,
        long kill) {

    static final String TOPIC = "in";
    static final String GROUP = "g";

    /** How long things go wrong. */
    static final long TROUBLED = 40 * Agenda.SECOND;

    /** How long all work may take after that. */
    static final long PATIENCE = 20 * 60 * Agenda.SECOND;

    /** A byte cap that is never reached. */
    static final int AMPLE = 1 << 20;

    /** Largest value the brokers take. */
    static final int MAX_VALUE = 1_000;

    static SimulationPlan draw(Agenda agenda) {
        int[] metadata = {LaneSettings.METADATA_CHARS, LaneSettings.METADATA_CHARS, 140, 0};
        Order[] orders = {Order.NONE, Order.NONE, Order.KEY, Order.PARTITION};
        return new SimulationPlan(
                agenda.chance(0.7) ? DeliveryMode.EXACTLY_ONCE : DeliveryMode.AT_LEAST_ONCE,
                orders[agenda.pick(orders.length)],
                1 + agenda.pick(4),
                5 + (int) agenda.between(0, 80),
                1 + agenda.pick(8),
                1 + agenda.pick(3),
                agenda.chance(0.5) ? 1 + agenda.pick(10) : 1_000,
                agenda.chance(0.2) ? 2_000 : AMPLE,
                metadata[agenda.pick(metadata.length)],
                1 + agenda.pick(40),
                agenda.chance(0.2) ? 0 : agenda.random.nextDouble() * 0.08,
                agenda.chance(0.5) ? 0 : agenda.random.nextDouble() * 0.05,
                agenda.chance(0.5) ? ForeignMetadata.IGNORE : ForeignMetadata.REFUSE,
                agenda.chance(0.2) ? Long.MAX_VALUE : agenda.between(1, 30) * Agenda.SECOND,
                agenda.chance(0.2) ? Long.MAX_VALUE : agenda.between(2, 30) * Agenda.SECOND);
    }

    /** The longest metadata that leaves the room the lanes are to leave. */
    int mapChars() {
        return Math.max(0, metadataChars - 96);
    }

    LaneSettings settings(String instance) {
        return new LaneSettings(
                "p",
                instance,
                0,
                1,
                "nowhere:9",
                new LaneSource(
                        List.of(TOPIC),
                        Map.of(),
                        GROUP,
                        new StartPosition.Earliest(),
                        Isolation.READ_COMMITTED,
                        foreign),
                delivery,
                order,
                metadataChars,
                new LimitsSpec(
                        openEvents,
                        new DataSize(openBytes),
                        new DataSize(1 << 20),
                        Duration.ofSeconds(25)),
                Map.of());
    }
}
