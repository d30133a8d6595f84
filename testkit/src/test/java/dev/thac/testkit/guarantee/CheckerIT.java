package dev.thac.testkit.guarantee;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thac.testkit.broker.EmbeddedKafka;
import dev.thac.testkit.broker.TopicWriter;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class CheckerIT {

    private static EmbeddedKafka kafka;

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.start();
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    @Test
    void inputsAndOutputsAreReadBackFromTheirTopics() {
        try (TopicWriter writer = topics("in", "out", "dlq")) {
            writer.writeAll("in", List.of("a", "b", "c"));
            writer.acknowledged(output("out", "in-0@0"));
            writer.acknowledged(output("dlq", "in-0@2"));
        }

        Report report =
                Checker.of(kafka.bootstrapServers())
                        .reading("in")
                        .writing("out", "dlq")
                        .check(new AllAccounted("dlq"), new ExactlyOnceEffect());

        assertThat(report.kept()).isFalse();
        assertThat(report.evidence().inputs())
                .extracting(input -> input.value().map(Evidence.Value::text))
                .containsExactly(Optional.of("a"), Optional.of("b"), Optional.of("c"));
        assertThat(report.text())
                .contains("3 inputs, 1 in out, 1 in dlq")
                .contains("BROKEN  every input ends in exactly one terminal outcome")
                .contains("1 of 3 inputs have no outcome: in-0@1")
                .contains("kept    nothing twice");
        assertThatThrownBy(report::verify).isInstanceOf(AssertionError.class);
    }

    @Test
    void whatWasGivenUpIsSeenAndDoesNotCount() {
        try (TopicWriter writer = topics("in-2", "out-2");
                KafkaProducer<byte[], byte[]> producer = transactional("gives-up")) {
            writer.write("in-2", "a");
            producer.beginTransaction();
            producer.send(output("out-2", "in-2-0@0"));
            producer.flush();
            producer.abortTransaction();
            producer.beginTransaction();
            producer.send(output("out-2", "in-2-0@0"));
            producer.commitTransaction();
        }

        Report report =
                Checker.of(kafka.bootstrapServers())
                        .reading("in-2")
                        .writing("out-2")
                        .check(new NoLoss(), new ExactlyOnceEffect(), new SettledLogs());

        report.verify();
        assertThat(report.text()).contains("1 in out-2, 1 given up in out-2");
    }

    @Test
    void aTransactionThatStaysOpenIsNamed() {
        try (TopicWriter writer = topics("in-3", "out-3");
                KafkaProducer<byte[], byte[]> producer = transactional("stays-open")) {
            writer.write("in-3", "a");
            producer.beginTransaction();
            producer.send(output("out-3", "in-3-0@0"));
            producer.flush();

            Report report =
                    Checker.of(kafka.bootstrapServers())
                            .reading("in-3")
                            .writing("out-3")
                            .waiting(Duration.ofMillis(200))
                            .check(new SettledLogs());

            assertThat(report.text())
                    .contains("BROKEN  no transaction is left open")
                    .contains("out-3-0: 0 of 1");
            producer.abortTransaction();
        }
    }

    @Test
    void commitsThatAreMissingBehindOrBareAreNamed() throws Exception {
        kafka.createTopic("in-4", 4);
        try (TopicWriter writer = new TopicWriter(kafka.bootstrapServers());
                Admin admin = kafka.admin()) {
            for (int partition = 0; partition < 4; partition++) {
                writer.acknowledged(new ProducerRecord<>("in-4", partition, null, new byte[] {1}));
            }
            admin.alterConsumerGroupOffsets(
                            "behind",
                            Map.of(
                                    new TopicPartition("in-4", 0),
                                    new OffsetAndMetadata(1, "T"),
                                    new TopicPartition("in-4", 1),
                                    new OffsetAndMetadata(0, "T"),
                                    new TopicPartition("in-4", 2),
                                    new OffsetAndMetadata(1, "")))
                    .all()
                    .get();
        }

        Report report =
                Checker.of(kafka.bootstrapServers())
                        .reading("in-4")
                        .by("behind")
                        .check(new CaughtUp());

        assertThat(report.text())
                .contains("3 of 4 partitions are not caught up")
                .contains("in-4-1 is committed to 0 of 1")
                .contains("in-4-2 is committed with the metadata \"\"")
                .contains("in-4-3 was never committed")
                .doesNotContain("in-4-0");
    }

    private static TopicWriter topics(String... names) {
        for (String name : names) {
            kafka.createTopic(name, 1);
        }
        return new TopicWriter(kafka.bootstrapServers());
    }

    private static KafkaProducer<byte[], byte[]> transactional(String id) {
        KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        Map.of(
                                "bootstrap.servers",
                                kafka.bootstrapServers(),
                                "transactional.id",
                                id),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
        producer.initTransactions();
        return producer;
    }

    private static ProducerRecord<byte[], byte[]> output(String topic, String source) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topic, "v".getBytes(StandardCharsets.UTF_8));
        record.headers().add(Evidence.SOURCE, source.getBytes(StandardCharsets.UTF_8));
        return record;
    }
}
