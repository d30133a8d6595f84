package dev.thac.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.thac.testkit.broker.EmbeddedKafka;
import dev.thac.testkit.broker.TopicReader;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;

/** Lanes against the real broker: outputs in the order of their inputs. */
class LaneOrderIT {

    private static final int EVENTS = 1_500;
    private static final int KEYS = 12;

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
    void outputsOfAKeyKeepTheirOrderAcrossRestarts(DeliveryMode mode) throws Exception {
        rig.order = Order.KEY;

        Map<String, List<Integer>> written = runWithRestarts(mode);

        assertThat(written).hasSize(KEYS);
        for (List<Integer> ofKey : written.values()) {
            List<Integer> first = List.copyOf(new LinkedHashSet<>(ofKey));
            assertThat(first).isSorted().hasSize(EVENTS / KEYS);
            if (mode == DeliveryMode.EXACTLY_ONCE) {
                assertThat(ofKey).isEqualTo(first);
            }
        }
    }

    /** The negative control: what the two modes do without an order is seen by the same check. */
    @Test
    void withoutAnOrderTheyDoNot() throws Exception {
        rig.order = Order.NONE;

        Map<String, List<Integer>> written = runWithRestarts(DeliveryMode.EXACTLY_ONCE);

        assertThat(written.values())
                .anySatisfy(
                        ofKey -> assertThat(ofKey).isNotEqualTo(ofKey.stream().sorted().toList()));
    }

    @Test
    void aSlowEventHoldsBackItsKeyAndNoOther() {
        rig.order = Order.KEY;
        rig.topics(1);
        CountDownLatch gate = new CountDownLatch(1);
        ScriptedFlow flow =
                rig.flow(
                        text -> {
                            if (text.equals("judge:0")) {
                                gate.await();
                            }
                        });
        for (int i = 0; i < 100; i++) {
            RecordMetadata _ = rig.writer.write(rig.in, "key" + i % 10, "judge:" + i);
        }
        RecordingListener listener = new RecordingListener();

        rig.lane("a", DeliveryMode.EXACTLY_ONCE, flow, listener);

        await().atMost(LaneRig.PATIENCE).until(() -> listener.settled.get() == 90);
        assertThat(flow.judged).as("those behind it are judged all the same").hasSize(100);
        gate.countDown();
        await().atMost(LaneRig.PATIENCE).until(() -> listener.settled.get() == 100);
        assertThat(byKey().get("key0")).isSorted().hasSize(10);
    }

    @Test
    void outputsOfAPartitionKeepTheirOrder() {
        rig.order = Order.PARTITION;
        rig.topics(1);
        rig.write("judge:", 500);
        RecordingListener listener = new RecordingListener();

        rig.lane("a", DeliveryMode.EXACTLY_ONCE, jittery(20), listener);

        await().atMost(LaneRig.PATIENCE).until(() -> listener.settled.get() == 500);
        assertThat(byKey().get("null")).isSorted().hasSize(500);
    }

    private Map<String, List<Integer>> runWithRestarts(DeliveryMode mode) throws Exception {
        rig.topics(3);
        rig.limits = LaneRig.limits(30, 64 << 20);
        for (int i = 0; i < EVENTS; i++) {
            RecordMetadata _ = rig.writer.write(rig.in, "key" + i % KEYS, "judge:" + i);
        }
        for (int run = 0; run < 3; run++) {
            RecordingListener listener = new RecordingListener();
            Lane lane = rig.lane("a", mode, jittery(60), listener);
            await().atMost(LaneRig.PATIENCE).until(() -> listener.settled.get() >= 200);
            lane.stop(Duration.ZERO);
            assertThat(lane.awaitEnd(LaneRig.PATIENCE)).isTrue();
            assertThat(listener.failure).isNull();
        }
        rig.lane("a", mode, jittery(10), new RecordingListener());
        await().atMost(LaneRig.PATIENCE).until(() -> rig.sources(rig.out).size() == EVENTS);
        return byKey();
    }

    private ScriptedFlow jittery(int millis) {
        return rig.flow(text -> Thread.sleep(ThreadLocalRandom.current().nextInt(millis)));
    }

    /** Numbers of the events in the order of their outputs; a key's are all in one partition. */
    private Map<String, List<Integer>> byKey() {
        Map<String, List<Integer>> byKey = new TreeMap<>();
        for (ConsumerRecord<byte[], byte[]> record :
                TopicReader.readCommitted(kafka.bootstrapServers()).drain(rig.out)) {
            String key =
                    record.key() == null
                            ? "null"
                            : new String(record.key(), StandardCharsets.UTF_8);
            String value = new String(record.value(), StandardCharsets.UTF_8);
            byKey.computeIfAbsent(key, name -> new ArrayList<>())
                    .add(Integer.parseInt(value.substring("judge:".length())));
        }
        return byKey;
    }
}
