package dev.thac.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.thac.event.Delivery;
import dev.thac.event.Failure;
import dev.thac.event.Outcome;
import dev.thac.testkit.broker.EmbeddedKafka;

import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;

/** Lanes against the real broker: restarts, rebalances, take-overs. */
class LaneRebalanceIT {

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
    @ValueSource(strings = {"classic", "consumer"})
    void bothGroupProtocolsWork(String protocol) {
        rig.topics(2);
        rig.settings.put("group.protocol", protocol);
        rig.write("judge:", 200);
        RecordingListener listener = new RecordingListener();

        rig.lane("a", DeliveryMode.EXACTLY_ONCE, rig.quick(), listener);

        await().atMost(LaneRig.PATIENCE).until(() -> listener.settled.get() == 200);
        assertThat(rig.sources(rig.out)).hasSize(200);
    }

    @Test
    void readersOfCommittedRecordsSeeEachOutcomeOnceAcrossRestarts() throws InterruptedException {
        rig.topics(3);
        rig.write("judge:", 3_000);
        Random random = new Random(7);

        int settled = 0;
        for (int run = 0; settled < 3_000; run++) {
            RecordingListener listener = new RecordingListener();
            Lane lane =
                    rig.lane(
                            "a",
                            DeliveryMode.EXACTLY_ONCE,
                            rig.flow(text -> Thread.sleep(ThreadLocalRandom.current().nextInt(30))),
                            listener);
            int target = Math.min(3_000 - settled, 200 + random.nextInt(900));
            await().atMost(LaneRig.PATIENCE).until(() -> listener.settled.get() >= target);
            lane.stop(run % 2 == 0 ? Duration.ZERO : Duration.ofSeconds(5));
            assertThat(lane.awaitEnd(LaneRig.PATIENCE)).isTrue();
            assertThat(listener.failure).isNull();
            settled += listener.settled.get();
        }

        assertThat(settled).isEqualTo(3_000);
        assertThat(rig.sources(rig.out))
                .hasSize(3_000)
                .allSatisfy((id, times) -> assertThat(times).isOne());
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void readersOfCommittedRecordsSeeEachOutcomeOnceAcrossRebalances(String protocol)
            throws InterruptedException {
        rig.topics(6);
        rig.settings.put("group.protocol", protocol);
        rig.settings.put("producer.transaction.timeout.ms", "10000");
        int events = 6_000;
        rig.write("judge:", events);
        RecordingListener listener = new RecordingListener();
        ScriptedFlow flow = rig.flow(text -> Thread.sleep(ThreadLocalRandom.current().nextInt(40)));
        rig.limits = LaneRig.limits(100, 64 << 20);

        Lane first = rig.lane("a", DeliveryMode.EXACTLY_ONCE, flow, listener);
        await().atMost(LaneRig.PATIENCE).until(() -> listener.settled.get() > 200);
        rig.lane("b", DeliveryMode.EXACTLY_ONCE, flow, listener);
        await().atMost(LaneRig.PATIENCE).until(() -> listener.settled.get() > 2_000);
        first.stop(Duration.ofSeconds(5));
        assertThat(first.awaitEnd(LaneRig.PATIENCE)).isTrue();
        rig.lane("c", DeliveryMode.EXACTLY_ONCE, flow, listener);

        await().atMost(LaneRig.PATIENCE).until(() -> rig.sources(rig.out).size() == events);
        await().atMost(LaneRig.PATIENCE).until(() -> rig.lag() == 0);
        assertThat(listener.failure).isNull();
        assertThat(rig.sources(rig.out)).allSatisfy((id, times) -> assertThat(times).isOne());
        assertThat(listener.settled).hasValue(events);
    }

    @Test
    void atLeastOnceLosesNothingAcrossRestarts() throws InterruptedException {
        rig.topics(3);
        rig.write("judge:", 2_000);

        while (rig.sources(rig.out).size() < 2_000) {
            RecordingListener listener = new RecordingListener();
            Lane lane =
                    rig.lane(
                            "a",
                            DeliveryMode.AT_LEAST_ONCE,
                            rig.flow(text -> Thread.sleep(ThreadLocalRandom.current().nextInt(30))),
                            listener);
            await().atMost(LaneRig.PATIENCE)
                    .until(
                            () ->
                                    listener.settled.get() >= 400
                                            || rig.sources(rig.out).size() == 2_000);
            lane.stop(Duration.ZERO);
            assertThat(lane.awaitEnd(LaneRig.PATIENCE)).isTrue();
        }

        assertThat(rig.sources(rig.out)).hasSize(2_000);
    }

    @Test
    void partitionsWithEventsThatNeverEndMoveOnAndTheirLateAnswersAreIgnored()
            throws InterruptedException {
        rig.topics(4);
        for (int i = 0; i < 40; i++) {
            RecordMetadata _ = rig.writer.write(rig.in, "key" + i, "judge:" + i);
        }
        CountDownLatch late = new CountDownLatch(1);
        ScriptedFlow stuck = rig.flow(text -> late.await());
        RecordingListener first = new RecordingListener();
        Lane stuckLane = rig.lane("a", DeliveryMode.EXACTLY_ONCE, stuck, first);
        await().atMost(LaneRig.PATIENCE).until(() -> stuck.open.get() == 40);

        RecordingListener second = new RecordingListener();
        rig.lane("b", DeliveryMode.EXACTLY_ONCE, rig.quick(), second);
        await().atMost(LaneRig.PATIENCE).until(() -> second.settled.get() > 0);
        await().atMost(LaneRig.PATIENCE).until(() -> stuckLane.status().partitions() == 2);
        assertThat(stuck.abandoned.get()).isEqualTo(40 - stuckLane.status().open());
        late.countDown();

        await().atMost(LaneRig.PATIENCE)
                .until(() -> first.settled.get() + second.settled.get() == 40);
        await().atMost(LaneRig.PATIENCE).until(() -> rig.lag() == 0);
        assertThat(rig.sources(rig.out))
                .hasSize(40)
                .allSatisfy((id, times) -> assertThat(times).isOne());
        assertThat(first.failure).isNull();
    }

    /** In the new protocol a static member keeps its partitions until its session ends: slow. */
    @Test
    void aLaneThatStoodStillTooLongLosesItsPartitionsAndCommitsNothingOfThem() {
        rig.topics(2);
        rig.settings.put("group.protocol", "classic");
        rig.settings.put("max.poll.interval.ms", "3000");
        rig.settings.put("producer.transaction.timeout.ms", "10000");
        for (int i = 0; i < 40; i++) {
            RecordMetadata _ = rig.writer.write(rig.in, "key" + i, "judge:" + i);
        }
        CountDownLatch standstill = new CountDownLatch(1);
        CountDownLatch answers = new CountDownLatch(1);
        RecordingListener first = new RecordingListener();
        ScriptedFlow flow = rig.flow(text -> answers.await());
        Lane slow = rig.lane("a", DeliveryMode.EXACTLY_ONCE, stalling(flow, standstill), first);
        await().atMost(LaneRig.PATIENCE).until(() -> flow.open.get() == 40);
        RecordMetadata _ = rig.writer.write(rig.in, "stall", "free:stall");

        RecordingListener second = new RecordingListener();
        rig.lane("b", DeliveryMode.EXACTLY_ONCE, rig.quick(), second);
        await().atMost(LaneRig.PATIENCE).until(() -> second.settled.get() >= 40);
        answers.countDown();
        standstill.countDown();

        await().atMost(LaneRig.PATIENCE).until(() -> slow.status().partitions() == 1);
        rig.write("judge:", 20);
        await().atMost(LaneRig.PATIENCE).until(() -> rig.sources(rig.out).size() == 61);
        assertThat(rig.sources(rig.out)).allSatisfy((id, times) -> assertThat(times).isOne());
        assertThat(first.failure).isNull();
    }

    /** A flow that stands still, with its lane, at the first free event. */
    private static Lane.Flow stalling(ScriptedFlow flow, CountDownLatch standstill) {
        return new Lane.Flow() {
            @Override
            public Lane.Step decide(Delivery delivery) {
                Lane.Step step = flow.decide(delivery);
                if (step instanceof Lane.Step.Settled) {
                    try {
                        standstill.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }
                return step;
            }

            @Override
            public void flush() {
                flow.flush();
            }

            @Override
            public Outcome rejected(Delivery delivery, Outcome outcome, Failure failure) {
                return flow.rejected(delivery, outcome, failure);
            }
        };
    }

    @Test
    void aLaneWhoseNameIsTakenOverEndsWithAClearError() {
        rig.topics(2);
        RecordingListener first = new RecordingListener();
        RecordingListener second = new RecordingListener();
        ScriptedFlow flow = rig.quick();
        rig.lane("same", DeliveryMode.EXACTLY_ONCE, flow, first);
        rig.write("free:", 10);
        await().atMost(LaneRig.PATIENCE).until(() -> first.settled.get() == 10);

        rig.lane("same", DeliveryMode.EXACTLY_ONCE, flow, second);
        await().atMost(LaneRig.PATIENCE)
                .until(
                        () -> {
                            rig.write("free:", 10);
                            return first.ended;
                        });

        assertThat(first.failure).hasMessageContaining("same-0").hasMessageContaining("instance");
        await().atMost(LaneRig.PATIENCE).until(() -> rig.lag() == 0);
        assertThat(rig.sources(rig.out)).allSatisfy((id, times) -> assertThat(times).isOne());
    }
}
