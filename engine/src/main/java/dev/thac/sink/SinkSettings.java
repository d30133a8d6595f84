package dev.thac.sink;

import java.util.List;
import java.util.Map;

/**
 * Who a sink is and what it reads.
 *
 * @param pipeline the pipeline
 * @param name its name, unique in the pipeline
 * @param topic what it reads
 * @param deadLetters where records go that the target never takes
 * @param consumer settings of its consumer, the group included
 * @param producer settings of the producer of its dead letters; with a {@code transactional.id},
 *     they and the offsets are one transaction
 */
public record SinkSettings(
        String pipeline,
        String name,
        String topic,
        String deadLetters,
        Map<String, Object> consumer,
        Map<String, Object> producer) {

    /** Copies the maps. */
    public SinkSettings {
        consumer = Map.copyOf(consumer);
        producer = Map.copyOf(producer);
    }

    /**
     * The group of a sink.
     *
     * @param pipeline the pipeline
     * @param name the sink
     * @return {@code <pipeline>.sink.<name>}
     */
    public static String group(String pipeline, String name) {
        return pipeline + ".sink." + name;
    }

    /**
     * Where a redrive of its dead letters goes.
     *
     * @param pipeline the pipeline
     * @param name the sink
     * @return {@code <pipeline>.sink.<name>.retry}
     */
    public static String retryTopic(String pipeline, String name) {
        return group(pipeline, name) + ".retry";
    }

    /** Where a redrive of its dead letters goes. */
    String retryTopic() {
        return retryTopic(pipeline, name);
    }

    /** What it reads. */
    List<String> topics() {
        return List.of(topic, retryTopic());
    }
}
