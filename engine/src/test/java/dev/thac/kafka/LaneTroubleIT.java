package dev.thac.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.thac.testkit.broker.EmbeddedKafka;
import dev.thac.testkit.broker.TopicReader;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** A lane against the real broker: refused records, gaps, places to begin. */
class LaneTroubleIT {

    private static EmbeddedKafka kafka;

    private final LaneRig rig = new LaneRig(kafka);

    @BeforeAll
    static void startKafka() {
        kafka = EmbeddedKafka.start();
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    @AfterEach
    void stopLanes() {
        rig.close();
    }

    @ParameterizedTest
    @EnumSource(DeliveryMode.class)
    void outputsTheBrokerRefusesBecomeDeadLetters(DeliveryMode mode) {
        kafka.createTopic(rig.in, 1);
        kafka.createTopic(rig.out, 1, Map.of("max.message.bytes", "20000"));
        kafka.createTopic(rig.dlq, 1);
        rig.settings.put("compression.type", "none");
        rig.write("free:", 100);
        rig.writer.write(rig.in, "big:50000");
        rig.writer.write(rig.in, "big:30000000");
        rig.write("judge:", 100);
        RecordingListener listener = new RecordingListener();

        rig.lane("a", mode, rig.quick(), listener);

        await().atMost(LaneRig.PATIENCE).until(() -> listener.settled.get() == 202);
        assertThat(listener.outcomes).containsEntry("Routed", 200).containsEntry("DeadLettered", 2);
        assertThat(rig.sources(rig.out)).hasSize(200);
        assertThat(TopicReader.readCommitted(kafka.bootstrapServers()).drain(rig.dlq))
                .hasSize(2)
                .allSatisfy(
                        record ->
                                assertThat(TopicReader.header(record, "thac.reason"))
                                        .isEqualTo("output-rejected"));
    }

    @Test
    void deadLettersThatAreRefusedTooLeaveTheirValueAtTheSource() {
        kafka.createTopic(rig.in, 1);
        kafka.createTopic(rig.out, 1, Map.of("max.message.bytes", "1000"));
        kafka.createTopic(rig.dlq, 1, Map.of("max.message.bytes", "1000"));
        rig.settings.put("compression.type", "none");
        rig.writer.write(rig.in, "free:" + "x".repeat(5_000));
        rig.write("free:", 10);
        RecordingListener listener = new RecordingListener();

        rig.lane("a", DeliveryMode.EXACTLY_ONCE, rig.quick(), listener);

        await().atMost(LaneRig.PATIENCE).until(() -> listener.settled.get() == 11);
        List<ConsumerRecord<byte[], byte[]>> letters =
                TopicReader.readCommitted(kafka.bootstrapServers()).drain(rig.dlq);
        assertThat(letters).hasSize(1);
        assertThat(letters.getFirst().value()).isNull();
        assertThat(TopicReader.header(letters.getFirst(), "thac.truncated")).isEqualTo("true");
    }

    /**
     * The consumer of the new protocol goes round and round in {@code poll} while it holds records
     * of a paused partition (KAFKA-21084); without waiting outside of it this lane takes half a
     * core and more.
     */
    @Test
    void aFullLaneTakesNextToNoProcessorTimeWhileItWaitsForAnswers() {
        rig.topics(8);
        rig.write("judge:", 4_000);
        rig.settings.put("group.protocol", "consumer");
        rig.limits = LaneRig.limits(10, 64 << 20);
        CountDownLatch answered = new CountDownLatch(1);
        ScriptedFlow flow = rig.flow(text -> answered.await());

        rig.lane("full", DeliveryMode.EXACTLY_ONCE, flow, new RecordingListener());

        await().atMost(LaneRig.PATIENCE).until(() -> flow.open.get() == 10);
        Duration watched = Duration.ofSeconds(2);
        await().pollDelay(Duration.ofSeconds(1)).until(() -> true); // what was read is put aside
        long before = laneProcessorNanos();
        await().pollDelay(watched).until(() -> true);
        long used = laneProcessorNanos() - before;
        answered.countDown();
        assertThat(used).isLessThan(watched.toNanos() / 5);
    }

    private long laneProcessorNanos() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("thac-lane-" + rig.name + "-full"))
                .mapToLong(thread -> threads.getThreadCpuTime(thread.threadId()))
                .sum();
    }

    @Test
    void lagReachesZeroBehindAbortedTransactions() {
        rig.topics(1);
        rig.write("free:", 5);
        rig.abortedTransaction(50);
        rig.write("free:", 5);
        rig.abortedTransaction(50);
        RecordingListener listener = new RecordingListener();

        rig.lane("a", DeliveryMode.EXACTLY_ONCE, rig.quick(), listener);

        await().atMost(LaneRig.PATIENCE).until(() -> rig.lag() == 0);
        assertThat(listener.settled).hasValue(10);
        assertThat(listener.read).hasValue(10);
    }

    @Test
    void aStartTimeBeginsAtTheFirstRecordOfThatTime() {
        rig.topics(1);
        for (int i = 0; i < 10; i++) {
            rig.writer.acknowledged(
                    new ProducerRecord<>(
                            rig.in,
                            0,
                            1_700_000_000_000L + i * 1_000,
                            null,
                            ("free:" + i).getBytes(StandardCharsets.UTF_8)));
        }
        rig.start = StartPosition.parse(Instant.ofEpochMilli(1_700_000_006_000L).toString());
        RecordingListener listener = new RecordingListener();

        rig.lane("a", DeliveryMode.AT_LEAST_ONCE, rig.quick(), listener);

        await().atMost(LaneRig.PATIENCE).until(() -> listener.settled.get() == 4);
        assertThat(rig.sources(rig.out))
                .containsOnlyKeys(
                        rig.in + "-0@6", rig.in + "-0@7", rig.in + "-0@8", rig.in + "-0@9");
    }

    @Test
    void latestBeginsBehindWhatIsThereAndSkipsNothingLater() throws InterruptedException {
        rig.topics(2);
        rig.write("free:", 100);
        rig.start = new StartPosition.Latest();
        RecordingListener listener = new RecordingListener();
        Lane lane = rig.lane("a", DeliveryMode.EXACTLY_ONCE, rig.quick(), listener);
        await().atMost(LaneRig.PATIENCE).until(() -> rig.committed().size() == 2);
        lane.stop(Duration.ofSeconds(1));
        assertThat(lane.awaitEnd(LaneRig.PATIENCE)).isTrue();

        rig.write("free:", 30);
        rig.lane("a", DeliveryMode.EXACTLY_ONCE, rig.quick(), listener);

        await().atMost(LaneRig.PATIENCE).until(() -> listener.settled.get() == 30);
        assertThat(listener.read).hasValue(30);
    }

    @Test
    void missingOutputTopicHoldsEverythingUntilItIsThere() {
        kafka.createTopic(rig.in, 1);
        rig.settings.put("max.block.ms", "1000");
        rig.write("free:", 10);
        RecordingListener listener = new RecordingListener();

        rig.lane("a", DeliveryMode.EXACTLY_ONCE, rig.quick(), listener);
        await().atMost(LaneRig.PATIENCE).until(() -> !listener.troubles.isEmpty());
        assertThat(listener.settled).hasValue(0);
        kafka.createTopic(rig.out, 1);

        await().atMost(LaneRig.PATIENCE).until(() -> listener.settled.get() == 10);
        assertThat(rig.sources(rig.out)).hasSize(10);
    }
}
