package dev.thac.kafka;

import dev.thac.event.Finding;

import java.util.List;
import java.util.stream.Stream;

/**
 * What the brokers can do for a pipeline, and what was found while looking.
 *
 * @param newGroupProtocol whether they speak the consumer group protocol of KIP-848
 * @param metadataChars characters of commit metadata they take; 0: none, offsets alone are
 *     committed
 * @param findings everything that was looked at, in the order to report it
 */
public record BrokerAbilities(boolean newGroupProtocol, int metadataChars, List<Finding> findings) {

    /** Copies the findings. */
    public BrokerAbilities {
        findings = List.copyOf(findings);
    }

    /**
     * What a single broker of the Kafka version of this program does, in process, with its defaults
     * and without an authorizer: there is nothing to look at.
     *
     * @return abilities without findings
     */
    public static BrokerAbilities ofOwnVersion() {
        return new BrokerAbilities(true, LaneSettings.METADATA_CHARS, List.of());
    }

    /**
     * The same with what else was found.
     *
     * @param more what was found elsewhere than at the brokers
     * @return the abilities with all findings
     */
    public BrokerAbilities and(List<Finding> more) {
        return new BrokerAbilities(
                newGroupProtocol,
                metadataChars,
                Stream.concat(findings.stream(), more.stream()).toList());
    }

    /**
     * What keeps the pipeline from running.
     *
     * @return the findings that fail
     */
    public List<Finding> failures() {
        return findings.stream().filter(Finding::failed).toList();
    }

    /**
     * What works, but not as it could.
     *
     * @return the warnings
     */
    public List<Finding> warnings() {
        return findings.stream().filter(each -> each.level() == Finding.Level.WARN).toList();
    }
}
