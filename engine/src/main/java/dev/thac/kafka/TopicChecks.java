package dev.thac.kafka;

import dev.thac.event.ErrorCode;
import dev.thac.event.Finding;

import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The topics of a pipeline: there, allowed, large enough, safe, of the right kind. */
final class TopicChecks {

    private final BrokerNeeds needs;
    private final Grants grants;
    private final int brokers;
    private final List<Finding> findings = new ArrayList<>();
    private final Map<String, TopicDescription> there = new LinkedHashMap<>();

    TopicChecks(BrokerNeeds needs, Grants grants, int brokers) {
        this.needs = needs;
        this.grants = grants;
        this.brokers = brokers;
    }

    /**
     * Looks at the answers about all topics.
     *
     * @param descriptions by topic
     * @param configs by topic
     * @return what was found
     */
    List<Finding> of(
            Map<String, Answer<TopicDescription>> descriptions,
            Map<String, Answer<Config>> configs) {
        List<String> missing = new ArrayList<>();
        for (String topic : needs.topics().keySet()) {
            Answer<TopicDescription> answer = descriptions.get(topic);
            answer.value().ifPresent(description -> there.put(topic, description));
            if (answer.refused(UnknownTopicOrPartitionException.class)) {
                missing.add(topic);
            } else {
                answer.refusal().ifPresent(reason -> findings.add(unseen(topic, reason)));
            }
        }
        if (!missing.isEmpty()) {
            findings.add(
                    Finding.fail(
                            ErrorCode.TOPIC_MISSING,
                            "topics",
                            "missing: " + String.join(", ", missing),
                            "thac topics create FILE"));
        }
        int partitions = sourcePartitions();
        there.forEach((topic, description) -> described(topic, description, partitions));
        lanes();
        unreadable(configs);
        there.keySet()
                .forEach(
                        topic ->
                                configs.get(topic)
                                        .value()
                                        .ifPresent(config -> configured(topic, config)));
        return findings;
    }

    /** Partitions of the source topic that has most; 0 when none is there. */
    private int sourcePartitions() {
        return needs.topics(TopicUse.SOURCE).stream()
                .filter(there::containsKey)
                .mapToInt(topic -> there.get(topic).partitions().size())
                .max()
                .orElse(0);
    }

    private Finding unseen(String topic, Throwable reason) {
        TopicUse use = needs.topics().get(topic);
        if (reason instanceof AuthorizationException) {
            return Finding.fail(
                    ErrorCode.KAFKA_DENIED,
                    "topic " + topic,
                    use.words()
                            + ": this user may not even see it, or it is not there and the user"
                            + " may not create it",
                    grants.topic(topic, with(use.operations(), AclOperation.DESCRIBE)));
        }
        return Finding.fail(
                ErrorCode.KAFKA_UNAVAILABLE,
                "topic " + topic,
                use.words() + ": it cannot be looked at: " + reason.getMessage(),
                "see the logs of the brokers");
    }

    private void described(String topic, TopicDescription description, int sourcePartitions) {
        TopicUse use = needs.topics().get(topic);
        String subject = "topic " + topic;
        int before = findings.size();
        Set<AclOperation> allowed = description.authorizedOperations();
        if (allowed != null && !allowed.containsAll(use.operations())) {
            Set<AclOperation> denied = EnumSet.copyOf(use.operations());
            denied.removeAll(allowed);
            findings.add(
                    Finding.fail(
                            ErrorCode.KAFKA_DENIED,
                            subject,
                            use.words() + ": this user is not allowed to " + words(denied),
                            grants.topic(topic, denied)));
        }
        int partitions = description.partitions().size();
        if (use.follows() && partitions < sourcePartitions) {
            findings.add(
                    Finding.fail(
                            ErrorCode.KAFKA_UNFIT,
                            subject,
                            use.words()
                                    + ", "
                                    + count(partitions, "partition")
                                    + ", but the source has "
                                    + sourcePartitions
                                    + ", and records keep their partition",
                            "kafka-topics.sh --alter --topic "
                                    + topic
                                    + " --partitions "
                                    + sourcePartitions));
        }
        for (TopicPartitionInfo partition : description.partitions()) {
            if (partition.leader() == null || partition.leader().isEmpty()) {
                findings.add(
                        Finding.warn(
                                subject,
                                use.words()
                                        + ": partition "
                                        + partition.partition()
                                        + " has no leader now; its records wait",
                                "is one of the brokers down?"));
                break;
            }
        }
        int copies = description.partitions().getFirst().replicas().size();
        if (copies == 1 && brokers > 1) {
            findings.add(
                    Finding.warn(
                            subject,
                            use.words() + ": one copy only; what its broker loses is lost",
                            "raise its replication factor to 3"));
        }
        if (findings.size() == before) {
            findings.add(Finding.ok(subject, use.words() + ", " + count(partitions, "partition")));
        }
    }

    private void lanes() {
        int partitions =
                needs.topics(TopicUse.SOURCE).stream()
                        .filter(there::containsKey)
                        .mapToInt(topic -> there.get(topic).partitions().size())
                        .sum();
        if (partitions > 0 && partitions < needs.lanes()) {
            findings.add(
                    Finding.warn(
                            "lanes",
                            needs.lanes()
                                    + " lanes share "
                                    + count(partitions, "partition")
                                    + ": some have nothing to do",
                            "lower lanes.min or add partitions"));
        }
    }

    /** One warning for all topics whose settings this user may not read. */
    private void unreadable(Map<String, Answer<Config>> configs) {
        List<String> dark =
                there.keySet().stream()
                        .filter(topic -> configs.get(topic).refused(AuthorizationException.class))
                        .toList();
        if (!dark.isEmpty()) {
            findings.add(
                    Finding.warn(
                            "topics",
                            "sizes, retention and compaction are not checked: this user may not"
                                    + " read the settings of "
                                    + String.join(", ", dark),
                            grants.topic(dark.getFirst(), List.of(AclOperation.DESCRIBE_CONFIGS))));
        }
    }

    private void configured(String topic, Config config) {
        TopicUse use = needs.topics().get(topic);
        String subject = "topic " + topic;
        if (!use.written()) {
            return;
        }
        long most = number(config, "max.message.bytes", Long.MAX_VALUE);
        if (most < needs.maxEvent().bytes()) {
            findings.add(
                    Finding.warn(
                            subject,
                            "takes records of at most "
                                    + most
                                    + " bytes, and events may have "
                                    + needs.maxEvent().bytes(),
                            "raise max.message.bytes of the topic, or lower limits.maxEvent"));
        }
        int copies = there.get(topic).partitions().getFirst().replicas().size();
        int least =
                there.get(topic).partitions().stream()
                        .mapToInt(partition -> partition.isr().size())
                        .min()
                        .orElse(copies);
        long required = number(config, "min.insync.replicas", 1);
        if (required > copies) {
            findings.add(
                    Finding.fail(
                            ErrorCode.KAFKA_UNFIT,
                            subject,
                            "every write is refused: min.insync.replicas is "
                                    + required
                                    + ", and there are only "
                                    + count(copies, "copy", "copies"),
                            "lower min.insync.replicas or raise the replication factor"));
        } else if (least < required) {
            findings.add(
                    Finding.warn(
                            subject,
                            "writes wait: "
                                    + count(least, "copy is", "copies are")
                                    + " in sync, and min.insync.replicas is "
                                    + required,
                            "is one of the brokers down?"));
        } else if (required == copies && copies > 1) {
            findings.add(
                    Finding.warn(
                            subject,
                            "one broker that is down stops all writes: min.insync.replicas is as"
                                    + " high as the replication factor",
                            "lower min.insync.replicas to " + (copies - 1)));
        }
        kind(topic, use, config);
    }

    private void kind(String topic, TopicUse use, Config config) {
        String subject = "topic " + topic;
        if (text(config, "cleanup.policy").contains("compact")) {
            String fix =
                    "kafka-configs.sh --alter --entity-type topics --entity-name "
                            + topic
                            + " --add-config cleanup.policy=delete";
            findings.add(
                    use.follows()
                            ? Finding.fail(
                                    ErrorCode.KAFKA_UNFIT,
                                    subject,
                                    use.words()
                                            + ": it is compacted and refuses events without"
                                            + " a key",
                                    fix)
                            : Finding.warn(
                                    subject,
                                    use.words()
                                            + ": it is compacted: of several events with the same"
                                            + " key only the last stays, and one without a key"
                                            + " is refused",
                                    fix));
        }
        if (use == TopicUse.RETRY
                && !text(config, "message.timestamp.type").equals("LogAppendTime")) {
            findings.add(
                    Finding.fail(
                            ErrorCode.KAFKA_UNFIT,
                            subject,
                            "retries: its records carry the time of the event, so that it cannot"
                                    + " be told how long they have waited",
                            "kafka-configs.sh --alter --entity-type topics --entity-name "
                                    + topic
                                    + " --add-config message.timestamp.type=LogAppendTime"));
        }
    }

    private static Set<AclOperation> with(Set<AclOperation> some, AclOperation one) {
        Set<AclOperation> all = EnumSet.copyOf(some);
        all.add(one);
        return all;
    }

    private static String words(Set<AclOperation> operations) {
        return String.join(
                " and ",
                operations.stream()
                        .map(each -> each == AclOperation.READ ? "read it" : "write to it")
                        .toList());
    }

    static String count(int number, String noun) {
        return count(number, noun, noun + "s");
    }

    private static String count(int number, String one, String many) {
        return number + " " + (number == 1 ? one : many);
    }

    static long number(Config config, String name, long otherwise) {
        String text = text(config, name);
        return text.isEmpty() ? otherwise : Long.parseLong(text);
    }

    private static String text(Config config, String name) {
        ConfigEntry entry = config.get(name);
        return entry == null || entry.value() == null ? "" : entry.value();
    }
}
