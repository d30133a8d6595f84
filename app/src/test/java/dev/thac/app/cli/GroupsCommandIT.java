package dev.thac.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;

import dev.thac.app.CommandRun;
import dev.thac.app.terminal.Json;
import dev.thac.testkit.broker.EmbeddedKafka;
import dev.thac.testkit.broker.TopicWriter;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

class GroupsCommandIT {

    private static EmbeddedKafka kafka;
    private static TopicWriter writer;

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.start();
        writer = new TopicWriter(kafka.bootstrapServers());
    }

    @AfterAll
    static void stop() {
        writer.close();
        kafka.close();
    }

    private static CommandRun thac() {
        return CommandRun.here().with("THAC_BROKERS", kafka.bootstrapServers());
    }

    @Test
    void lagIsShownInRecordsAndInSeconds()
            throws JsonProcessingException, ExecutionException, InterruptedException {
        kafka.createTopic("lagging", 2);
        long hourAgo = System.currentTimeMillis() - Duration.ofHours(1).toMillis();
        for (int i = 0; i < 5; i++) {
            write("lagging", 0, hourAgo + i * 60_000L);
        }
        write("lagging", 1, hourAgo);
        commit("slow-group", "lagging", 0, 2);
        commit("slow-group", "lagging", 1, 1);

        CommandRun.Result text = thac().run("groups", "describe", "slow-group");
        CommandRun.Result json = thac().run("groups", "describe", "slow-group", "-o", "json");
        CommandRun.Result list = thac().run("groups", "list");

        assertThat(text.out())
                .contains("slow-group  empty  0 members  lag 3 records, 58 min")
                .contains("lagging-0  committed 2  end 5  lag 3  58 min")
                .contains("lagging-1  committed 1  end 1  lag 0  0 ms");
        Map<?, ?> lag = (Map<?, ?>) ((Map<?, ?>) Json.read(json.out())).get("lag");
        assertThat(((Number) lag.get("records")).longValue()).isEqualTo(3);
        assertThat(((Number) lag.get("seconds")).doubleValue()).isBetween(3480.0, 3540.0);
        assertThat(list.out()).contains("empty                slow-group");
    }

    @Test
    void anUnknownGroupIsNamed() {
        CommandRun.Result result = thac().run("groups", "describe", "nobody");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).contains("there is no group nobody");
    }

    @Test
    void resetShowsFirstAndActsWhenTold() throws ExecutionException, InterruptedException {
        kafka.createTopic("moved", 1);
        for (int i = 0; i < 5; i++) {
            write("moved", 0, 1_700_000_000_000L + i * 1_000L);
        }
        commit("moving", "moved", 0, 4);

        CommandRun.Result shown = thac().run("groups", "reset", "moving", "--to", "earliest");
        long before = committed("moving", "moved");
        thac().run("groups", "reset", "moving", "--to", "earliest", "--execute");
        long earliest = committed("moving", "moved");
        thac().run("groups", "reset", "moving", "--to", "2023-11-14T22:13:22Z", "--execute");
        long time = committed("moving", "moved");
        thac().run("groups", "reset", "moving", "--to", "3", "--execute");
        long offset = committed("moving", "moved");
        CommandRun.Result latest =
                thac().run("groups", "reset", "moving", "--to", "latest", "--execute");

        assertThat(shown.out()).contains("would reset  moving").contains("moved-0  from 4 to 0");
        assertThat(shown.err()).contains("nothing was changed");
        assertThat(before).isEqualTo(4);
        assertThat(earliest).isZero();
        assertThat(time).isEqualTo(2);
        assertThat(offset).isEqualTo(3);
        assertThat(latest.out()).contains("moved-0  from 3 to 5");
        assertThat(committed("moving", "moved")).isEqualTo(5);
    }

    @Test
    void aGroupWithMembersIsNotMoved() throws ExecutionException, InterruptedException {
        kafka.createTopic("held", 1);
        write("held", 0, 1_700_000_000_000L);
        try (Consumer<byte[], byte[]> member = member("holding")) {
            member.subscribe(List.of("held"));
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(
                            () -> {
                                member.poll(Duration.ofMillis(100));
                                return !member.assignment().isEmpty();
                            });
            member.commitSync(
                    Map.of(new TopicPartition("held", 0), new OffsetAndMetadata(1, "theirs")));

            CommandRun.Result reset =
                    thac().run("groups", "reset", "holding", "--to", "earliest", "--execute");
            CommandRun.Result described = thac().run("groups", "describe", "holding");

            assertThat(reset.code()).isEqualTo(1);
            assertThat(reset.err()).contains("has members").contains("stop every instance");
            assertThat(committed("holding", "held")).isEqualTo(1);
            assertThat(described.out())
                    .contains("1 member")
                    .contains("metadata of another program");
        }
    }

    private static Consumer<byte[], byte[]> member(String group) {
        return new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "group.id", group),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    private static void write(String topic, int partition, long time) {
        writer.acknowledged(
                new ProducerRecord<>(
                        topic, partition, time, null, "{}".getBytes(StandardCharsets.UTF_8)));
    }

    /** As other programs do it. */
    private static void commit(String group, String topic, int partition, long offset)
            throws ExecutionException, InterruptedException {
        try (Admin admin = kafka.admin()) {
            admin.alterConsumerGroupOffsets(
                            group,
                            Map.of(
                                    new TopicPartition(topic, partition),
                                    new OffsetAndMetadata(offset)))
                    .all()
                    .get();
        }
    }

    private static long committed(String group, String topic)
            throws ExecutionException, InterruptedException {
        try (Admin admin = kafka.admin()) {
            return admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .get(new TopicPartition(topic, 0))
                    .offset();
        }
    }
}
