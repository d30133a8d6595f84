package dev.thac.testkit.broker;

import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

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
    private static final String CONTROLLER = "CONTROLLER";
    private static final Duration LEADERS = Duration.ofSeconds(15);
    private static final Duration LEADERS_AGAIN = Duration.ofMillis(20);

    private final int port;
    private final Path directory;
    private final boolean temporary;
    private final Map<String, String> serverProperties;
    private @Nullable KafkaRaftServer server;

    private EmbeddedKafka(
            int port, Path directory, boolean temporary, Map<String, String> serverProperties) {
        this.port = port;
        this.directory = directory;
        this.temporary = temporary;
        this.serverProperties = serverProperties;
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
        boolean temporary = settings.dataDir().isEmpty();
        EmbeddedKafka kafka =
                new EmbeddedKafka(
                        port,
                        settings.dataDir().orElseGet(EmbeddedKafka::temporaryDirectory),
                        temporary,
                        settings.serverProperties());
        try {
            kafka.restart();
        } catch (RuntimeException e) {
            if (temporary) {
                delete(kafka.directory);
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
        return directory;
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
     * Creates a topic; returns when it can be written and read. (A producer that writes earlier may
     * have its first batch refused and its second one taken, after which the broker refuses the
     * first as out of order.)
     *
     * @param configs topic settings under Kafka's own names
     * @throws TopicExistsException if it is there already
     */
    public void createTopic(String name, int partitions, Map<String, String> configs) {
        try (Admin admin = admin()) {
            admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1).configs(configs)))
                    .all()
                    .get();
            Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
            for (int partition = 0; partition < partitions; partition++) {
                ends.put(new TopicPartition(name, partition), OffsetSpec.latest());
            }
            awaitLeaders(admin, ends);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TopicExistsException exists) {
                throw exists;
            }
            throw new KafkaException("could not create topic " + name, e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while creating topic " + name, e);
        }
    }

    /** The broker may not have heard yet of a topic that the controller has created. */
    private static void awaitLeaders(Admin admin, Map<TopicPartition, OffsetSpec> ends)
            throws ExecutionException, InterruptedException {
        long deadline = System.nanoTime() + LEADERS.toNanos();
        while (true) {
            try {
                // quieter than listOffsets, which logs an error for a topic it does not find
                admin.describeTopics(ends.keySet().stream().map(TopicPartition::topic).toList())
                        .allTopicNames()
                        .get();
                admin.listOffsets(ends).all().get();
                return;
            } catch (ExecutionException e) {
                boolean unheard = e.getCause() instanceof UnknownTopicOrPartitionException;
                if (!unheard || System.nanoTime() > deadline) {
                    throw e;
                }
                Thread.sleep(LEADERS_AGAIN);
            }
        }
    }

    /** A new admin client of this broker; the caller closes it. */
    public Admin admin() {
        return Admin.create(
                Map.<String, Object>of(
                        AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers()));
    }

    /** Stops the broker in an orderly way and keeps its logs; {@link #restart} brings it back. */
    public synchronized void stop() {
        KafkaRaftServer running = server;
        if (running != null) {
            server = null;
            running.shutdown();
            running.awaitShutdown();
        }
    }

    /**
     * Starts the broker again on the same port and logs after {@link #stop}; does nothing when it
     * is running.
     */
    public synchronized void restart() {
        if (server != null) {
            return;
        }
        FreePorts.claim(port);
        KafkaConfig config = new KafkaConfig(properties(FreePorts.any()), false);
        format();
        KafkaRaftServer starting = new KafkaRaftServer(config, Time.SYSTEM);
        try {
            starting.startup();
        } catch (RuntimeException e) {
            starting.shutdown();
            throw new KafkaException(
                    "the embedded broker did not start on port "
                            + port
                            + " with its logs in "
                            + directory,
                    e);
        }
        server = starting;
    }

    /** Stops the broker and deletes its directory if that was temporary. */
    @Override
    public void close() {
        stop();
        if (temporary) {
            delete(directory);
        }
    }

    private Properties properties(int controllerPort) {
        Map<String, String> settings = new HashMap<>();
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", Integer.toString(NODE_ID));
        settings.put("controller.quorum.voters", NODE_ID + "@127.0.0.1:" + controllerPort);
        settings.put(
                "listeners",
                LISTENER
                        + "://127.0.0.1:"
                        + port
                        + ","
                        + CONTROLLER
                        + "://127.0.0.1:"
                        + controllerPort);
        settings.put("advertised.listeners", LISTENER + "://127.0.0.1:" + port);
        settings.put("controller.listener.names", CONTROLLER);
        settings.put("inter.broker.listener.name", LISTENER);
        settings.put("log.dirs", directory.toString());
        settings.put("auto.create.topics.enable", "false");
        settings.put("group.initial.rebalance.delay.ms", "0");
        settings.put("controller.quorum.election.timeout.ms", "100");
        settings.put("controller.quorum.election.backoff.max.ms", "100");
        // One node: the internal topics cannot have, and need not have, more than one copy.
        for (String topic :
                List.of(
                        "offsets.topic",
                        "transaction.state.log",
                        "share.coordinator.state.topic")) {
            settings.put(topic + ".num.partitions", "1");
            settings.put(topic + ".replication.factor", "1");
        }
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("share.coordinator.state.topic.min.isr", "1");
        // The cleaner's default buffer is 128 MiB, which a laptop's tests can do without.
        settings.put("log.cleaner.dedupe.buffer.size", "2097152");
        settings.putAll(serverProperties);
        Properties properties = new Properties();
        properties.putAll(settings);
        return properties;
    }

    /** As {@code kafka-storage format --ignore-formatted --standalone} does. */
    private void format() {
        if (Files.exists(directory.resolve("meta.properties"))) {
            return;
        }
        Formatter formatter =
                new Formatter()
                        .setPrintStream(
                                new PrintStream(
                                        OutputStream.nullOutputStream(),
                                        false,
                                        StandardCharsets.UTF_8))
                        .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
                        .setNodeId(NODE_ID)
                        .setClusterId(Uuid.randomUuid().toString())
                        .addDirectory(directory.toString())
                        .setMetadataLogDirectory(directory.toString())
                        .setReleaseVersion(MetadataVersion.latestProduction())
                        .setControllerListenerName(CONTROLLER)
                        .setUnstableFeatureVersionsEnabled(false)
                        .setIgnoreFormatted(true);
        run(formatter);
    }

    private void run(Formatter formatter) {
        try {
            formatter.run();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) { // what Formatter.run declares
            throw new KafkaException("could not format " + directory, e);
        }
    }

    private static Path temporaryDirectory() {
        try {
            return Files.createTempDirectory("thac-kafka-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("could not delete " + directory, e);
        }
    }
}
