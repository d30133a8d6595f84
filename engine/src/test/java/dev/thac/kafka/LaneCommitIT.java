package dev.thac.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.thac.event.ErrorCode;
import dev.thac.event.ThacException;
import dev.thac.testkit.broker.EmbeddedKafka;
import dev.thac.testkit.broker.TopicReader;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** A lane against the real broker: what its commits say, and what the next lane makes of them. */
class LaneCommitIT {

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
    void oneStuckEventDelaysNoOtherAndARestartRepeatsNothingFinished(DeliveryMode mode)
            throws Exception {
        rig.topics(1);
        rig.write("judge:", 500);
        CountDownLatch never = new CountDownLatch(1);
        ScriptedFlow flow = rig.flow(stuckAt("judge:7", never));
        RecordingListener listener = new RecordingListener();

        Lane lane = rig.lane("a", mode, flow, listener);
        await().atMost(LaneRig.PATIENCE).until(() -> listener.settled.get() == 499);
        assertThat(rig.onlyCommit().offset()).isEqualTo(7);
        assertThat(WrittenMap.finished(rig.onlyCommit()).cardinality()).isEqualTo(499);
        assertThat(rig.onlyCommit().leaderEpoch()).isPresent();
        lane.stop(Duration.ZERO);
        assertThat(lane.awaitEnd(LaneRig.PATIENCE)).isTrue();

        ScriptedFlow second = rig.quick();
        RecordingListener again = new RecordingListener();
        rig.lane("a", mode, second, again);
        await().atMost(LaneRig.PATIENCE).until(() -> rig.lag() == 0);

        assertThat(again.settled).hasValue(1);
        assertThat(second.judged).hasSize(1);
        assertThat(rig.sources(rig.out))
                .hasSize(500)
                .allSatisfy((id, times) -> assertThat(times).isOne());
        assertThat(again.troubles).isEmpty();
    }

    @Test
    void withoutMetadataAPrefixIsCommittedAndNothingIsWrittenTwice() throws Exception {
        rig.topics(1);
        rig.metadataChars = 0;
        rig.write("judge:", 100);
        CountDownLatch never = new CountDownLatch(1);
        RecordingListener listener = new RecordingListener();
        Lane lane =
                rig.lane(
                        "a",
                        DeliveryMode.EXACTLY_ONCE,
                        rig.flow(stuckAt("judge:50", never)),
                        listener);
        await().atMost(LaneRig.PATIENCE).until(() -> listener.settled.get() == 50);
        assertThat(rig.onlyCommit().metadata()).isEmpty();
        lane.stop(Duration.ZERO);
        assertThat(lane.awaitEnd(LaneRig.PATIENCE)).isTrue();

        rig.lane("a", DeliveryMode.EXACTLY_ONCE, rig.quick(), listener);

        await().atMost(LaneRig.PATIENCE).until(() -> rig.lag() == 0);
        assertThat(rig.sources(rig.out))
                .hasSize(100)
                .allSatisfy((id, times) -> assertThat(times).isOne());
    }

    @Test
    void whereTheMapIsFullAdmissionWaitsAndGoesOn() {
        rig.topics(1);
        rig.metadataChars = 200;
        rig.write("judge:", 300);
        CountDownLatch gate = new CountDownLatch(1);
        ScriptedFlow flow =
                rig.flow(
                        text -> {
                            if (Integer.parseInt(text.substring("judge:".length())) % 2 == 0) {
                                gate.await();
                            }
                        });
        RecordingListener listener = new RecordingListener();
        Lane lane = rig.lane("a", DeliveryMode.EXACTLY_ONCE, flow, listener);
        await().atMost(LaneRig.PATIENCE)
                .until(
                        () ->
                                lane.status().paused() == 1
                                        && lane.status().staged() > 50
                                        && listener.settled.get() > 0);
        int committed = listener.settled.get();
        assertThat(committed).isBetween(1, 60);

        rig.write("judge:", 100);
        await().during(Duration.ofSeconds(1))
                .atMost(LaneRig.PATIENCE)
                .until(() -> flow.judged.size() == 300 && listener.settled.get() == committed);
        gate.countDown();

        await().atMost(LaneRig.PATIENCE).until(() -> rig.lag() == 0);
        assertThat(listener.settled).hasValue(400);
        assertThat(rig.sources(rig.out))
                .hasSize(400)
                .allSatisfy((id, times) -> assertThat(times).isOne());
    }

    @Test
    void aGroupOfAnotherProgramIsRefused() throws Exception {
        rig.topics(1);
        rig.write("free:", 10);
        rig.commit(0, new OffsetAndMetadata(4, "AgAAAZ"));
        RecordingListener listener = new RecordingListener();

        rig.lane("a", DeliveryMode.EXACTLY_ONCE, rig.quick(), listener);
        await().atMost(LaneRig.PATIENCE).until(() -> listener.ended);

        assertThat(listener.failure)
                .isInstanceOfSatisfying(
                        ThacException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.FOREIGN_METADATA))
                .hasMessageContaining(rig.in + "-0@4")
                .hasMessageContaining("source.foreignMetadata");
        assertThat(rig.sources(rig.out)).isEmpty();
    }

    @Test
    void metadataOfAnotherProgramIsIgnoredWhereTheFileSaysSo() throws Exception {
        rig.topics(1);
        rig.write("free:", 10);
        rig.commit(0, new OffsetAndMetadata(4, "AgAAAZ"));
        rig.foreignMetadata = ForeignMetadata.IGNORE;
        RecordingListener listener = new RecordingListener();

        rig.lane("a", DeliveryMode.EXACTLY_ONCE, rig.quick(), listener);

        await().atMost(LaneRig.PATIENCE).until(() -> rig.lag() == 0);
        assertThat(listener.settled).hasValue(6);
        assertThat(listener.troubles).anyMatch(line -> line.contains("another program"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"T", "TAQAAAAAEAAAAAA", "mangled", "misplaced"})
    void aMapThatCannotBeUsedCostsARepetitionAndNothingElse(String metadata) throws Exception {
        rig.topics(1);
        rig.write("free:", 10);
        String sound = new OffsetMap(0, 4, 1, 5, 9).encode();
        rig.commit(
                0,
                new OffsetAndMetadata(
                        4,
                        switch (metadata) {
                            case "mangled" -> sound.substring(0, sound.length() - 3) + "AAA";
                            case "misplaced" -> new OffsetMap(0, 3, 1, 4, 9).encode();
                            default -> metadata;
                        }));
        RecordingListener listener = new RecordingListener();

        rig.lane("a", DeliveryMode.EXACTLY_ONCE, rig.quick(), listener);

        await().atMost(LaneRig.PATIENCE).until(() -> rig.lag() == 0);
        assertThat(listener.settled).hasValue(6);
        assertThat(listener.troubles).anyMatch(line -> line.contains("not used as it stands"));
    }

    @Test
    void aTopicCreatedAnewIsReadFromTheStartWhateverTheGroupHasCommitted() throws Exception {
        rig.topics(1);
        rig.write("free:", 10);
        int formerTopic = 4711;
        rig.commit(0, new OffsetAndMetadata(4, new OffsetMap(formerTopic, 4, 1, 5, 9).encode()));
        RecordingListener listener = new RecordingListener();

        rig.lane("a", DeliveryMode.EXACTLY_ONCE, rig.quick(), listener);

        await().atMost(LaneRig.PATIENCE).until(() -> rig.lag() == 0);
        assertThat(listener.settled).hasValue(10);
        assertThat(listener.troubles).anyMatch(line -> line.contains("former topic"));
    }

    @Test
    void aCommitBeyondTheEndOfTheTopicIsRefused() throws Exception {
        rig.topics(1);
        rig.write("free:", 10);
        rig.commit(0, new OffsetAndMetadata(1_000));
        RecordingListener listener = new RecordingListener();

        rig.lane("a", DeliveryMode.EXACTLY_ONCE, rig.quick(), listener);
        await().atMost(LaneRig.PATIENCE).until(() -> listener.ended);

        assertThat(listener.failure)
                .hasMessageContaining("ends at 10")
                .hasMessageContaining("has committed 1000");
    }

    @Test
    void whatRetentionRemovedBeforeItWasFinishedIsCountedAndPassed() throws Exception {
        rig.topics(1);
        rig.write("free:", 100);
        rig.commit(0, new OffsetAndMetadata(10, new OffsetMap(0, 10, 1, 20, 30).encode()));
        try (Admin admin = kafka.admin()) {
            admin.deleteRecords(
                            Map.of(new TopicPartition(rig.in, 0), RecordsToDelete.beforeOffset(60)))
                    .all()
                    .get();
        }
        RecordingListener listener = new RecordingListener();

        rig.lane("a", DeliveryMode.EXACTLY_ONCE, rig.quick(), listener);

        await().atMost(LaneRig.PATIENCE).until(() -> rig.lag() == 0);
        assertThat(listener.expired).hasValue(40);
        assertThat(listener.settled).hasValue(40);
    }

    @Test
    void aCompactedTopicReachesLagZero() throws Exception {
        kafka.createTopic(
                rig.in,
                1,
                Map.of(
                        "cleanup.policy", "compact",
                        "segment.ms", "100",
                        "min.cleanable.dirty.ratio", "0.001",
                        "delete.retention.ms", "0"));
        kafka.createTopic(rig.out, 1);
        for (int i = 0; i < 300; i++) {
            RecordMetadata _ = rig.writer.write(rig.in, "key" + i % 10, "judge:" + i);
        }
        await().atMost(LaneRig.PATIENCE)
                .until(
                        () -> {
                            RecordMetadata _ = rig.writer.write(rig.in, "roll", "judge:x");
                            return records() < 300;
                        });
        int left = records();
        RecordingListener listener = new RecordingListener();

        rig.lane("a", DeliveryMode.EXACTLY_ONCE, rig.quick(), listener);

        await().atMost(LaneRig.PATIENCE).until(() -> rig.lag() == 0);
        assertThat(listener.settled.get()).isBetween(1, left);
        assertThat(WrittenMap.finished(rig.onlyCommit()).cardinality())
                .isEqualTo((int) rig.onlyCommit().offset());
    }

    private int records() {
        return TopicReader.readCommitted(kafka.bootstrapServers()).drain(rig.in).size();
    }

    private static ScriptedFlow.Judge stuckAt(String text, CountDownLatch gate) {
        return judged -> {
            if (judged.equals(text)) {
                gate.await();
            }
        };
    }
}
