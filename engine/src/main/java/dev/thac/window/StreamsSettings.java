package dev.thac.window;

import dev.thac.event.ErrorCode;
import dev.thac.event.ThacException;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;

/**
 * Where and how a topology runs.
 *
 * @param application the application id: group, prefix of its internal topics and transactional ids
 * @param instance what tells this process from the others of the same application; the same after a
 *     restart takes over at once what a crash left behind
 * @param brokers bootstrap servers
 * @param kafka client settings as in the files, {@code consumer.}, {@code producer.} and {@code
 *     admin.} before those for one client alone; those that follow from the topology are left out
 * @param delivery how outputs are made durable
 * @param threads stream threads
 * @param standbys copies of every state kept warm on other instances
 * @param stateDir where state is kept between starts; of this instance alone
 * @param earliest whether to begin at the start of the topics where nothing is committed yet,
 *     rather than at their end
 */
public record StreamsSettings(
        String application,
        String instance,
        String brokers,
        Map<String, String> kafka,
        StreamsDelivery delivery,
        int threads,
        int standbys,
        Path stateDir,
        boolean earliest) {

    /** What follows from the topology, or is chosen here. */
    private static final Set<String> OWNED =
            Set.of(
                    "bootstrap.servers",
                    "group.id",
                    "group.instance.id",
                    "group.protocol",
                    "client.id",
                    "enable.auto.commit",
                    "auto.commit.interval.ms",
                    "auto.offset.reset",
                    "isolation.level",
                    "transactional.id",
                    "enable.idempotence",
                    "acks",
                    "key.serializer",
                    "value.serializer",
                    "key.deserializer",
                    "value.deserializer",
                    "partition.assignment.strategy",
                    "max.in.flight.requests.per.connection",
                    "retries");

    private static final Set<String> PREFIXES = Set.of("consumer.", "producer.", "admin.");

    /** Copies the settings. */
    public StreamsSettings {
        kafka = Map.copyOf(kafka);
    }

    /**
     * The default place of state: below the machine's temporary folder; in it, a folder for each
     * cluster.
     *
     * @param instance the instance
     * @return a folder of this instance alone
     */
    public static Path defaultStateDir(String instance) {
        return Path.of(System.getProperty("java.io.tmpdir"), "thac", "streams", instance);
    }

    /**
     * Makes what runs a topology; nothing is read yet.
     *
     * @throws ThacException {@code KAFKA_UNAVAILABLE} when no broker answers, {@code BAD_SPEC} when
     *     state cannot be kept where it shall
     */
    KafkaStreams open(Topology topology) {
        Properties properties = connected();
        Path folder = Path.of(properties.getProperty(StreamsConfig.STATE_DIR_CONFIG));
        try {
            Files.createDirectories(folder);
            return new KafkaStreams(topology, properties);
        } catch (IOException | StreamsException e) {
            throw new ThacException(
                    ErrorCode.BAD_SPEC,
                    "%s cannot keep its state in %s: %s; streams.stateDir names a folder of this instance alone"
                            .formatted(application, folder, e.getMessage()),
                    e);
        }
    }

    /**
     * As Kafka Streams takes them. State is kept apart by cluster: that of another one, which had
     * an application of the same name, would be taken for this one's.
     *
     * @throws ThacException {@code KAFKA_UNAVAILABLE} when no broker answers
     */
    private Properties connected() {
        Map<String, Object> asking = new HashMap<>();
        kafka.forEach(
                (name, value) -> {
                    String plain = plain(name);
                    if (AdminClientConfig.configNames().contains(plain)) {
                        asking.put(plain, value);
                    }
                });
        asking.put("bootstrap.servers", brokers);
        asking.put("client.id", "thac-" + application + "-" + instance + "-start");
        try (Admin admin = Admin.create(asking)) {
            String cluster = admin.describeCluster().clusterId().get();
            Properties properties = properties();
            properties.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.resolve(cluster).toString());
            return properties;
        } catch (ExecutionException e) {
            throw new ThacException(
                    ErrorCode.KAFKA_UNAVAILABLE,
                    application + " cannot be started: " + e.getMessage(),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ThacException(
                    ErrorCode.KAFKA_UNAVAILABLE, application + " was interrupted at its start", e);
        }
    }

    /** As Kafka Streams takes them, with no cluster known. */
    Properties properties() {
        Map<String, Object> all = new HashMap<>();
        all.put("producer." + ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        all.put("producer." + ProducerConfig.LINGER_MS_CONFIG, "20");
        all.put("producer." + ProducerConfig.BATCH_SIZE_CONFIG, "131072");
        all.put("producer." + ProducerConfig.MAX_REQUEST_SIZE_CONFIG, "16777216");
        all.put("consumer." + ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "2000");
        all.put("consumer." + ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, "15000");
        kafka.forEach(
                (name, value) -> {
                    if (!OWNED.contains(plain(name))) {
                        all.put(name, value);
                    }
                });
        all.put(StreamsConfig.APPLICATION_ID_CONFIG, application);
        all.put(StreamsConfig.CLIENT_ID_CONFIG, "thac-" + application + "-" + instance);
        all.put("main.consumer." + ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, instance);
        all.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, brokers);
        all.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, delivery.guarantee());
        all.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, Integer.toString(threads));
        all.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, Integer.toString(standbys));
        all.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
        all.put(
                "main.consumer." + ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                earliest ? "earliest" : "latest");
        Properties properties = new Properties();
        properties.putAll(all);
        return properties;
    }

    private static String plain(String name) {
        for (String prefix : PREFIXES) {
            if (name.startsWith(prefix)) {
                return name.substring(prefix.length());
            }
        }
        return name;
    }
}
