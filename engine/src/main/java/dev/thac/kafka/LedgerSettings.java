package dev.thac.kafka;

import java.util.Map;

/**
 * What the ledger of a process needs to know.
 *
 * @param instance what tells this process from others; need not be unique for ever
 * @param brokers bootstrap servers
 * @param topic the ledger's topic
 * @param kafka client settings from the file
 */
public record LedgerSettings(
        String instance, String brokers, String topic, Map<String, String> kafka) {

    /** Copies the settings. */
    public LedgerSettings {
        kafka = Map.copyOf(kafka);
    }

    /** Client id of the reader, writer or admin. */
    String clientId(String role) {
        return "thac-" + instance + "-ledger-" + role;
    }
}
