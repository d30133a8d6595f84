package dev.thac.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.thac.event.ErrorCode;
import dev.thac.event.ThacException;
import dev.thac.testkit.broker.EmbeddedKafka;
import dev.thac.testkit.broker.TopicWriter;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

class TopicsIT {

    private static EmbeddedKafka kafka;

    @BeforeAll
    static void startKafka() {
        kafka = EmbeddedKafka.start();
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    @Test
    void topicsAreCreatedFoundAndDeleted() throws InterruptedException {
        try (Topics topics = Topics.open(kafka.bootstrapServers(), Map.of(), "test")) {
            assertThat(topics.missing(List.of("a", "b", "a"))).containsExactly("a", "b");

            topics.create("a", 3, Map.of("retention.ms", "60000"));
            topics.create("a", 9, Map.of());

            assertThat(topics.missing(List.of("a", "b"))).containsExactly("b");
            assertThat(topics.partitions("a")).isEqualTo(OptionalInt.of(3));
            assertThat(topics.names()).contains("a");
            topics.delete(List.of("a"));
            await().until(() -> topics.partitions("a").isEmpty());
        }
    }

    @Test
    void aGroupWithoutCommitsIsBehindByEverything() throws InterruptedException {
        try (Topics topics = Topics.open(kafka.bootstrapServers(), Map.of(), "test");
                TopicWriter writer = new TopicWriter(kafka.bootstrapServers())) {
            topics.create("c", 1, Map.of());
            writer.writeAll("c", List.of("1", "2", "3"));

            List<Topics.Progress> progress = topics.progress("nobody", List.of("c"));

            assertThat(progress).containsExactly(new Topics.Progress("c", 0, -1, 3));
            assertThat(progress.getFirst().lag()).isEqualTo(3);
            assertThat(topics.newGroupProtocol()).isTrue();
        }
    }

    @Test
    void brokersThatDoNotAnswerAreNamed() {
        Map<String, String> hasty =
                Map.of("default.api.timeout.ms", "300", "request.timeout.ms", "200");
        try (Topics topics = Topics.open("localhost:1", hasty, "test")) {
            assertThatThrownBy(topics::names)
                    .isInstanceOfSatisfying(
                            ThacException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.KAFKA_UNAVAILABLE))
                    .hasMessageContaining("localhost:1");
        }
    }
}
