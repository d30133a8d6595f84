package dev.thac.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thac.event.SinkRecord;
import dev.thac.resilience.Ticker;

import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

class OutgoingTest {

    private static final int PARTITIONS = 4;

    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(
                    cluster(), true, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final Outgoing outgoing =
            new Outgoing(
                    producer,
                    new LaneSource(
                            List.of("in"),
                            Map.of(),
                            "g",
                            new StartPosition.Earliest(),
                            Isolation.READ_COMMITTED),
                    new BrokerClock(Ticker.system()));

    private static Cluster cluster() {
        Node node = new Node(1, "localhost", 9092);
        List<PartitionInfo> partitions =
                IntStream.range(0, PARTITIONS)
                        .mapToObj(
                                number ->
                                        new PartitionInfo(
                                                "out",
                                                number,
                                                node,
                                                new Node[] {node},
                                                new Node[] {node}))
                        .toList();
        return new Cluster("c", List.of(node), partitions, Set.of(), Set.of());
    }

    private void send(@Nullable Integer partition) {
        outgoing.send(
                new SinkRecord("out", partition, 1, null, new byte[0], List.of()), (_, _) -> {});
    }

    @Test
    void aPartitionIsTakenModuloThoseOfTheTopic() {
        send(3);
        send(4);
        send(Integer.MAX_VALUE);

        assertThat(producer.history())
                .extracting(ProducerRecord::partition)
                .containsExactly(3, 0, 3);
    }

    @Test
    void withoutAPartitionTheKeyDecides() {
        send(null);

        assertThat(producer.history()).extracting(ProducerRecord::partition).containsOnlyNulls();
    }
}
