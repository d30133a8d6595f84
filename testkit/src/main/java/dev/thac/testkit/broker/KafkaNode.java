package dev.thac.testkit.broker;

import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;

import org.apache.kafka.common.KafkaException;
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
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;

/** One Kafka server of this process, that can be stopped and started again. Thread-safe. */
final class KafkaNode {

    /** The name of the controllers' listener. */
    static final String CONTROLLER = "CONTROLLER";

    private final int id;
    private final String clusterId;
    private final Path directory;
    private @Nullable KafkaRaftServer server;

    KafkaNode(int id, String clusterId, Path directory) {
        this.id = id;
        this.clusterId = clusterId;
        this.directory = directory;
    }

    /** Settings every node of a test has: quick elections, small buffers, no surprises. */
    static Map<String, String> defaults(int replicas, int minInSync) {
        Map<String, String> settings = new HashMap<>();
        settings.put("controller.listener.names", CONTROLLER);
        settings.put("auto.create.topics.enable", "false");
        settings.put("group.initial.rebalance.delay.ms", "0");
        settings.put("controller.quorum.election.timeout.ms", "100");
        settings.put("controller.quorum.election.backoff.max.ms", "100");
        for (String topic :
                List.of(
                        "offsets.topic",
                        "transaction.state.log",
                        "share.coordinator.state.topic")) {
            // as many partitions as copies: each broker leads one
            settings.put(topic + ".num.partitions", Integer.toString(replicas));
            settings.put(topic + ".replication.factor", Integer.toString(replicas));
        }
        settings.put("transaction.state.log.min.isr", Integer.toString(minInSync));
        settings.put("share.coordinator.state.topic.min.isr", Integer.toString(minInSync));
        // The cleaner's default buffer is 128 MiB, which a laptop's tests can do without.
        settings.put("log.cleaner.dedupe.buffer.size", "2097152");
        // Windows write with the time of events, which may be long ago: by default such records are
        // deleted at once, and their producers' sequence numbers forgotten.
        settings.put("log.retention.ms", "-1");
        settings.put("producer.id.expiration.ms", Integer.toString(Integer.MAX_VALUE));
        return settings;
    }

    /** Where its logs are. */
    Path directory() {
        return directory;
    }

    synchronized boolean running() {
        return server != null;
    }

    /**
     * Starts it, formatting its directory on first use; does nothing when it runs.
     *
     * @throws KafkaException if it refuses its settings or its directory
     */
    synchronized void start(Map<String, String> settings) {
        if (server != null) {
            return;
        }
        Properties properties = new Properties();
        properties.putAll(settings);
        properties.put("node.id", Integer.toString(id));
        properties.put("log.dirs", directory.toString());
        KafkaConfig config = new KafkaConfig(properties, false);
        format();
        KafkaRaftServer starting = new KafkaRaftServer(config, Time.SYSTEM);
        try {
            starting.startup();
        } catch (RuntimeException e) {
            starting.shutdown();
            throw new KafkaException(
                    "the embedded broker did not start with "
                            + settings.get("listeners")
                            + " and its logs in "
                            + directory,
                    e);
        }
        server = starting;
    }

    /** Stops it in an orderly way and keeps its logs. */
    synchronized void stop() {
        KafkaRaftServer running = server;
        if (running != null) {
            server = null;
            running.shutdown();
            running.awaitShutdown();
        }
    }

    /** A directory for the logs of a test. */
    static Path temporaryDirectory() {
        try {
            return Files.createTempDirectory("thac-kafka-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes a directory with everything in it. */
    static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("could not delete " + directory, e);
        }
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
                        .setNodeId(id)
                        .setClusterId(clusterId)
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
}
