package dev.thac.app.doctor;

import dev.thac.app.kafka.KafkaAccess;
import dev.thac.app.kafka.PipelineTopics;
import dev.thac.app.terminal.UserError;
import dev.thac.app.terminal.Words;
import dev.thac.kafka.DeliveryMode;
import dev.thac.runtime.PipelineSpec;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Brokers, topics, sizes and transactions, as one pipeline needs them. */
public final class KafkaChecks {

    private static final long METADATA_BYTES = 4096;

    private final KafkaAccess access;
    private final List<Finding> findings = new ArrayList<>();

    /**
     * Checks.
     *
     * @param access the brokers
     */
    public KafkaChecks(KafkaAccess access) {
        this.access = access;
    }

    /**
     * Looks at everything that a pipeline needs of its brokers.
     *
     * @param spec the pipeline
     * @return findings in the order of looking
     * @throws InterruptedException when the calling thread is interrupted
     */
    public List<Finding> of(PipelineSpec spec) throws InterruptedException {
        try (Admin admin = access.admin()) {
            Node broker = cluster(admin);
            topics(admin, spec);
            sizes(admin, spec);
            if (spec.delivery() == DeliveryMode.EXACTLY_ONCE) {
                transactions(spec);
            }
            metadata(admin, broker);
            protocol(admin);
        } catch (UserError e) {
            findings.add(Finding.fail("brokers", String.valueOf(e.getMessage()), e.help()));
        } catch (KafkaException e) {
            findings.add(
                    Finding.fail(
                            "brokers",
                            "the brokers refuse: " + e.getMessage(),
                            "is the user allowed to describe the cluster and its topics?"));
        }
        return List.copyOf(findings);
    }

    private Node cluster(Admin admin) throws InterruptedException {
        DescribeClusterResult cluster = admin.describeCluster();
        Collection<Node> nodes = access.await(cluster.nodes());
        findings.add(
                Finding.ok(
                        "brokers",
                        Words.count(nodes.size(), "broker") + " at " + access.brokers()));
        return nodes.iterator().next();
    }

    private void topics(Admin admin, PipelineSpec spec) throws InterruptedException {
        Map<String, String> needed = PipelineTopics.of(spec).purposes();
        Set<String> known = access.await(admin.listTopics().names());
        List<String> missing =
                needed.keySet().stream().filter(topic -> !known.contains(topic)).toList();
        if (!missing.isEmpty()) {
            findings.add(
                    Finding.fail(
                            "topics",
                            "missing: " + String.join(", ", missing),
                            "thac topics create FILE"));
        }
        List<String> there = needed.keySet().stream().filter(known::contains).toList();
        Map<String, TopicDescription> topics =
                access.await(admin.describeTopics(there).allTopicNames());
        topics.forEach(
                (name, topic) ->
                        findings.add(
                                Finding.ok(
                                        "topic " + name,
                                        needed.get(name)
                                                + ", "
                                                + Words.count(
                                                        topic.partitions().size(), "partition"))));
        int sources =
                PipelineTopics.of(spec).sources().stream()
                        .mapToInt(name -> partitions(topics.get(name)))
                        .sum();
        if (sources > 0 && sources < spec.lanes().min()) {
            findings.add(
                    Finding.warn(
                            "lanes",
                            spec.lanes().min()
                                    + " lanes share "
                                    + Words.count(sources, "partition")
                                    + ": some have nothing to do",
                            "lower lanes.min or add partitions"));
        }
    }

    private static int partitions(@Nullable TopicDescription topic) {
        return topic == null ? 0 : topic.partitions().size();
    }

    private void sizes(Admin admin, PipelineSpec spec) throws InterruptedException {
        Set<String> known = access.await(admin.listTopics().names());
        Map<ConfigResource, String> resources = new LinkedHashMap<>();
        PipelineTopics needed = PipelineTopics.of(spec);
        List<String> written = new ArrayList<>(needed.routes());
        written.add(needed.deadLetter());
        for (String topic : written) {
            if (known.contains(topic)) {
                resources.put(new ConfigResource(ConfigResource.Type.TOPIC, topic), topic);
            }
        }
        long largest = spec.limits().maxEvent().bytes();
        Map<ConfigResource, Config> configs =
                access.await(admin.describeConfigs(resources.keySet()).all());
        configs.forEach(
                (resource, config) -> {
                    long most = number(config.get("max.message.bytes"), Long.MAX_VALUE);
                    if (most < largest) {
                        findings.add(
                                Finding.warn(
                                        "topic " + resource.name(),
                                        "takes records of at most "
                                                + most
                                                + " bytes, and events may have "
                                                + largest,
                                        "raise max.message.bytes of the topic, or lower"
                                                + " limits.maxEvent"));
                    }
                });
    }

    private void transactions(PipelineSpec spec) {
        String id = "thac-" + spec.pipeline() + "-doctor";
        try (Producer<byte[], byte[]> producer =
                access.producer(Map.of("transactional.id", id, "max.block.ms", 10_000))) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.abortTransaction();
            findings.add(Finding.ok("exactly-once", "the brokers take transactions"));
        } catch (KafkaException e) {
            findings.add(
                    Finding.fail(
                            "exactly-once",
                            "no transactions: " + e.getMessage(),
                            "allow the transactional id thac-"
                                    + spec.pipeline()
                                    + "-*, or write delivery: at-least-once"));
        }
    }

    private void metadata(Admin admin, Node broker) throws InterruptedException {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.BROKER, broker.idString());
        Config config =
                access.await(admin.describeConfigs(List.of(resource)).all())
                        .getOrDefault(resource, new Config(List.of()));
        long bytes = number(config.get("offset.metadata.max.bytes"), METADATA_BYTES);
        findings.add(
                bytes >= METADATA_BYTES
                        ? Finding.ok("commits", bytes + " bytes of metadata fit beside an offset")
                        : Finding.warn(
                                "commits",
                                "only " + bytes + " bytes of metadata fit beside an offset",
                                "raise offset.metadata.max.bytes of the brokers to "
                                        + METADATA_BYTES));
    }

    private void protocol(Admin admin) throws InterruptedException {
        FinalizedVersionRange range =
                access.await(admin.describeFeatures().featureMetadata())
                        .finalizedFeatures()
                        .get("group.version");
        boolean modern = range != null && range.maxVersionLevel() >= 1;
        findings.add(
                modern
                        ? Finding.ok("group", "the brokers speak the new group protocol (KIP-848)")
                        : Finding.warn(
                                "group",
                                "the brokers speak the classic group protocol only: rebalances"
                                        + " stop all instances for a moment",
                                "Kafka 4.0 or newer has the new one"));
    }

    private static long number(@Nullable ConfigEntry entry, long otherwise) {
        String value = entry == null ? null : entry.value();
        return value == null ? otherwise : Long.parseLong(value);
    }
}
