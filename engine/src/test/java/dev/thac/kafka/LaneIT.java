package dev.thac.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.thac.spec.DataSize;
import dev.thac.testkit.broker.EmbeddedKafka;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;

/** A lane against the real broker: outcomes, bounds, drain. */
class LaneIT {

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
    void everyOutcomeIsWrittenAndCommitted(DeliveryMode mode) {
        rig.topics(4);
        rig.write("free:", 2_000);
        rig.write("drop:", 500);
        rig.write("judge:", 1_000);
        ScriptedFlow flow = rig.quick();
        RecordingListener listener = new RecordingListener();

        rig.lane("a", mode, flow, listener);

        await().atMost(LaneRig.PATIENCE).until(() -> listener.settled.get() == 3_500);
        assertThat(listener.outcomes)
                .containsEntry("Routed", 3_000)
                .containsEntry("FilteredOut", 500);
        assertThat(rig.sources(rig.out))
                .hasSize(3_000)
                .allSatisfy((id, times) -> assertThat(times).isOne());
        await().atMost(LaneRig.PATIENCE).until(() -> rig.lag() == 0);
    }

    @Test
    void openEventsStayBelowTheirCapAndIntakeResumes() {
        rig.topics(2);
        rig.limits = LaneRig.limits(50, 64 << 20);
        rig.write("judge:", 1_000);
        Semaphore permits = new Semaphore(0);
        ScriptedFlow flow = rig.flow(text -> permits.acquire());
        RecordingListener listener = new RecordingListener();

        Lane lane = rig.lane("a", DeliveryMode.EXACTLY_ONCE, flow, listener);

        await().atMost(LaneRig.PATIENCE).until(() -> lane.status().open() == 50);
        await().atMost(LaneRig.PATIENCE).until(() -> lane.status().paused() == 2);
        assertThat(flow.open).hasValue(50);
        permits.release(1_000);
        await().atMost(LaneRig.PATIENCE).until(() -> listener.settled.get() == 1_000);
        assertThat(flow.mostOpen.get()).isLessThanOrEqualTo(50);
        assertThat(rig.sources(rig.out)).hasSize(1_000);
    }

    @Test
    void stoppingFinishesWhatIsOpenAndFlushesBatches() throws InterruptedException {
        rig.topics(1);
        rig.write("judge:", 100);
        CountDownLatch gate = new CountDownLatch(1);
        ScriptedFlow flow = rig.flow(text -> gate.await());
        RecordingListener listener = new RecordingListener();
        Lane lane = rig.lane("a", DeliveryMode.EXACTLY_ONCE, flow, listener);
        await().atMost(LaneRig.PATIENCE).until(() -> flow.open.get() == 100);

        lane.stop(Duration.ofSeconds(20));
        await().atMost(LaneRig.PATIENCE).until(() -> flow.flushes.get() > 0);
        rig.write("judge:", 50);
        gate.countDown();

        assertThat(lane.awaitEnd(LaneRig.PATIENCE)).isTrue();
        assertThat(listener.settled).hasValue(100);
        assertThat(rig.sources(rig.out)).hasSize(100);
        assertThat(rig.lag()).isEqualTo(50);
    }

    @Test
    void aDrainThatTakesLongerThanAGroupWaitsForAPollKeepsItsPartitions()
            throws InterruptedException {
        DrainScenario.run(kafka);
    }

    @Test
    void whatIsOpenWhenTheDrainEndsIsInterruptedAndReadAgain() throws InterruptedException {
        rig.topics(1);
        rig.write("free:", 10);
        rig.write("judge:", 10);
        rig.write("free:", 10);
        CountDownLatch never = new CountDownLatch(1);
        ScriptedFlow stuck = rig.flow(text -> never.await());
        RecordingListener listener = new RecordingListener();
        Lane lane = rig.lane("a", DeliveryMode.EXACTLY_ONCE, stuck, listener);
        await().atMost(LaneRig.PATIENCE)
                .until(() -> listener.settled.get() == 20 && stuck.open.get() == 10);

        lane.stop(Duration.ofMillis(200));

        assertThat(lane.awaitEnd(LaneRig.PATIENCE)).isTrue();
        await().atMost(LaneRig.PATIENCE).until(() -> stuck.open.get() == 0);
        assertThat(rig.sources(rig.out)).hasSize(20);

        RecordingListener again = new RecordingListener();
        rig.lane("a", DeliveryMode.EXACTLY_ONCE, rig.quick(), again);
        await().atMost(LaneRig.PATIENCE).until(() -> rig.lag() == 0);
        assertThat(again.settled).hasValue(10);
        assertThat(rig.sources(rig.out))
                .hasSize(30)
                .allSatisfy((id, times) -> assertThat(times).isOne());
    }

    @Test
    void bytesOfUncommittedEventsStayBelowTheirCap() {
        rig.topics(1);
        rig.limits =
                new LimitsSpec(
                        10_000,
                        new DataSize(100_000),
                        new DataSize(1 << 20),
                        Duration.ofSeconds(1));
        Semaphore permits = new Semaphore(0);
        ScriptedFlow flow = rig.flow(text -> permits.acquire());
        rig.writer.writeAll(
                rig.in,
                IntStream.range(0, 100).mapToObj(i -> "judge:" + "x".repeat(9_900)).toList());
        RecordingListener listener = new RecordingListener();

        Lane lane = rig.lane("a", DeliveryMode.EXACTLY_ONCE, flow, listener);

        await().atMost(LaneRig.PATIENCE)
                .until(() -> lane.status().paused() == 1 && flow.open.get() > 0);
        assertThat(flow.open.get()).isBetween(1, 11);
        permits.release(100);
        await().atMost(LaneRig.PATIENCE).until(() -> listener.settled.get() == 100);
        assertThat(flow.mostOpen.get()).isLessThanOrEqualTo(11);
    }
}
