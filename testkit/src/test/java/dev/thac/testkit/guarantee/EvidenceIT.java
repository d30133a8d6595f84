package dev.thac.testkit.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thac.testkit.broker.EmbeddedKafka;
import dev.thac.testkit.broker.TopicWriter;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.List;

class EvidenceIT {

    @Test
    void inputsAndOutputsAreReadBackFromTheirTopics() {
        try (EmbeddedKafka kafka = EmbeddedKafka.start();
                TopicWriter writer = new TopicWriter(kafka.bootstrapServers())) {
            kafka.createTopic("in", 1);
            kafka.createTopic("out", 1);
            kafka.createTopic("dlq", 1);
            writer.writeAll("in", List.of("a", "b", "c"));
            writer.acknowledged(output("out", "in-0@0"));
            writer.acknowledged(output("dlq", "in-0@2"));

            Evidence evidence =
                    Evidence.read(kafka.bootstrapServers(), List.of("in"), List.of("out", "dlq"));

            assertThat(evidence.inputs()).hasSize(3);
            assertThat(new AllAccounted("dlq").violations(evidence))
                    .singleElement()
                    .asString()
                    .contains("1 of 3 inputs have no outcome: in-0@1");
        }
    }

    private static ProducerRecord<byte[], byte[]> output(String topic, String source) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topic, "v".getBytes(StandardCharsets.UTF_8));
        record.headers().add(Evidence.SOURCE, source.getBytes(StandardCharsets.UTF_8));
        return record;
    }
}
