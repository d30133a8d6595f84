package dev.thac.kafka;

import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Settings of the Kafka clients: our defaults, over them the user's, over them those the runtime
 * owns. A user's setting goes to every client that knows it; {@code consumer.}, {@code producer.}
 * or {@code admin.} before it sends it to that client alone.
 */
public final class ClientSettings {

    private static final String COMMITS = "offsets are committed with the outputs they belong to";
    private static final String BYTES = "records are read and written as bytes; see source.format";
    private static final String GUARANTEES = "it follows from delivery";

    /** Setting to why it cannot be set; such a setting never reaches a client. */
    private static final Map<String, String> OWNED =
            Map.ofEntries(
                    Map.entry(
                            "bootstrap.servers",
                            "the brokers are given with --brokers or in thac.yaml"),
                    Map.entry("group.id", "it is source.group"),
                    Map.entry("group.instance.id", "instances are told apart by the runtime"),
                    Map.entry("client.id", "it is made of the pipeline, the instance and the lane"),
                    Map.entry("enable.auto.commit", COMMITS),
                    Map.entry("auto.commit.interval.ms", COMMITS),
                    Map.entry("auto.offset.reset", "it is source.start"),
                    Map.entry("isolation.level", "it is source.isolation"),
                    Map.entry("transactional.id", GUARANTEES),
                    Map.entry("enable.idempotence", GUARANTEES),
                    Map.entry("acks", GUARANTEES),
                    Map.entry("key.serializer", BYTES),
                    Map.entry("value.serializer", BYTES),
                    Map.entry("key.deserializer", BYTES),
                    Map.entry("value.deserializer", BYTES),
                    Map.entry(
                            "partition.assignment.strategy",
                            "partitions must move one by one, not all at once"));

    /** Settings the runtime chooses itself; a file cannot. */
    private static final Map<String, String> CHOSEN =
            Map.of(
                    "retries",
                    GUARANTEES,
                    "max.in.flight.requests.per.connection",
                    GUARANTEES,
                    "group.protocol",
                    "the newest protocol the brokers speak is chosen",
                    "max.poll.interval.ms",
                    "a lane never stops polling, however slow the models are");

    private static final Map<String, String> CONSUMER =
            Map.of(
                    "max.poll.records", "2000",
                    "fetch.max.bytes", "16777216",
                    "default.api.timeout.ms", "30000",
                    "allow.auto.create.topics", "false");

    private static final Map<String, String> PRODUCER =
            Map.of(
                    "compression.type", "lz4",
                    "linger.ms", "2",
                    "batch.size", "131072",
                    "max.request.size", "16777216",
                    "max.block.ms", "15000",
                    "request.timeout.ms", "15000",
                    "delivery.timeout.ms", "25000",
                    "transaction.timeout.ms", "30000");

    private ClientSettings() {}

    /**
     * Why a file cannot set a client setting.
     *
     * @param name the setting, with or without {@code consumer.}, {@code producer.}, {@code admin.}
     * @return the reason; empty when it may be set
     */
    public static Optional<String> refusal(String name) {
        return Optional.ofNullable(CHOSEN.get(plain(name))).or(() -> owned(name));
    }

    private static Optional<String> owned(String name) {
        return Optional.ofNullable(OWNED.get(plain(name)));
    }

    private static String plain(String name) {
        String plain = name;
        for (String prefix : Set.of("consumer.", "producer.", "admin.")) {
            if (name.startsWith(prefix)) {
                plain = name.substring(prefix.length());
            }
        }
        return plain;
    }

    /** Settings of a lane's consumer. */
    static Map<String, Object> consumer(LaneSettings lane) {
        Map<String, Object> settings = new HashMap<>(CONSUMER);
        settings.putAll(own(lane.kafka(), "consumer.", ConsumerConfig.configNames()));
        if (!"consumer".equals(settings.get("group.protocol"))) {
            settings.put(
                    "partition.assignment.strategy", CooperativeStickyAssignor.class.getName());
        }
        settings.put("bootstrap.servers", lane.brokers());
        settings.put("group.id", lane.source().group());
        settings.put("client.id", "thac-" + lane.name());
        settings.put("enable.auto.commit", "false");
        settings.put("auto.offset.reset", "earliest");
        settings.put("isolation.level", lane.source().isolation().name().toLowerCase(Locale.ROOT));
        settings.put("key.deserializer", ByteArrayDeserializer.class);
        settings.put("value.deserializer", ByteArrayDeserializer.class);
        return settings;
    }

    /** Settings of a lane's producer. */
    static Map<String, Object> producer(LaneSettings lane) {
        Map<String, Object> settings = writer(lane.brokers(), lane.kafka(), "thac-" + lane.name());
        if (lane.delivery() == DeliveryMode.EXACTLY_ONCE) {
            settings.put("transactional.id", lane.name());
        }
        return settings;
    }

    /**
     * Settings of a consumer that is a member of a group of its own, outside any lane. It goes by a
     * name, so that after a crash it takes its own place again at once.
     *
     * @param brokers bootstrap servers
     * @param kafka the user's settings
     * @param group the group
     * @param name of the member: the same after a restart, and no other member's
     * @return settings for a consumer
     */
    public static Map<String, Object> member(
            String brokers, Map<String, String> kafka, String group, String name) {
        Map<String, Object> settings = reader(brokers, kafka, "thac-" + name);
        settings.put("group.id", group);
        settings.put("group.instance.id", name);
        settings.put("group.protocol", "classic"); // in which a name takes its place back
        settings.put("partition.assignment.strategy", CooperativeStickyAssignor.class.getName());
        return settings;
    }

    /**
     * Settings of a producer whose records and a group's offsets are one transaction.
     *
     * @param brokers bootstrap servers
     * @param kafka the user's settings
     * @param name the transactional id
     * @return settings for a producer
     */
    public static Map<String, Object> transactionalWriter(
            String brokers, Map<String, String> kafka, String name) {
        Map<String, Object> settings = writer(brokers, kafka, "thac-" + name);
        settings.put("transactional.id", name);
        return settings;
    }

    /**
     * Settings of an idempotent producer outside any lane.
     *
     * @param brokers bootstrap servers
     * @param kafka the user's settings
     * @param clientId what the brokers' logs call it
     * @return settings for a producer
     */
    public static Map<String, Object> writer(
            String brokers, Map<String, String> kafka, String clientId) {
        Map<String, Object> settings = new HashMap<>(PRODUCER);
        settings.putAll(own(kafka, "producer.", ProducerConfig.configNames()));
        settings.put("bootstrap.servers", brokers);
        settings.put("client.id", clientId);
        settings.put("acks", "all");
        settings.put("enable.idempotence", "true");
        settings.put("key.serializer", ByteArraySerializer.class);
        settings.put("value.serializer", ByteArraySerializer.class);
        return settings;
    }

    /**
     * The settings of lanes' producers that decide on speed and safety, in words.
     *
     * @param kafka the user's settings
     * @param delivery how outputs and offsets are made durable
     * @return for example {@code compression lz4, linger 2 ms, batches of 131072 bytes, acks all,
     *     idempotent, transactional}
     */
    public static String producerInWords(Map<String, String> kafka, DeliveryMode delivery) {
        Map<String, Object> settings = writer("", kafka, "");
        return "compression %s, linger %s ms, batches of %s bytes, acks %s, idempotent%s"
                .formatted(
                        settings.get("compression.type"),
                        settings.get("linger.ms"),
                        settings.get("batch.size"),
                        settings.get("acks"),
                        delivery == DeliveryMode.EXACTLY_ONCE ? ", transactional" : "");
    }

    /** Settings of the producer that appends to a journal: long patience, small batches. */
    static Map<String, Object> journalWriter(JournalSettings journal) {
        Map<String, Object> settings =
                writer(journal.brokers(), journal.kafka(), journal.clientId("writer"));
        settings.put("delivery.timeout.ms", "120000");
        settings.put("linger.ms", "1");
        return settings;
    }

    /** Settings of the consumer that reads a journal. */
    static Map<String, Object> journalReader(JournalSettings journal) {
        Map<String, Object> settings =
                reader(journal.brokers(), journal.kafka(), journal.clientId("reader"));
        settings.put("isolation.level", "read_uncommitted");
        settings.put("fetch.max.wait.ms", "100");
        return settings;
    }

    /** Settings of the producer that appends to the ledger: calls wait for every record. */
    static Map<String, Object> ledgerWriter(LedgerSettings ledger) {
        Map<String, Object> settings =
                writer(ledger.brokers(), ledger.kafka(), ledger.clientId("writer"));
        settings.put("linger.ms", "0");
        settings.put("max.block.ms", "5000");
        settings.put("request.timeout.ms", "5000");
        settings.put("delivery.timeout.ms", "10000");
        return settings;
    }

    /** Settings of the consumer that follows the ledger; it must not skip what is gone. */
    static Map<String, Object> ledgerReader(LedgerSettings ledger) {
        Map<String, Object> settings =
                reader(ledger.brokers(), ledger.kafka(), ledger.clientId("reader"));
        settings.put("isolation.level", "read_uncommitted");
        settings.put("auto.offset.reset", "none");
        settings.put("fetch.min.bytes", "1");
        return settings;
    }

    /** Settings of a consumer outside any group. */
    static Map<String, Object> reader(String brokers, Map<String, String> kafka, String clientId) {
        Map<String, Object> settings = new HashMap<>(CONSUMER);
        settings.putAll(own(kafka, "consumer.", ConsumerConfig.configNames()));
        settings.remove("group.protocol");
        settings.put("bootstrap.servers", brokers);
        settings.put("client.id", clientId);
        settings.put("enable.auto.commit", "false");
        settings.put("auto.offset.reset", "earliest");
        settings.put("isolation.level", "read_committed");
        settings.put("key.deserializer", ByteArrayDeserializer.class);
        settings.put("value.deserializer", ByteArrayDeserializer.class);
        return settings;
    }

    /** Settings of an admin client. */
    static Map<String, Object> admin(String brokers, Map<String, String> kafka, String clientId) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("request.timeout.ms", "10000");
        settings.put("default.api.timeout.ms", "15000");
        settings.putAll(own(kafka, "admin.", AdminClientConfig.configNames()));
        settings.put("bootstrap.servers", brokers);
        settings.put("client.id", clientId);
        return settings;
    }

    /** The user's settings for one client; a name no client knows goes to all of them. */
    private static Map<String, String> own(
            Map<String, String> kafka, String prefix, Set<String> known) {
        Map<String, String> mine = new HashMap<>();
        kafka.forEach(
                (name, value) -> {
                    if (owned(name).isEmpty() && (known.contains(name) || unknown(name))) {
                        mine.put(name, value);
                    }
                });
        kafka.forEach(
                (name, value) -> {
                    if (name.startsWith(prefix) && owned(name).isEmpty()) {
                        mine.put(name.substring(prefix.length()), value);
                    }
                });
        return mine;
    }

    private static boolean unknown(String name) {
        return !name.startsWith("consumer.")
                && !name.startsWith("producer.")
                && !name.startsWith("admin.")
                && !ConsumerConfig.configNames().contains(name)
                && !ProducerConfig.configNames().contains(name)
                && !AdminClientConfig.configNames().contains(name);
    }
}
