package dev.thac.kafka;

import dev.thac.spec.DataSize;

import java.util.List;
import java.util.Map;

/**
 * What a journal needs to know.
 *
 * @param pipeline name of the pipeline
 * @param instance what tells this process from others of the pipeline
 * @param brokers bootstrap servers
 * @param topic the journal's topic
 * @param retryTopics the retry topics, in the order in which events pass them
 * @param maxBytes most bytes of answers held in memory
 * @param kafka client settings from the file
 */
public record JournalSettings(
        String pipeline,
        String instance,
        String brokers,
        String topic,
        List<String> retryTopics,
        DataSize maxBytes,
        Map<String, String> kafka) {

    /** Copies the collections. */
    public JournalSettings {
        retryTopics = List.copyOf(retryTopics);
        kafka = Map.copyOf(kafka);
    }

    /** Client id of the reader or writer. */
    String clientId(String role) {
        return "thac-" + pipeline + '-' + instance + "-journal-" + role;
    }
}
