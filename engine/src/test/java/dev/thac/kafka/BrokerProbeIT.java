package dev.thac.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thac.event.ErrorCode;
import dev.thac.event.Finding;
import dev.thac.resilience.ShiftedTicker;
import dev.thac.resilience.Ticker;
import dev.thac.spec.DataSize;
import dev.thac.testkit.broker.EmbeddedKafka;
import dev.thac.testkit.broker.TopicWriter;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** What the probe finds on a real broker. */
class BrokerProbeIT {

    private static final AtomicInteger NAMES = new AtomicInteger();

    private static EmbeddedKafka kafka;
    private static TopicWriter writer;

    private final String name = "probe" + NAMES.incrementAndGet();
    private final String in = name + ".raw";
    private final Map<String, TopicUse> topics = new LinkedHashMap<>();
    private final Map<String, Integer> named = new LinkedHashMap<>();
    private ForeignMetadata foreign = ForeignMetadata.REFUSE;

    @BeforeAll
    static void startKafka() {
        kafka = EmbeddedKafka.start();
        writer = new TopicWriter(kafka.bootstrapServers());
    }

    @AfterAll
    static void stopKafka() {
        writer.close();
        kafka.close();
    }

    @Test
    void aHealthyBrokerIsLookedAtInLessThanASecondAndNothingIsLeftBehind() throws Exception {
        topic(TopicUse.SOURCE, in, 4, Map.of());
        topic(TopicUse.ROUTE, name + ".out", 2, Map.of());
        topic(TopicUse.DEAD_LETTERS, name + ".dlq", 1, Map.of());
        BrokerAbilities warm = probe().quick();
        Instant start = Instant.now();

        BrokerAbilities abilities = probe().quick();

        assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(1));
        assertThat(abilities.failures()).isEmpty();
        assertThat(abilities.warnings()).isEmpty();
        assertThat(abilities.newGroupProtocol()).isTrue();
        assertThat(abilities.metadataChars()).isEqualTo(4096);
        assertThat(abilities).isEqualTo(warm);
        try (Admin admin = kafka.admin()) {
            assertThat(admin.listGroups().all().get())
                    .noneMatch(group -> group.groupId().startsWith(name));
        }
    }

    @Test
    void theClocksAreComparedWhereThereAreTransactions() throws InterruptedException {
        topic(TopicUse.SOURCE, in, 1, Map.of());

        assertThat(probe().thorough().findings())
                .anySatisfy(
                        finding -> {
                            assertThat(finding.subject()).isEqualTo("clock");
                            assertThat(finding.message()).contains("agree");
                        });
    }

    @Test
    void aClockThatIsTenMinutesOffIsNamed() throws InterruptedException {
        topic(TopicUse.SOURCE, in, 1, Map.of());
        Ticker late = new ShiftedTicker(Duration.ofMinutes(-10));

        assertThat(
                        new BrokerProbe(kafka.bootstrapServers(), Map.of(), needs(), late)
                                .thorough()
                                .warnings())
                .singleElement()
                .satisfies(
                        finding ->
                                assertThat(finding.subject() + ": " + finding.message())
                                        .containsPattern("is (599|600) s behind the broker"));
    }

    @Test
    void aRouteToAPartitionThatIsNotThereIsRefused() throws InterruptedException {
        topic(TopicUse.SOURCE, in, 1, Map.of());
        topic(TopicUse.ROUTE, name + ".out", 3, Map.of());
        named.put(name + ".out", 3);

        assertThat(probe().quick().failures()).isEmpty();

        named.put(name + ".out", 4);

        assertThat(lines(probe().quick().failures()))
                .singleElement()
                .asString()
                .contains("a route writes to partition 3, and the topic has only 3 partitions")
                .contains("--partitions 4");
    }

    @Test
    void topicsOfTheWrongKindAreRefusedWithTheCommandThatMakesThemRight()
            throws InterruptedException {
        topic(TopicUse.SOURCE, in, 4, Map.of());
        topic(TopicUse.ROUTE, name + ".out", 1, Map.of("cleanup.policy", "compact"));
        topic(TopicUse.DEAD_LETTERS, name + ".dlq", 1, Map.of("max.message.bytes", "1000"));
        topic(TopicUse.RETRY, name + ".retry.1m", 2, Map.of());
        topic(TopicUse.JOURNAL, name + ".journal", 4, Map.of("min.insync.replicas", "2"));

        BrokerAbilities abilities = probe().quick();

        assertThat(lines(abilities.failures()))
                .hasSize(3)
                .anyMatch(line -> line.contains(".retry.1m: retries, 2 partitions, but the source"))
                .anyMatch(line -> line.contains("message.timestamp.type=LogAppendTime"))
                .anyMatch(line -> line.contains(".journal: every write is refused: min.insync"));
        assertThat(lines(abilities.warnings()))
                .hasSize(2)
                .anyMatch(line -> line.contains(".out: route: it is compacted"))
                .anyMatch(line -> line.contains("takes records of at most 1000 bytes"));
    }

    @Test
    void missingTopicsAreNamedTogether() throws InterruptedException {
        topics.put(in, TopicUse.SOURCE);
        topics.put(name + ".out", TopicUse.ROUTE);

        assertThat(probe().quick().failures())
                .singleElement()
                .satisfies(
                        finding -> {
                            assertThat(finding.message()).contains(in + ", " + name + ".out");
                            assertThat(finding.code()).contains(ErrorCode.TOPIC_MISSING);
                            assertThat(finding.fix()).contains("thac topics create");
                        });
    }

    @Test
    void commitsOfAnotherProgramAreRefusedOrIgnoredAsTheFileSays() throws Exception {
        topic(TopicUse.SOURCE, in, 2, Map.of());
        commit(name, 1, "\u0001streams");

        List<Finding> refused = probe().quick().failures();
        foreign = ForeignMetadata.IGNORE;
        BrokerAbilities ignored = probe().quick();

        assertThat(lines(refused))
                .singleElement()
                .satisfies(
                        line ->
                                assertThat(line)
                                        .contains(in + "-1 carry metadata of another program")
                                        .contains("source.foreignMetadata: ignore"));
        assertThat(ignored.failures()).isEmpty();
        assertThat(lines(ignored.warnings())).singleElement().asString().contains("is ignored");
    }

    @Test
    void ourOwnMetadataIsNotForeign() throws Exception {
        topic(TopicUse.SOURCE, in, 1, Map.of());
        commit(name, 0, "Tabc");

        assertThat(probe().quick().failures()).isEmpty();
    }

    @Test
    void membersThatShareByAnotherAssignorAreNamed() throws InterruptedException {
        topic(TopicUse.SOURCE, in, 1, Map.of());
        Map<String, Object> settings =
                Map.of(
                        "bootstrap.servers",
                        kafka.bootstrapServers(),
                        "group.id",
                        name,
                        "client.id",
                        "somebody",
                        "partition.assignment.strategy",
                        "org.apache.kafka.clients.consumer.RangeAssignor");
        try (KafkaConsumer<byte[], byte[]> member =
                new KafkaConsumer<>(
                        settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            member.subscribe(List.of(in));
            while (member.assignment().isEmpty()) {
                member.poll(Duration.ofMillis(50));
            }

            assertThat(lines(probe().quick().failures()))
                    .singleElement()
                    .asString()
                    .contains("its 1 member share")
                    .contains("assignor range");
        }
    }

    @Test
    void whatRetentionHasDeletedUnreadIsCounted() throws Exception {
        topic(TopicUse.SOURCE, in, 1, Map.of());
        writer.writeAll(in, IntStream.range(0, 20).mapToObj(i -> "e" + i).toList());
        commit(name, 0, "");
        try (Admin admin = kafka.admin()) {
            admin.deleteRecords(Map.of(new TopicPartition(in, 0), RecordsToDelete.beforeOffset(15)))
                    .all()
                    .get();
        }

        assertThat(lines(probe().quick().warnings()))
                .singleElement()
                .asString()
                .contains(in + "-0: retention has deleted 15 offsets")
                .contains("goes on at 15");
    }

    @Test
    void recordsThatRetentionWillSoonDeleteAreNamed() throws Exception {
        topic(TopicUse.SOURCE, in, 1, Map.of("retention.ms", "3600000"));
        byte[] value = "old".getBytes(StandardCharsets.UTF_8);
        long old = Instant.now().minus(Duration.ofMinutes(50)).toEpochMilli();
        writer.acknowledged(new ProducerRecord<>(in, 0, old, null, value));
        commit(name, 0, "");

        List<String> warned = lines(probe().quick().warnings());
        writer.acknowledged(new ProducerRecord<>(in, 0, null, null, value));
        try (Admin admin = kafka.admin()) {
            admin.alterConsumerGroupOffsets(
                            name, Map.of(new TopicPartition(in, 0), new OffsetAndMetadata(1)))
                    .all()
                    .get();
        }

        assertThat(warned).singleElement().asString().contains("80 % of the topic's retention");
        assertThat(probe().quick().warnings()).isEmpty();
    }

    @Test
    void anOpenTransactionOfAnotherProducerIsNamedWithItsOffset() throws InterruptedException {
        topic(TopicUse.SOURCE, in, 1, Map.of());
        writer.write(in, "before");
        try (KafkaProducer<byte[], byte[]> other =
                new KafkaProducer<>(
                        Map.of(
                                "bootstrap.servers",
                                kafka.bootstrapServers(),
                                "transactional.id",
                                name + "-other"),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            other.initTransactions();
            other.beginTransaction();
            other.send(new ProducerRecord<>(in, new byte[1]));
            other.flush();

            assertThat(lines(probe().quick().warnings()))
                    .singleElement()
                    .asString()
                    .contains(in + "-0: everything from offset 1 on (1 records so far)")
                    .contains("open transaction");
            other.abortTransaction();
        }
    }

    private void topic(TopicUse use, String topic, int partitions, Map<String, String> configs) {
        kafka.createTopic(topic, partitions, configs);
        topics.put(topic, use);
    }

    private void commit(String group, int partition, String metadata)
            throws InterruptedException, ExecutionException {
        try (Admin admin = kafka.admin()) {
            admin.alterConsumerGroupOffsets(
                            group,
                            Map.of(
                                    new TopicPartition(in, partition),
                                    new OffsetAndMetadata(0, metadata)))
                    .all()
                    .get();
        }
    }

    private BrokerProbe probe() {
        return new BrokerProbe(kafka.bootstrapServers(), Map.of(), needs(), Ticker.system());
    }

    private BrokerNeeds needs() {
        return new BrokerNeeds(
                name,
                name,
                topics,
                named,
                DeliveryMode.EXACTLY_ONCE,
                foreign,
                new DataSize(1 << 20),
                1,
                List.of());
    }

    private static List<String> lines(List<Finding> findings) {
        return findings.stream()
                .map(each -> each.subject() + ": " + each.message() + " / " + each.fix())
                .toList();
    }
}
