package dev.thac.testkit.broker;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.TopicExistsException;

import java.nio.file.Path;
import java.util.Map;

/**
 * The real Kafka server, broker and controller in one, inside this process and reachable from
 * loopback only. For tests, demos and {@code thac dev}; not for production.
 *
 * <p>Transactions, the new consumer group protocol and every other feature stand at the level of a
 * freshly formatted cluster of this Kafka version. Topics are not created by accident: {@code
 * auto.create.topics.enable} is off unless the settings turn it on.
 *
 * <p>Thread-safe.
 */
public final class EmbeddedKafka implements AutoCloseable {

    private static final int NODE_ID = 1;
    private static final String LISTENER = "PLAINTEXT";
    private static final String INTERNAL = "INTERNAL";

    private final int port;
    private final KafkaNode node;
    private final boolean temporary;
    private final EmbeddedKafkaSettings wanted;

    private EmbeddedKafka(int port, KafkaNode node, EmbeddedKafkaSettings wanted) {
        this.port = port;
        this.node = node;
        this.temporary = wanted.dataDir().isEmpty();
        this.wanted = wanted;
    }

    /** A broker on a free port, in a temporary directory that is deleted on close. */
    public static EmbeddedKafka start() {
        return start(EmbeddedKafkaSettings.DEFAULT);
    }

    /**
     * A broker whose logs stay.
     *
     * @param port the client port; 0 picks a free one
     * @param dataDir formatted on first use, reused afterwards
     */
    public static EmbeddedKafka start(int port, Path dataDir) {
        return start(EmbeddedKafkaSettings.DEFAULT.withPort(port).withDataDir(dataDir));
    }

    /**
     * A broker as the settings say; returns when clients can use it.
     *
     * @throws PortTakenException if the port is in use
     * @throws KafkaException if the server refuses its settings or its directory
     */
    public static EmbeddedKafka start(EmbeddedKafkaSettings settings) {
        int port = settings.port() == 0 ? FreePorts.any() : FreePorts.claim(settings.port());
        Path directory = settings.dataDir().orElseGet(KafkaNode::temporaryDirectory);
        KafkaNode node = new KafkaNode(NODE_ID, Uuid.randomUuid().toString(), directory);
        EmbeddedKafka kafka = new EmbeddedKafka(port, node, settings);
        try {
            kafka.restart();
        } catch (RuntimeException e) {
            if (kafka.temporary) {
                KafkaNode.delete(directory);
            }
            throw e;
        }
        return kafka;
    }

    /** What clients put into {@code bootstrap.servers}. */
    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    /** The client port. */
    public int port() {
        return port;
    }

    /** Where the logs are. */
    public Path directory() {
        return node.directory();
    }

    /**
     * Creates a topic with the broker's defaults; returns when it can be written and read.
     *
     * @throws TopicExistsException if it is there already
     */
    public void createTopic(String name, int partitions) {
        createTopic(name, partitions, Map.of());
    }

    /**
     * Creates a topic; returns when it can be written and read.
     *
     * @param configs topic settings under Kafka's own names
     * @throws TopicExistsException if it is there already
     */
    public void createTopic(String name, int partitions, Map<String, String> configs) {
        try (Admin admin = admin()) {
            Topics.create(admin, name, partitions, 1, configs);
        }
    }

    /** A new admin client of this broker; the caller closes it. */
    public Admin admin() {
        return Admin.create(
                Map.<String, Object>of(
                        AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers()));
    }

    /** Stops the broker in an orderly way and keeps its logs; {@link #restart} brings it back. */
    public void stop() {
        node.stop();
    }

    /**
     * Starts the broker again on the same port and logs after {@link #stop}; does nothing when it
     * is running.
     */
    public void restart() {
        if (!node.running()) {
            FreePorts.claim(port);
            node.start(properties(FreePorts.any()));
        }
    }

    /** Stops the broker and deletes its directory if that was temporary. */
    @Override
    public void close() {
        stop();
        if (temporary) {
            KafkaNode.delete(node.directory());
        }
    }

    private Map<String, String> properties(int controllerPort) {
        Map<String, String> settings = KafkaNode.defaults(1, 1);
        String clients = LISTENER + "://127.0.0.1:" + port;
        String controllers = KafkaNode.CONTROLLER + "://127.0.0.1:" + controllerPort;
        settings.put("process.roles", "broker,controller");
        settings.put("controller.quorum.voters", NODE_ID + "@127.0.0.1:" + controllerPort);
        if (wanted.advertisedPort() == 0) {
            settings.put("listeners", clients + "," + controllers);
            settings.put("advertised.listeners", clients);
            settings.put("inter.broker.listener.name", LISTENER);
        } else {
            // What clients go through must not stand between the broker and itself.
            String internal = INTERNAL + "://127.0.0.1:" + FreePorts.any();
            settings.put("listeners", clients + "," + internal + "," + controllers);
            settings.put(
                    "advertised.listeners",
                    LISTENER + "://127.0.0.1:" + wanted.advertisedPort() + "," + internal);
            settings.put("inter.broker.listener.name", INTERNAL);
            settings.put(
                    "listener.security.protocol.map",
                    "PLAINTEXT:PLAINTEXT,INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT");
        }
        settings.putAll(wanted.serverProperties());
        return settings;
    }
}
