package dev.thac.kafka;

import org.apache.kafka.common.acl.AclOperation;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The command that allows this user what Kafka refused, to be run by whoever may. */
final class Grants {

    private static final Pattern USER = Pattern.compile("username\\s*=\\s*\"([^\"]+)\"");

    private final String brokers;
    private final String principal;

    Grants(String brokers, Map<String, String> kafka) {
        this.brokers = brokers;
        Matcher user = USER.matcher(kafka.getOrDefault("sasl.jaas.config", ""));
        this.principal = "User:" + (user.find() ? user.group(1) : "NAME");
    }

    /** Operations on one topic. */
    String topic(String topic, Collection<AclOperation> operations) {
        return command(operations, "--topic " + topic);
    }

    /** What a member of a group needs. */
    String group(String group) {
        return command(List.of(AclOperation.READ), "--group " + group);
    }

    /** What is needed of a group that exists only for the probe. */
    String scratchGroup(String group) {
        return command(List.of(AclOperation.READ, AclOperation.DELETE), "--group " + group);
    }

    /** What the transactional producers of a pipeline need. */
    String transactionalIds(String pipeline) {
        return command(
                List.of(AclOperation.WRITE, AclOperation.DESCRIBE),
                "--transactional-id " + pipeline + "- --resource-pattern-type prefixed");
    }

    private String command(Collection<AclOperation> operations, String resource) {
        return "kafka-acls.sh --bootstrap-server "
                + brokers
                + " --add --allow-principal "
                + principal
                + operations.stream()
                        .sorted()
                        .map(Grants::word)
                        .collect(Collectors.joining(" --operation ", " --operation ", " "))
                + resource;
    }

    private static String word(AclOperation operation) {
        StringBuilder words = new StringBuilder();
        for (String part : operation.name().split("_", -1)) {
            words.append(part.charAt(0)).append(part.substring(1).toLowerCase(Locale.ROOT));
        }
        return words.toString();
    }
}
