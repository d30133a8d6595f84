package dev.thac.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.thac.runtime.PipelineRuntime;
import dev.thac.testkit.broker.EmbeddedKafka;
import dev.thac.testkit.broker.TopicReader;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Records and transactions that are allowed, and seldom. */
class OddRecordsIT {

    private static EmbeddedKafka kafka;

    private final Stage stage = new Stage(kafka);

    @BeforeAll
    static void startKafka() {
        kafka = EmbeddedKafka.start();
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    @AfterEach
    void stop() throws InterruptedException {
        stage.close();
    }

    @Test
    void recordsWithoutKeyOrValueAndWithHeadersTwiceEndOnceEach() throws InterruptedException {
        stage.topics(1);
        List<Header> twice =
                List.of(
                        new RecordHeader("trace", bytes("1")),
                        new RecordHeader("trace", bytes("2")),
                        new RecordHeader("empty", null));
        send(bytes("k"), null, List.of());
        send(bytes("k"), new byte[0], List.of());
        send(null, bytes("{\"id\":1}"), twice);
        send(new byte[0], bytes("{}"), List.of());

        PipelineRuntime pipeline = stage.start("a");

        Stage.awaitSettled(pipeline, 4);
        List<ConsumerRecord<byte[], byte[]>> out = stage.records(stage.out);
        assertThat(out).hasSize(2);
        assertThat(out.getFirst().key()).isNull();
        assertThat(out.getFirst().headers().headers("trace"))
                .extracting(header -> new String(header.value(), StandardCharsets.UTF_8))
                .containsExactly("1", "2");
        assertThat(out.getFirst().headers().lastHeader("empty").value()).isNull();
        assertThat(out.getLast().key()).isEmpty();
        assertThat(stage.records(stage.dlq))
                .extracting(letter -> TopicReader.header(letter, "thac.reason"))
                .containsExactly("null-value", "undecodable");
    }

    @Test
    void manyAbortedTransactionsAreCommittedPast() throws Exception {
        stage.topics(1);
        try (KafkaProducer<byte[], byte[]> other =
                new KafkaProducer<>(
                        Map.of(
                                "bootstrap.servers",
                                kafka.bootstrapServers(),
                                "transactional.id",
                                stage.name + "-other"),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            other.initTransactions();
            for (int i = 0; i < 200; i++) {
                other.beginTransaction();
                other.send(new ProducerRecord<>(stage.in, bytes("{\"id\":\"x" + i + "\"}")));
                if (i % 50 == 0) {
                    other.commitTransaction();
                } else {
                    other.flush();
                    other.abortTransaction();
                }
            }
        }
        PipelineRuntime pipeline = stage.start("a");

        Stage.awaitSettled(pipeline, 4);
        await().atMost(Stage.PATIENCE).until(() -> stage.committed(0) == 400);
        assertThat(stage.commits()).containsOnlyKeys(new TopicPartition(stage.in, 0));
        await().atMost(Stage.PATIENCE).until(() -> pipeline.status().lagRecords() == 0);
        assertThat(stage.read(stage.out)).hasSize(4);
    }

    private void send(byte @Nullable [] key, byte @Nullable [] value, Iterable<Header> headers) {
        List<Header> copy = new ArrayList<>();
        headers.forEach(copy::add);
        stage.writer.acknowledged(new ProducerRecord<>(stage.in, 0, key, value, copy));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
