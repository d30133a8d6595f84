package dev.thac.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.thac.resilience.Ticker;
import dev.thac.spec.DataSize;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TransactionAbortableException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What a lane does with answers of the broker that a healthy broker does not give. */
class ExactlyOnceTest {

    private static final TopicPartition PARTITION = new TopicPartition("in", 0);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final RecordingListener listener = new RecordingListener();
    private final ScriptedFlow flow = new ScriptedFlow("out", "dlq", text -> {});
    private @Nullable Lane lane;

    @AfterEach
    void stop() throws InterruptedException {
        if (lane != null) {
            lane.stop(Duration.ZERO);
            assertThat(lane.awaitEnd(PATIENCE)).isTrue();
        }
    }

    @Test
    void aCommitWithoutReplyIsAskedForAgainAndNeverAborted() {
        producer.commitTransactionException = new TimeoutException("no reply");
        start(1);

        await().atMost(PATIENCE).until(() -> listener.troubles.size() >= 3);
        assertThat(producer.transactionAborted()).isFalse();
        assertThat(producer.history()).isEmpty();
        producer.commitTransactionException = null;

        await().atMost(PATIENCE).until(() -> listener.settled.get() == 1);
        assertThat(producer.history()).hasSize(1);
        assertThat(producer.commitCount()).isEqualTo(2); // the place where it begins, the event
        assertThat(listener.aborts).hasValue(0);
    }

    @Test
    void anAbortKeepsTheAnswers() {
        producer.sendOffsetsToTransactionException = new TransactionAbortableException("try again");
        start(5);

        await().atMost(PATIENCE).until(() -> listener.aborts.get() >= 2);
        assertThat(listener.settled).hasValue(0);
        producer.sendOffsetsToTransactionException = null;

        await().atMost(PATIENCE).until(() -> listener.settled.get() == 5);
        assertThat(producer.history()).hasSize(5);
        assertThat(flow.judged).hasSize(5).allSatisfy((id, times) -> assertThat(times).hasValue(1));
    }

    @Test
    void aTransactionThatCannotBeAbortedEndsTheLane() {
        producer.sendOffsetsToTransactionException = new TransactionAbortableException("try again");
        producer.abortTransactionException = new IllegalStateException("fatal state");
        start(1);

        await().atMost(PATIENCE).until(() -> listener.ended);

        assertThat(listener.failure).hasMessageContaining("p-i-0");
        assertThat(consumer.closed()).isTrue();
    }

    @Test
    void aDefectInTheFlowEndsTheLaneAndCommitsNothing() {
        ScriptedFlow broken =
                new ScriptedFlow(
                        "out",
                        "dlq",
                        text -> {
                            throw new IllegalArgumentException("defect");
                        });
        start(1, broken);

        await().atMost(PATIENCE).until(() -> listener.ended);

        assertThat(listener.failure).hasMessageContaining("in-0@0");
        assertThat(producer.history()).isEmpty();
    }

    private void start(int events) {
        start(events, flow);
    }

    private void start(int events, Lane.Flow with) {
        consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
        consumer.schedulePollTask(
                () -> {
                    consumer.rebalance(List.of(PARTITION));
                    for (int i = 0; i < events; i++) {
                        byte[] value = ("judge:" + i).getBytes(StandardCharsets.UTF_8);
                        consumer.addRecord(new ConsumerRecord<>("in", 0, i, new byte[0], value));
                    }
                });
        LaneSettings settings =
                new LaneSettings(
                        "p",
                        "i",
                        0,
                        1,
                        "nowhere:9",
                        new LaneSource(
                                List.of("in"),
                                Map.of(),
                                "g",
                                new StartPosition.Earliest(),
                                Isolation.READ_COMMITTED),
                        DeliveryMode.EXACTLY_ONCE,
                        Order.NONE,
                        LaneSettings.METADATA_CHARS,
                        new LimitsSpec(
                                100,
                                new DataSize(1 << 20),
                                new DataSize(1 << 20),
                                Duration.ofSeconds(1)),
                        Map.of());
        LaneClients clients =
                new LaneClients() {
                    @Override
                    public Consumer<byte[], byte[]> consumer() {
                        return consumer;
                    }

                    @Override
                    public Producer<byte[], byte[]> producer() {
                        return producer;
                    }
                };
        lane = Lane.start(LaneTask.of(settings, with, listener, Ticker.system()), clients);
    }
}
