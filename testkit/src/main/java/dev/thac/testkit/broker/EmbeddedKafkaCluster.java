package dev.thac.testkit.broker;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.Uuid;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;

/**
 * Several real brokers and one controller in this process, reachable from loopback only. Topics
 * have three copies, of which two must be in sync; each broker can be stopped and started again on
 * its port. For tests. Thread-safe.
 */
public final class EmbeddedKafkaCluster implements AutoCloseable {

    private static final int CONTROLLER_ID = 100;
    private static final int COPIES = 3;
    private static final int IN_SYNC = 2;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration AGAIN = Duration.ofMillis(100);

    private final Path directory = KafkaNode.temporaryDirectory();
    private final String clusterId = Uuid.randomUuid().toString();
    private final int controllerPort = FreePorts.any();
    private final Map<String, String> serverProperties;
    private final KafkaNode controller;
    private final List<Broker> brokers = new ArrayList<>();

    private record Broker(KafkaNode node, int port) {}

    private EmbeddedKafkaCluster(int size, Map<String, String> serverProperties) {
        this.serverProperties = Map.copyOf(serverProperties);
        controller = new KafkaNode(CONTROLLER_ID, clusterId, directory.resolve("controller"));
        for (int id = 1; id <= size; id++) {
            brokers.add(
                    new Broker(
                            new KafkaNode(id, clusterId, directory.resolve("broker-" + id)),
                            FreePorts.any()));
        }
    }

    /** Three brokers with the usual settings. */
    public static EmbeddedKafkaCluster start() {
        return start(COPIES, Map.of());
    }

    /**
     * Starts a cluster; returns when clients can use it.
     *
     * @param size how many brokers, three at least
     * @param serverProperties further broker settings under Kafka's own names; they win over ours
     */
    public static EmbeddedKafkaCluster start(int size, Map<String, String> serverProperties) {
        if (size < COPIES) {
            throw new IllegalArgumentException(
                    "a cluster has " + COPIES + " brokers at least, not " + size);
        }
        EmbeddedKafkaCluster cluster = new EmbeddedKafkaCluster(size, serverProperties);
        try {
            cluster.controller.start(cluster.controllerSettings());
            for (int broker = 0; broker < size; broker++) {
                cluster.start(broker);
            }
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
        return cluster;
    }

    /** How many brokers there are, running or not. */
    public int size() {
        return brokers.size();
    }

    /** What clients put into {@code bootstrap.servers}. */
    public String bootstrapServers() {
        return brokers.stream()
                .map(broker -> "127.0.0.1:" + broker.port())
                .collect(Collectors.joining(","));
    }

    /** A new admin client; the caller closes it. */
    public Admin admin() {
        return Admin.create(
                Map.<String, Object>of(
                        AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers()));
    }

    /**
     * Creates a topic of three copies, two of which must be in sync; returns when it can be written
     * and read.
     */
    public void createTopic(String name, int partitions) {
        try (Admin admin = admin()) {
            Topics.create(
                    admin,
                    name,
                    partitions,
                    COPIES,
                    Map.of("min.insync.replicas", Integer.toString(IN_SYNC)));
        }
    }

    /**
     * Stops one broker in an orderly way: it hands its leaderships over first.
     *
     * @param broker from 0
     */
    public void stop(int broker) {
        brokers.get(broker).node().stop();
    }

    /**
     * Starts one broker, on its port and logs; does nothing when it runs.
     *
     * @param broker from 0
     */
    public void start(int broker) {
        Broker started = brokers.get(broker);
        if (!started.node().running()) {
            FreePorts.claim(started.port());
            started.node().start(brokerSettings(started.port()));
        }
    }

    /**
     * Which broker leads a partition.
     *
     * @return from 0; empty while nobody leads it
     */
    public Optional<Integer> leader(String topic, int partition) {
        Node leader = info(topic).get(partition).leader();
        return leader == null || leader.isEmpty() ? Optional.empty() : Optional.of(leader.id() - 1);
    }

    /**
     * Waits until all copies of a topic are in sync.
     *
     * @throws KafkaException if they are not within a minute
     */
    public void awaitInSync(String topic) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!info(topic).stream().allMatch(info -> info.isr().size() >= COPIES)) {
            if (System.nanoTime() > deadline) {
                throw new KafkaException("not all copies of " + topic + " came back in sync");
            }
            try {
                Thread.sleep(AGAIN);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new KafkaException("interrupted while waiting for copies", e);
            }
        }
    }

    /** Stops everything and deletes the logs. */
    @Override
    public void close() {
        brokers.forEach(broker -> broker.node().stop());
        controller.stop();
        KafkaNode.delete(directory);
    }

    private List<TopicPartitionInfo> info(String topic) {
        try (Admin admin = admin()) {
            TopicDescription description =
                    admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic);
            return description == null ? List.of() : description.partitions();
        } catch (ExecutionException e) {
            throw new KafkaException("could not describe " + topic, e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while describing " + topic, e);
        }
    }

    private Map<String, String> controllerSettings() {
        Map<String, String> settings = common();
        settings.put("process.roles", "controller");
        settings.put("listeners", KafkaNode.CONTROLLER + "://127.0.0.1:" + controllerPort);
        return settings;
    }

    private Map<String, String> brokerSettings(int port) {
        Map<String, String> settings = common();
        settings.put("process.roles", "broker");
        settings.put("listeners", "PLAINTEXT://127.0.0.1:" + port);
        settings.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port);
        settings.put("inter.broker.listener.name", "PLAINTEXT");
        return settings;
    }

    private Map<String, String> common() {
        Map<String, String> settings = KafkaNode.defaults(COPIES, IN_SYNC);
        settings.put("controller.quorum.voters", CONTROLLER_ID + "@127.0.0.1:" + controllerPort);
        settings.put("default.replication.factor", Integer.toString(COPIES));
        settings.put("min.insync.replicas", Integer.toString(IN_SYNC));
        // a broker that was stopped is missed soon, and followers catch up soon
        settings.put("broker.session.timeout.ms", "3000");
        settings.put("broker.heartbeat.interval.ms", "500");
        settings.put("replica.fetch.wait.max.ms", "100");
        settings.putAll(serverProperties);
        return settings;
    }
}
