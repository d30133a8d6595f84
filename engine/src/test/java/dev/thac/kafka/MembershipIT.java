package dev.thac.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.thac.testkit.broker.EmbeddedKafka;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.UnreleasedInstanceIdException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A lane's place in its group, named like the lane; a plain consumer stands for a dead process. */
class MembershipIT {

    private static final Duration SOON = Duration.ofSeconds(20);

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

    @BeforeEach
    void createTopics() {
        rig.topics(2);
    }

    @AfterEach
    void stopLanes() {
        rig.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"consumer", "classic"})
    void theNextLaneOfTheNameTakesTheDeadOnesPlaceLongBeforeItsSessionEnds(String protocol) {
        rig.settings.put("group.protocol", protocol);
        try (Consumer<byte[], byte[]> dead = member(protocol)) {
            if (protocol.equals("consumer")) {
                // what would happen if the place were not freed
                try (Consumer<byte[], byte[]> hasty = consumer(protocol)) {
                    assertThatThrownBy(() -> join(hasty))
                            .isInstanceOf(UnreleasedInstanceIdException.class);
                }
            }
            rig.write("free:", 100);
            RecordingListener listener = new RecordingListener();

            rig.lane("a", DeliveryMode.EXACTLY_ONCE, rig.quick(), listener);

            await().atMost(SOON).until(() -> listener.settled.get() == 100);
            assertThat(dead.subscription()).as("it never left").isNotEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"consumer", "classic"})
    void aLaneThatEndsInOrderLeavesNoPlaceBehind(String protocol) throws Exception {
        rig.settings.put("group.protocol", protocol);
        RecordingListener listener = new RecordingListener();
        rig.write("free:", 100);
        Lane lane = rig.lane("a", DeliveryMode.EXACTLY_ONCE, rig.quick(), listener);
        await().atMost(SOON).until(() -> listener.settled.get() == 100);
        assertThat(members()).isOne();

        lane.stop(Duration.ofSeconds(5));

        await().atMost(SOON).until(() -> members() == 0);
    }

    private int members() throws Exception {
        String group = rig.name + "-group";
        try (Admin admin = kafka.admin()) {
            return admin.describeConsumerGroups(List.of(group))
                    .describedGroups()
                    .get(group)
                    .get()
                    .members()
                    .size();
        }
    }

    private Consumer<byte[], byte[]> member(String protocol) {
        Consumer<byte[], byte[]> consumer = consumer(protocol);
        join(consumer);
        return consumer;
    }

    private static void join(Consumer<byte[], byte[]> consumer) {
        await().atMost(SOON)
                .pollInSameThread()
                .until(
                        () -> {
                            consumer.poll(Duration.ofMillis(50));
                            return consumer.assignment().size() == 2;
                        });
    }

    private Consumer<byte[], byte[]> consumer(String protocol) {
        Consumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        Map.of(
                                "bootstrap.servers",
                                kafka.bootstrapServers(),
                                "group.id",
                                rig.name + "-group",
                                "group.protocol",
                                protocol,
                                "group.instance.id",
                                rig.name + "-a-0"),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer());
        consumer.subscribe(List.of(rig.in));
        return consumer;
    }
}
