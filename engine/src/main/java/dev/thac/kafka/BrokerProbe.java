package dev.thac.kafka;

import static java.util.Objects.requireNonNull;

import dev.thac.event.ErrorCode;
import dev.thac.event.Finding;
import dev.thac.event.ThacException;
import dev.thac.resilience.Ticker;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Looks at the brokers before a pipeline runs: what they can do, and whether topics, group and
 * rights are as the pipeline needs them. All questions are asked at once; it changes nothing that
 * outlives it.
 */
public final class BrokerProbe {

    private static final String NO_TRANSACTIONS_FIX =
            "write delivery: at-least-once, and expect a few outputs twice after a crash";

    private final String brokers;
    private final Map<String, String> kafka;
    private final BrokerNeeds needs;
    private final Ticker ticker;
    private final Grants grants;
    private final List<Finding> findings = new ArrayList<>();

    /**
     * A probe.
     *
     * @param brokers bootstrap servers
     * @param kafka further client settings
     * @param needs what the pipeline needs
     * @param ticker the time
     */
    public BrokerProbe(
            String brokers, Map<String, String> kafka, BrokerNeeds needs, Ticker ticker) {
        this.brokers = brokers;
        this.kafka = Map.copyOf(kafka);
        this.needs = needs;
        this.ticker = ticker;
        this.grants = new Grants(brokers, kafka);
    }

    /** Questions that wait for their answers. */
    private record Asked(
            KafkaFuture<Collection<Node>> nodes,
            KafkaFuture<Map<String, FinalizedVersionRange>> features,
            Map<String, KafkaFuture<TopicDescription>> topics,
            Map<ConfigResource, KafkaFuture<Config>> configs,
            KafkaFuture<Void> membership,
            KafkaFuture<ConsumerGroupDescription> group,
            KafkaFuture<Map<TopicPartition, OffsetAndMetadata>> commits,
            KafkaFuture<Void> room,
            Optional<KafkaFuture<Void>> transactions,
            List<ReaderChecks.Asked> readers) {}

    /**
     * Asks what a start needs to know.
     *
     * @return the abilities
     * @throws ThacException KAFKA_UNAVAILABLE when no broker answers or the user is not known
     * @throws InterruptedException when the calling thread is interrupted
     */
    public BrokerAbilities quick() throws InterruptedException {
        try (Admin admin = admin()) {
            return look(admin);
        }
    }

    /**
     * The same, and compares the clocks, for which a transaction is begun and aborted.
     *
     * @return the abilities
     * @throws ThacException KAFKA_UNAVAILABLE when no broker answers or the user is not known
     * @throws InterruptedException when the calling thread is interrupted
     */
    public BrokerAbilities thorough() throws InterruptedException {
        try (Admin admin = admin()) {
            BrokerAbilities abilities = look(admin);
            boolean denied = abilities.failures().stream().anyMatch(this::aboutTransactions);
            if (needs.delivery() == DeliveryMode.EXACTLY_ONCE && !denied) {
                String client = "thac-" + needs.pipeline() + "-probe";
                Map<String, Object> writer = ClientSettings.writer(brokers, kafka, client);
                writer.put("max.block.ms", "5000");
                findings.add(
                        new TransactionTrial(admin, needs, ticker)
                                .clock(
                                        writer,
                                        ClientSettings.reader(brokers, kafka, client),
                                        partition()));
            }
            return new BrokerAbilities(
                    abilities.newGroupProtocol(), abilities.metadataChars(), findings);
        }
    }

    private boolean aboutTransactions(Finding finding) {
        return finding.subject().equals("exactly-once") || finding.subject().equals("topics");
    }

    private Admin admin() {
        try {
            return Admin.create(
                    ClientSettings.admin(brokers, kafka, "thac-" + needs.pipeline() + "-probe"));
        } catch (KafkaException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new ThacException(
                    ErrorCode.KAFKA_UNAVAILABLE,
                    "cannot connect to " + brokers + ": " + cause.getMessage(),
                    e);
        }
    }

    private BrokerAbilities look(Admin admin) throws InterruptedException {
        CommitRoom commitRoom = new CommitRoom(admin, needs, grants, partition());
        ReaderChecks readerChecks = new ReaderChecks(admin, needs, grants);
        Asked asked = ask(admin, commitRoom, readerChecks);
        Collection<Node> nodes = nodes(asked.nodes());
        findings.add(
                Finding.ok(
                        "brokers", TopicChecks.count(nodes.size(), "broker") + " at " + brokers));
        Map<String, FinalizedVersionRange> features =
                Answer.of(asked.features()).value().orElse(Map.of());
        List<TopicChecks.Seen> topics = topics(asked);
        findings.addAll(new TopicChecks(needs, grants, nodes.size()).of(topics));
        Answer<Map<TopicPartition, OffsetAndMetadata>> commits = Answer.of(asked.commits());
        List<Finding> backlog = backlog(admin, topics, commits.value().orElse(Map.of()));
        boolean newProtocol = level(features, "group.version") >= 1;
        findings.addAll(
                new GroupChecks(needs, grants, newProtocol)
                        .of(Answer.of(asked.membership()), Answer.of(asked.group()), commits));
        CommitRoom.Room room =
                commitRoom.of(Answer.of(asked.room()), nodes.iterator().next().idString());
        findings.add(room.finding());
        if (asked.transactions().isPresent()) {
            transactions(
                    Answer.of(asked.transactions().get()), level(features, "transaction.version"));
        }
        findings.addAll(readerChecks.of(asked.readers()));
        findings.addAll(backlog);
        return new BrokerAbilities(newProtocol, room.chars(), findings);
    }

    private Asked ask(Admin admin, CommitRoom commitRoom, ReaderChecks readerChecks) {
        List<ConfigResource> resources =
                needs.topics().keySet().stream().map(BrokerProbe::resource).toList();
        return new Asked(
                admin.describeCluster().nodes(),
                admin.describeFeatures()
                        .featureMetadata()
                        .thenApply(known -> known.finalizedFeatures()),
                admin.describeTopics(
                                needs.topics().keySet(),
                                new DescribeTopicsOptions().includeAuthorizedOperations(true))
                        .topicNameValues(),
                admin.describeConfigs(resources).values(),
                membership(admin),
                of(
                        admin.describeConsumerGroups(List.of(needs.group())).describedGroups(),
                        needs.group()),
                admin.listConsumerGroupOffsets(needs.group()).partitionsToOffsetAndMetadata(),
                commitRoom.ask(),
                needs.delivery() == DeliveryMode.EXACTLY_ONCE
                        ? Optional.of(
                                admin.fenceProducers(List.of(needs.scratchTransactionalId())).all())
                        : Optional.empty(),
                readerChecks.ask(partition().topic()));
    }

    /**
     * A commit for a partition that no topic has: it is refused in any case, and for want of rights
     * before anything else.
     */
    private KafkaFuture<Void> membership(Admin admin) {
        TopicPartition none = new TopicPartition(partition().topic(), Integer.MAX_VALUE);
        return admin.alterConsumerGroupOffsets(
                        needs.group(), Map.of(none, new OffsetAndMetadata(0)))
                .partitionResult(none);
    }

    private Collection<Node> nodes(KafkaFuture<Collection<Node>> asked)
            throws InterruptedException {
        Answer<Collection<Node>> answer = Answer.of(asked);
        if (answer.value().isPresent()) {
            return answer.value().get();
        }
        Throwable reason = answer.refusal().orElseThrow();
        String message =
                reason instanceof AuthenticationException
                        ? brokers
                                + " refuses this user's credentials ("
                                + reason.getMessage()
                                + "); check sasl.* and ssl.* in `kafka:`"
                        : brokers + ": " + reason.getMessage();
        throw new ThacException(ErrorCode.KAFKA_UNAVAILABLE, message, reason);
    }

    private List<Finding> backlog(
            Admin admin,
            List<TopicChecks.Seen> topics,
            Map<TopicPartition, OffsetAndMetadata> commits)
            throws InterruptedException {
        List<TopicPartition> partitions = new ArrayList<>();
        Map<String, Duration> retention = new HashMap<>();
        for (TopicChecks.Seen topic : topics) {
            if (topic.use() == TopicUse.SOURCE) {
                for (int partition = 0; partition < topic.partitions(); partition++) {
                    partitions.add(new TopicPartition(topic.name(), partition));
                }
                topic.config()
                        .value()
                        .map(config -> TopicChecks.number(config, "retention.ms", -1))
                        .filter(millis -> millis > 0)
                        .ifPresent(
                                millis -> retention.put(topic.name(), Duration.ofMillis(millis)));
            }
        }
        return new BacklogChecks(admin, commits, retention, ticker.now()).of(partitions);
    }

    private void transactions(Answer<Void> answer, int version) {
        Optional<Throwable> refusal = answer.refusal();
        if (answer.refused(AuthorizationException.class)) {
            findings.add(
                    Finding.fail(
                            ErrorCode.KAFKA_DENIED,
                            "exactly-once",
                            "this user may not use the transactional ids of the pipeline",
                            grants.transactionalIds(needs.pipeline())));
        } else if (refusal.isPresent()) {
            findings.add(
                    Finding.fail(
                            ErrorCode.KAFKA_UNFIT,
                            "exactly-once",
                            "the brokers do no transactions ("
                                    + refusal.get().getMessage()
                                    + "). Where they are Kafka: has __transaction_state as many"
                                    + " replicas as transaction.state.log.replication.factor asks"
                                    + " for?",
                            NO_TRANSACTIONS_FIX));
        } else if (version < 2) {
            findings.add(
                    Finding.warn(
                            "exactly-once",
                            "the brokers do transactions of the older kind, where a commit that is"
                                    + " delayed on its way can end a later transaction"
                                    + " (KAFKA-17754)",
                            "raise transaction.version to 2 (Kafka 4.0 or newer)"));
        } else {
            findings.add(Finding.ok("exactly-once", "the brokers do transactions"));
        }
    }

    /** The partition that trial commits are about. */
    private TopicPartition partition() {
        return new TopicPartition(needs.topics(TopicUse.SOURCE).getFirst(), 0);
    }

    private static int level(Map<String, FinalizedVersionRange> features, String name) {
        FinalizedVersionRange range = features.get(name);
        return range == null ? 0 : range.maxVersionLevel();
    }

    private List<TopicChecks.Seen> topics(Asked asked) throws InterruptedException {
        List<TopicChecks.Seen> seen = new ArrayList<>();
        for (Map.Entry<String, TopicUse> each : needs.topics().entrySet()) {
            seen.add(
                    new TopicChecks.Seen(
                            each.getKey(),
                            each.getValue(),
                            Answer.of(of(asked.topics(), each.getKey())),
                            Answer.of(of(asked.configs(), resource(each.getKey())))));
        }
        return seen;
    }

    private static ConfigResource resource(String topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic);
    }

    /** The part of an answer that is about one of the things asked about. */
    private static <K, T> KafkaFuture<T> of(Map<K, KafkaFuture<T>> answers, K one) {
        return requireNonNull(answers.get(one));
    }
}
