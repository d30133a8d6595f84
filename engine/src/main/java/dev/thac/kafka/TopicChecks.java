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
import java.util.List;
import java.util.Set;

/** The topics of a pipeline: there, allowed, large enough, safe, of the right kind. */
final class TopicChecks {

    private final BrokerNeeds needs;
    private final Grants grants;
    private final int brokers;
    private final List<Finding> findings = new ArrayList<>();

    /**
     * What the brokers said about one topic.
     *
     * @param name the topic
     * @param use what it is for
     * @param description its partitions and what this user may do
     * @param config its settings
     */
    record Seen(
            String name,
            TopicUse use,
            Answer<TopicDescription> description,
            Answer<Config> config) {

        String subject() {
            return "topic " + name;
        }

        int partitions() {
            return description.value().map(known -> known.partitions().size()).orElse(0);
        }
    }

    TopicChecks(BrokerNeeds needs, Grants grants, int brokers) {
        this.needs = needs;
        this.grants = grants;
        this.brokers = brokers;
    }

    /** Looks at the answers about all topics. */
    List<Finding> of(List<Seen> topics) {
        List<String> missing = new ArrayList<>();
        for (Seen topic : topics) {
            if (topic.description().refused(UnknownTopicOrPartitionException.class)) {
                if (topic.use() == TopicUse.LEDGER) {
                    findings.add(Finding.ok(topic.subject(), "ledger: the first start creates it"));
                } else {
                    missing.add(topic.name());
                }
            } else {
                topic.description()
                        .refusal()
                        .ifPresent(reason -> findings.add(unseen(topic, reason)));
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
        List<Seen> sources = topics.stream().filter(each -> each.use() == TopicUse.SOURCE).toList();
        int most = sources.stream().mapToInt(Seen::partitions).max().orElse(0);
        for (Seen topic : topics) {
            topic.description().value().ifPresent(known -> described(topic, known, most));
        }
        lanes(sources.stream().mapToInt(Seen::partitions).sum());
        unreadable(topics);
        for (Seen topic : topics) {
            if (topic.use().written()
                    && topic.description()
                            instanceof Answer.Given<TopicDescription>(TopicDescription known)
                    && topic.config() instanceof Answer.Given<Config>(Config config)) {
                sizes(topic, config);
                copies(topic, known, config);
                kind(topic, config);
            }
        }
        return findings;
    }

    private Finding unseen(Seen topic, Throwable reason) {
        if (reason instanceof AuthorizationException) {
            return Finding.fail(
                    ErrorCode.KAFKA_DENIED,
                    topic.subject(),
                    topic.use().words()
                            + ": this user may not even see it, or it is not there and the user"
                            + " may not create it",
                    grants.topic(
                            topic.name(),
                            with(
                                    needs.operations(topic.name(), topic.use()),
                                    AclOperation.DESCRIBE)));
        }
        return Finding.fail(
                ErrorCode.KAFKA_UNAVAILABLE,
                topic.subject(),
                topic.use().words() + ": it cannot be looked at: " + reason.getMessage(),
                "see the logs of the brokers");
    }

    private void described(Seen topic, TopicDescription description, int sourcePartitions) {
        TopicUse use = topic.use();
        String subject = topic.subject();
        int before = findings.size();
        Set<AclOperation> allowed = description.authorizedOperations();
        Set<AclOperation> denied = needs.operations(topic.name(), use);
        if (allowed != null && !allowed.containsAll(denied)) {
            denied.removeAll(allowed);
            findings.add(
                    Finding.fail(
                            ErrorCode.KAFKA_DENIED,
                            subject,
                            use.words() + ": this user is not allowed to " + words(denied),
                            grants.topic(topic.name(), denied)));
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
                                    + topic.name()
                                    + " --partitions "
                                    + sourcePartitions));
        }
        number(topic, partitions);
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

    private void number(Seen topic, int partitions) {
        if (topic.use() == TopicUse.LEDGER && partitions != LedgerTopic.PARTITIONS) {
            findings.add(severalOrders(topic.subject(), partitions));
        }
        int named = needs.partitions().getOrDefault(topic.name(), 0);
        if (partitions < named) {
            findings.add(
                    Finding.fail(
                            ErrorCode.KAFKA_UNFIT,
                            topic.subject(),
                            "a route writes to partition "
                                    + (named - 1)
                                    + ", and the topic has only "
                                    + count(partitions, "partition"),
                            "kafka-topics.sh --alter --topic "
                                    + topic.name()
                                    + " --partitions "
                                    + named
                                    + ", or another number in the route"));
        }
    }

    private static Finding severalOrders(String subject, int partitions) {
        return Finding.fail(
                ErrorCode.KAFKA_UNFIT,
                subject,
                "ledger, "
                        + count(partitions, "partition")
                        + ": budgets need one order of all that is spent",
                "delete the topic while nothing runs; the next start creates it");
    }

    private void lanes(int partitions) {
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
    private void unreadable(List<Seen> topics) {
        List<String> dark =
                topics.stream()
                        .filter(topic -> topic.description().value().isPresent())
                        .filter(topic -> topic.config().refused(AuthorizationException.class))
                        .map(Seen::name)
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

    private void sizes(Seen topic, Config config) {
        long most = number(config, "max.message.bytes", Long.MAX_VALUE);
        if (most < needs.maxEvent().bytes()) {
            findings.add(
                    Finding.warn(
                            topic.subject(),
                            "takes records of at most "
                                    + most
                                    + " bytes, and events may have "
                                    + needs.maxEvent().bytes(),
                            "raise max.message.bytes of the topic, or lower limits.maxEvent"));
        }
    }

    private void copies(Seen topic, TopicDescription description, Config config) {
        int copies = description.partitions().getFirst().replicas().size();
        int least =
                description.partitions().stream()
                        .mapToInt(partition -> partition.isr().size())
                        .min()
                        .orElse(copies);
        long required = number(config, "min.insync.replicas", 1);
        if (required > copies) {
            findings.add(
                    Finding.fail(
                            ErrorCode.KAFKA_UNFIT,
                            topic.subject(),
                            "every write is refused: min.insync.replicas is "
                                    + required
                                    + ", and there are only "
                                    + count(copies, "copy", "copies"),
                            "lower min.insync.replicas or raise the replication factor"));
        } else if (least < required) {
            findings.add(
                    Finding.warn(
                            topic.subject(),
                            "writes wait: "
                                    + count(least, "copy is", "copies are")
                                    + " in sync, and min.insync.replicas is "
                                    + required,
                            "is one of the brokers down?"));
        } else if (required == copies && copies > 1) {
            findings.add(
                    Finding.warn(
                            topic.subject(),
                            "one broker that is down stops all writes: min.insync.replicas is as"
                                    + " high as the replication factor",
                            "lower min.insync.replicas to " + (copies - 1)));
        }
    }

    private void kind(Seen topic, Config config) {
        TopicUse use = topic.use();
        String subject = topic.subject();
        if (text(config, "cleanup.policy").contains("compact")) {
            String fix =
                    "kafka-configs.sh --alter --entity-type topics --entity-name "
                            + topic.name()
                            + " --add-config cleanup.policy=delete";
            findings.add(
                    use.follows() || use == TopicUse.LEDGER
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
        if (use == TopicUse.LEDGER) {
            retention(topic, config);
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
                                    + topic.name()
                                    + " --add-config message.timestamp.type=LogAppendTime"));
        }
    }

    /** A ledger that forgets lets money be spent again. */
    private void retention(Seen topic, Config config) {
        long kept = number(config, "retention.ms", -1);
        long needed = Long.parseLong(LedgerTopic.TOPIC_SETTINGS.getOrDefault("retention.ms", "0"));
        if ((kept >= 0 && kept < needed) || number(config, "retention.bytes", -1) >= 0) {
            findings.add(
                    Finding.fail(
                            ErrorCode.KAFKA_UNFIT,
                            topic.subject(),
                            "ledger: it forgets what was spent before a budget's period is over",
                            "kafka-configs.sh --alter --entity-type topics --entity-name "
                                    + topic.name()
                                    + " --add-config retention.bytes=-1,retention.ms="
                                    + needed));
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
