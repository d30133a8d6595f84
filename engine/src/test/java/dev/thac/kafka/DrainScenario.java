package dev.thac.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.thac.testkit.broker.EmbeddedKafka;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/**
 * A lane that is told to end finishes what it has let in, though that takes longer than a group
 * waits for the next poll of a member, and though another lane would take its partitions at once.
 */
final class DrainScenario {

    private static final int EVENTS = 100;

    /** More than the group waits for a poll, and then for a sign of life of a member by name. */
    private static final Duration LONG = Duration.ofSeconds(12);

    private DrainScenario() {}

    /** Plays it. */
    static void run(EmbeddedKafka kafka) throws InterruptedException {
        try (LaneRig rig = new LaneRig(kafka)) {
            rig.topics(2);
            rig.settings.put("max.poll.interval.ms", "3000");
            rig.settings.put("session.timeout.ms", "6000");
            CountDownLatch gate = new CountDownLatch(1);
            ScriptedFlow flow = rig.flow(_ -> gate.await());
            try {
                play(rig, flow, gate);
            } finally {
                gate.countDown();
            }
        }
    }

    private static void play(LaneRig rig, ScriptedFlow flow, CountDownLatch gate)
            throws InterruptedException {
        RecordingListener listener = new RecordingListener();
        Lane leaving = rig.lane("a", DeliveryMode.EXACTLY_ONCE, flow, listener);
        Lane staying = rig.lane("b", DeliveryMode.EXACTLY_ONCE, flow, new RecordingListener());
        await().atMost(LaneRig.PATIENCE)
                .until(
                        () ->
                                leaving.status().partitions() == 1
                                        && staying.status().partitions() == 1);
        for (int i = 0; i < EVENTS; i++) {
            rig.writer.write(rig.in, "k" + i, "judge:" + i);
        }
        await().atMost(LaneRig.PATIENCE).until(() -> flow.open.get() == EVENTS);

        leaving.stop(Duration.ofSeconds(60));
        await().pollDelay(LONG).atMost(LaneRig.PATIENCE).until(() -> true);
        gate.countDown();

        assertThat(leaving.awaitEnd(LaneRig.PATIENCE)).isTrue();
        await().atMost(LaneRig.PATIENCE).until(() -> rig.sources(rig.out).size() == EVENTS);
        assertThat(flow.judged.values()).as("judged once each").allMatch(times -> times.get() == 1);
        assertThat(listener.settled.get()).as("finished by the one that ends").isPositive();
        assertThat(rig.sources(rig.out).values()).as("written once each").containsOnly(1);
    }
}
