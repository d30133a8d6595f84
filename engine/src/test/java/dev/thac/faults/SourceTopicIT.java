package dev.thac.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.thac.runtime.PipelineRuntime;
import dev.thac.testkit.broker.EmbeddedKafka;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A source topic that changes under a pipeline. */
class SourceTopicIT {

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
    @Tag("faults")
    void aSourceThatIsDeletedAndCreatedAnewIsReadFromItsStart() throws Exception {
        stage.topics(1);
        PipelineRuntime pipeline = stage.start("a");
        stage.write("former", 20);
        Stage.awaitSettled(pipeline, 20);

        stage.delete(stage.in);
        kafka.createTopic(stage.in, 1);
        stage.write("anew", 50);

        List<String> anew = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            anew.add("{\"id\":\"anew" + i + "\"}");
        }
        // what was read of it before the change was noticed may come twice
        await().atMost(Stage.PATIENCE)
                .untilAsserted(() -> assertThat(stage.read(stage.out)).containsAll(anew));
        assertThat(pipeline.status().lastError().orElse("")).contains(stage.in);
    }

    @Test
    void whatRetentionDeletesWhileThePipelineIsDownIsPassed() throws Exception {
        stage.topics(1).write("e", 100);
        stage.commit(0, 10, "");
        try (Admin admin = kafka.admin()) {
            admin.deleteRecords(
                            Map.of(
                                    new TopicPartition(stage.in, 0),
                                    RecordsToDelete.beforeOffset(60)))
                    .all()
                    .get();
        }

        PipelineRuntime pipeline = stage.start("a");

        Stage.awaitSettled(pipeline, 40);
        assertThat(pipeline.warnings())
                .singleElement()
                .satisfies(
                        warning ->
                                assertThat(warning.message()).contains("has deleted 50 offsets"));
        assertThat(stage.read(stage.out)).hasSize(40);
    }

    @Test
    void partitionsThatAreAddedAreReadFromTheirBeginningWhateverTheFileSays() throws Exception {
        stage.topics(1).source("start: latest");
        PipelineRuntime first = stage.start("a");
        awaitPlaced();
        stage.write("before", 5);
        Stage.awaitSettled(first, 5);
        first.stop(Duration.ofSeconds(5));

        try (Admin admin = kafka.admin()) {
            admin.createPartitions(Map.of(stage.in, NewPartitions.increaseTo(3))).all().get();
        }
        for (int partition = 1; partition < 3; partition++) {
            stage.writer.acknowledged(
                    new ProducerRecord<>(
                            stage.in,
                            partition,
                            null,
                            ("{\"id\":" + partition + "}").getBytes(StandardCharsets.UTF_8)));
        }
        PipelineRuntime second = stage.start("a");

        Stage.awaitSettled(second, 2);
        assertThat(stage.read(stage.out)).hasSize(7);
    }

    @Test
    void partitionsThatAreAddedWhileItRunsAreReadToo() throws Exception {
        stage.topics(1).source("start: latest");
        PipelineRuntime pipeline = stage.start("a");
        awaitPlaced();
        stage.write("before", 5);
        Stage.awaitSettled(pipeline, 5);

        try (Admin admin = kafka.admin()) {
            admin.createPartitions(Map.of(stage.in, NewPartitions.increaseTo(2))).all().get();
        }
        stage.writer.acknowledged(
                new ProducerRecord<>(
                        stage.in, 1, null, "{\"id\":1}".getBytes(StandardCharsets.UTF_8)));

        Stage.awaitSettled(pipeline, 6);
    }

    /** With {@code latest}, what is written before the group has a place is skipped. */
    private void awaitPlaced() {
        await().atMost(Stage.PATIENCE).until(() -> !stage.commits().isEmpty());
    }
}
