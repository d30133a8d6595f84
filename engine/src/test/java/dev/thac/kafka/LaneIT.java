package dev.thac.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.thac.resilience.Ticker;
import dev.thac.spec.DataSize;
import dev.thac.testkit.broker.EmbeddedKafka;
import dev.thac.testkit.broker.TopicReader;
import dev.thac.testkit.broker.TopicWriter;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** A lane against the real broker. */
class LaneIT {

    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final AtomicInteger TOPICS = new AtomicInteger();

    private static EmbeddedKafka kafka;
    private static TopicWriter writer;

    private final String name = "t" + TOPICS.incrementAndGet();
    private final String in = name + ".raw";
    private final String out = name + ".out";
    private final String dlq = name + ".dlq";
    private final List<Lane> lanes = new ArrayList<>();
    private final Map<String, String> settings = new HashMap<>();
    private LimitsSpec limits =
            new LimitsSpec(
                    10_000, new DataSize(64 << 20), new DataSize(1 << 20), Duration.ofSeconds(25));
    private StartPosition start = new StartPosition.Earliest();

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

    @AfterEach
    void stopLanes() throws InterruptedException {
        for (Lane lane : lanes) {
            lane.stop(Duration.ZERO);
        }
        for (Lane lane : lanes) {
            assertThat(lane.awaitEnd(PATIENCE)).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(DeliveryMode.class)
    void everyOutcomeIsWrittenAndCommitted(DeliveryMode mode) {
        topics(4);
        write("free:", 2_000);
        write("drop:", 500);
        write("judge:", 1_000);
        ScriptedFlow flow = new ScriptedFlow(out, dlq, text -> {});
        RecordingListener listener = new RecordingListener();

        lane("a", mode, flow, listener);

        await().atMost(PATIENCE).until(() -> listener.settled.get() == 3_500);
        assertThat(listener.outcomes)
                .containsEntry("Routed", 3_000)
                .containsEntry("FilteredOut", 500);
        assertThat(sources(out))
                .hasSize(3_000)
                .allSatisfy((id, times) -> assertThat(times).isOne());
        await().atMost(PATIENCE).until(() -> lag() == 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void bothGroupProtocolsWork(String protocol) {
        topics(2);
        settings.put("group.protocol", protocol);
        write("judge:", 200);
        RecordingListener listener = new RecordingListener();

        lane("a", DeliveryMode.EXACTLY_ONCE, new ScriptedFlow(out, dlq, text -> {}), listener);

        await().atMost(PATIENCE).until(() -> listener.settled.get() == 200);
        assertThat(sources(out)).hasSize(200);
    }

    @Test
    void readersOfCommittedRecordsSeeEachOutcomeOnceAcrossRestarts() throws InterruptedException {
        topics(3);
        write("judge:", 3_000);
        Random random = new Random(7);

        int settled = 0;
        for (int run = 0; settled < 3_000; run++) {
            RecordingListener listener = new RecordingListener();
            Lane lane =
                    lane(
                            "a",
                            DeliveryMode.EXACTLY_ONCE,
                            new ScriptedFlow(
                                    out,
                                    dlq,
                                    text -> Thread.sleep(ThreadLocalRandom.current().nextInt(30))),
                            listener);
            int target = Math.min(3_000 - settled, 200 + random.nextInt(900));
            await().atMost(PATIENCE).until(() -> listener.settled.get() >= target);
            lane.stop(run % 2 == 0 ? Duration.ZERO : Duration.ofSeconds(5));
            assertThat(lane.awaitEnd(PATIENCE)).isTrue();
            assertThat(listener.failure).isNull();
            settled += listener.settled.get();
        }

        assertThat(settled).isEqualTo(3_000);
        assertThat(sources(out))
                .hasSize(3_000)
                .allSatisfy((id, times) -> assertThat(times).isOne());
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void readersOfCommittedRecordsSeeEachOutcomeOnceAcrossRebalances(String protocol)
            throws InterruptedException {
        topics(6);
        settings.put("group.protocol", protocol);
        settings.put("producer.transaction.timeout.ms", "10000");
        int events = 6_000;
        write("judge:", events);
        RecordingListener listener = new RecordingListener();
        ScriptedFlow flow =
                new ScriptedFlow(
                        out, dlq, text -> Thread.sleep(ThreadLocalRandom.current().nextInt(40)));
        limits = limits(100);

        Lane first = lane("a", DeliveryMode.EXACTLY_ONCE, flow, listener);
        await().atMost(PATIENCE).until(() -> listener.settled.get() > 200);
        lane("b", DeliveryMode.EXACTLY_ONCE, flow, listener);
        await().atMost(PATIENCE).until(() -> listener.settled.get() > 2_000);
        first.stop(Duration.ofSeconds(5));
        assertThat(first.awaitEnd(PATIENCE)).isTrue();
        lane("c", DeliveryMode.EXACTLY_ONCE, flow, listener);

        await().atMost(PATIENCE).until(() -> sources(out).size() == events);
        await().atMost(PATIENCE).until(() -> lag() == 0);
        assertThat(listener.failure).isNull();
        assertThat(sources(out)).allSatisfy((id, times) -> assertThat(times).isOne());
        assertThat(listener.settled).hasValue(events);
    }

    @Test
    void atLeastOnceLosesNothingAcrossRestarts() throws InterruptedException {
        topics(3);
        write("judge:", 2_000);

        while (sources(out).size() < 2_000) {
            RecordingListener listener = new RecordingListener();
            Lane lane =
                    lane(
                            "a",
                            DeliveryMode.AT_LEAST_ONCE,
                            new ScriptedFlow(
                                    out,
                                    dlq,
                                    text -> Thread.sleep(ThreadLocalRandom.current().nextInt(30))),
                            listener);
            await().atMost(PATIENCE)
                    .until(() -> listener.settled.get() >= 400 || sources(out).size() == 2_000);
            lane.stop(Duration.ZERO);
            assertThat(lane.awaitEnd(PATIENCE)).isTrue();
        }

        assertThat(sources(out)).hasSize(2_000);
    }

    @Test
    void openEventsStayBelowTheirCapAndIntakeResumes() {
        topics(2);
        limits = limits(50);
        write("judge:", 1_000);
        Semaphore permits = new Semaphore(0);
        ScriptedFlow flow = new ScriptedFlow(out, dlq, text -> permits.acquire());
        RecordingListener listener = new RecordingListener();

        Lane lane = lane("a", DeliveryMode.EXACTLY_ONCE, flow, listener);

        await().atMost(PATIENCE).until(() -> lane.status().open() == 50);
        await().atMost(PATIENCE).until(() -> lane.status().paused() == 2);
        assertThat(flow.open).hasValue(50);
        permits.release(1_000);
        await().atMost(PATIENCE).until(() -> listener.settled.get() == 1_000);
        assertThat(flow.mostOpen.get()).isLessThanOrEqualTo(50);
        assertThat(sources(out)).hasSize(1_000);
    }

    @Test
    void stoppingFinishesWhatIsOpenAndFlushesBatches() throws InterruptedException {
        topics(1);
        write("judge:", 100);
        CountDownLatch gate = new CountDownLatch(1);
        ScriptedFlow flow = new ScriptedFlow(out, dlq, text -> gate.await());
        RecordingListener listener = new RecordingListener();
        Lane lane = lane("a", DeliveryMode.EXACTLY_ONCE, flow, listener);
        await().atMost(PATIENCE).until(() -> flow.open.get() == 100);

        lane.stop(Duration.ofSeconds(20));
        await().atMost(PATIENCE).until(() -> flow.flushes.get() > 0);
        write("judge:", 50);
        gate.countDown();

        assertThat(lane.awaitEnd(PATIENCE)).isTrue();
        assertThat(listener.settled).hasValue(100);
        assertThat(sources(out)).hasSize(100);
        assertThat(lag()).isEqualTo(50);
    }

    @Test
    void whatIsOpenWhenTheDrainEndsIsInterruptedAndReadAgain() throws InterruptedException {
        topics(1);
        write("free:", 10);
        write("judge:", 10);
        write("free:", 10);
        CountDownLatch never = new CountDownLatch(1);
        ScriptedFlow stuck = new ScriptedFlow(out, dlq, text -> never.await());
        RecordingListener listener = new RecordingListener();
        Lane lane = lane("a", DeliveryMode.EXACTLY_ONCE, stuck, listener);
        await().atMost(PATIENCE)
                .until(() -> listener.settled.get() == 10 && stuck.open.get() == 10);

        lane.stop(Duration.ofMillis(200));

        assertThat(lane.awaitEnd(PATIENCE)).isTrue();
        await().atMost(PATIENCE).until(() -> stuck.open.get() == 0);
        assertThat(sources(out)).hasSize(10);

        RecordingListener again = new RecordingListener();
        lane("a", DeliveryMode.EXACTLY_ONCE, new ScriptedFlow(out, dlq, text -> {}), again);
        await().atMost(PATIENCE).until(() -> again.settled.get() == 20);
        assertThat(sources(out)).hasSize(30).allSatisfy((id, times) -> assertThat(times).isOne());
    }

    @ParameterizedTest
    @EnumSource(DeliveryMode.class)
    void outputsTheBrokerRefusesBecomeDeadLetters(DeliveryMode mode) {
        kafka.createTopic(in, 1);
        kafka.createTopic(out, 1, Map.of("max.message.bytes", "20000"));
        kafka.createTopic(dlq, 1);
        settings.put("compression.type", "none");
        write("free:", 100);
        writer.write(in, "big:50000");
        writer.write(in, "big:30000000");
        write("judge:", 100);
        RecordingListener listener = new RecordingListener();

        lane("a", mode, new ScriptedFlow(out, dlq, text -> {}), listener);

        await().atMost(PATIENCE).until(() -> listener.settled.get() == 202);
        assertThat(listener.outcomes).containsEntry("Routed", 200).containsEntry("DeadLettered", 2);
        assertThat(sources(out)).hasSize(200);
        assertThat(TopicReader.readCommitted(kafka.bootstrapServers()).drain(dlq))
                .hasSize(2)
                .allSatisfy(
                        record ->
                                assertThat(TopicReader.header(record, "thac.reason"))
                                        .isEqualTo("output-rejected"));
    }

    @Test
    void deadLettersThatAreRefusedTooLeaveTheirValueAtTheSource() {
        kafka.createTopic(in, 1);
        kafka.createTopic(out, 1, Map.of("max.message.bytes", "1000"));
        kafka.createTopic(dlq, 1, Map.of("max.message.bytes", "1000"));
        settings.put("compression.type", "none");
        writer.write(in, "free:" + "x".repeat(5_000));
        write("free:", 10);
        RecordingListener listener = new RecordingListener();

        lane("a", DeliveryMode.EXACTLY_ONCE, new ScriptedFlow(out, dlq, text -> {}), listener);

        await().atMost(PATIENCE).until(() -> listener.settled.get() == 11);
        List<ConsumerRecord<byte[], byte[]>> letters =
                TopicReader.readCommitted(kafka.bootstrapServers()).drain(dlq);
        assertThat(letters).hasSize(1);
        assertThat(letters.getFirst().value()).isNull();
        assertThat(TopicReader.header(letters.getFirst(), "thac.truncated")).isEqualTo("true");
    }

    @Test
    void lagReachesZeroBehindAbortedTransactions() {
        topics(1);
        write("free:", 10);
        abortedTransaction(50);
        RecordingListener listener = new RecordingListener();

        lane("a", DeliveryMode.EXACTLY_ONCE, new ScriptedFlow(out, dlq, text -> {}), listener);

        await().atMost(PATIENCE).until(() -> lag() == 0);
        assertThat(listener.settled).hasValue(10);
        assertThat(listener.read).hasValue(10);
    }

    @Test
    void latestBeginsBehindWhatIsThereAndSkipsNothingLater() throws InterruptedException {
        topics(2);
        write("free:", 100);
        start = new StartPosition.Latest();
        RecordingListener listener = new RecordingListener();
        Lane lane =
                lane(
                        "a",
                        DeliveryMode.EXACTLY_ONCE,
                        new ScriptedFlow(out, dlq, text -> {}),
                        listener);
        await().atMost(PATIENCE).until(() -> committed().size() == 2);
        lane.stop(Duration.ofSeconds(1));
        assertThat(lane.awaitEnd(PATIENCE)).isTrue();

        write("free:", 30);
        lane("a", DeliveryMode.EXACTLY_ONCE, new ScriptedFlow(out, dlq, text -> {}), listener);

        await().atMost(PATIENCE).until(() -> listener.settled.get() == 30);
        assertThat(listener.read).hasValue(30);
    }

    @Test
    void missingOutputTopicHoldsEverythingUntilItIsThere() {
        kafka.createTopic(in, 1);
        settings.put("max.block.ms", "1000");
        write("free:", 10);
        RecordingListener listener = new RecordingListener();

        lane("a", DeliveryMode.EXACTLY_ONCE, new ScriptedFlow(out, dlq, text -> {}), listener);
        await().atMost(PATIENCE).until(() -> !listener.troubles.isEmpty());
        assertThat(listener.settled).hasValue(0);
        kafka.createTopic(out, 1);

        await().atMost(PATIENCE).until(() -> listener.settled.get() == 10);
        assertThat(sources(out)).hasSize(10);
    }

    @Test
    void aLaneWhoseNameIsTakenOverEndsWithAClearError() {
        topics(2);
        RecordingListener first = new RecordingListener();
        RecordingListener second = new RecordingListener();
        ScriptedFlow flow = new ScriptedFlow(out, dlq, text -> {});
        lane("same", DeliveryMode.EXACTLY_ONCE, flow, first);
        write("free:", 10);
        await().atMost(PATIENCE).until(() -> first.settled.get() == 10);

        lane("same", DeliveryMode.EXACTLY_ONCE, flow, second);
        await().atMost(PATIENCE)
                .until(
                        () -> {
                            write("free:", 10);
                            return first.ended;
                        });

        assertThat(first.failure).hasMessageContaining("same-0").hasMessageContaining("instance");
        await().atMost(PATIENCE).until(() -> lag() == 0);
        assertThat(sources(out)).allSatisfy((id, times) -> assertThat(times).isOne());
    }

    private Lane lane(
            String instance, DeliveryMode mode, Lane.Flow flow, RecordingListener listener) {
        LaneSettings laneSettings =
                new LaneSettings(
                        name,
                        instance,
                        0,
                        1,
                        kafka.bootstrapServers(),
                        List.of(in),
                        name + "-group",
                        start,
                        Isolation.READ_COMMITTED,
                        mode,
                        limits,
                        settings);
        Lane lane = Lane.start(laneSettings, flow, listener, Ticker.system());
        lanes.add(lane);
        return lane;
    }

    private void topics(int partitions) {
        kafka.createTopic(in, partitions);
        kafka.createTopic(out, partitions);
        kafka.createTopic(dlq, 1);
    }

    private void write(String prefix, int events) {
        writer.writeAll(in, IntStream.range(0, events).mapToObj(i -> prefix + i).toList());
    }

    private static LimitsSpec limits(int openEvents) {
        return new LimitsSpec(
                openEvents, new DataSize(64 << 20), new DataSize(1 << 20), Duration.ofSeconds(25));
    }

    /** Where the committed records of a topic came from, and how often. */
    private static Map<String, Integer> sources(String topic) {
        Map<String, Integer> times = new TreeMap<>();
        for (ConsumerRecord<byte[], byte[]> record :
                TopicReader.readCommitted(kafka.bootstrapServers()).drain(topic)) {
            times.merge(String.valueOf(TopicReader.header(record, "thac.source")), 1, Integer::sum);
        }
        return times;
    }

    private Map<TopicPartition, OffsetAndMetadata> committed() throws Exception {
        try (Admin admin = kafka.admin()) {
            return admin.listConsumerGroupOffsets(name + "-group")
                    .partitionsToOffsetAndMetadata()
                    .get();
        }
    }

    private long lag() throws InterruptedException {
        try (Admin admin = kafka.admin()) {
            Map<TopicPartition, OffsetAndMetadata> committed = committed();
            Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
            committed.keySet().forEach(partition -> asked.put(partition, OffsetSpec.latest()));
            long lag = committed.isEmpty() ? Long.MAX_VALUE : 0;
            for (Map.Entry<TopicPartition, OffsetAndMetadata> each : committed.entrySet()) {
                lag +=
                        admin.listOffsets(asked).partitionResult(each.getKey()).get().offset()
                                - each.getValue().offset();
            }
            return lag;
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void abortedTransaction(int records) {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        Map.of(
                                "bootstrap.servers",
                                kafka.bootstrapServers(),
                                "transactional.id",
                                name + "-aborter"),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            for (int i = 0; i < records; i++) {
                producer.send(new ProducerRecord<>(in, "free:x".getBytes(StandardCharsets.UTF_8)));
            }
            producer.flush();
            producer.abortTransaction();
        }
    }
}
