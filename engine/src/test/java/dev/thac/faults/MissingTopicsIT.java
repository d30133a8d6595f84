package dev.thac.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thac.event.ErrorCode;
import dev.thac.event.ThacException;
import dev.thac.runtime.PipelineRuntime;
import dev.thac.runtime.RuntimeSettings;
import dev.thac.testkit.broker.EmbeddedKafka;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Map;

/** Output topics that are not there. */
class MissingTopicsIT {

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
    void aDeadLetterTopicThatIsMissingStopsTheStart() {
        kafka.createTopic(stage.in, 1);
        kafka.createTopic(stage.out, 1);

        assertThatThrownBy(() -> stage.start("a"))
                .isInstanceOfSatisfying(
                        ThacException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.TOPIC_MISSING))
                .hasMessageContaining("missing: " + stage.dlq)
                .hasMessageContaining("thac topics create");
    }

    @ParameterizedTest
    @ValueSource(strings = {"exactly-once", "at-least-once"})
    void aDeadLetterTopicThatIsDeletedHoldsThePipelineUpUntilItIsBack(String delivery)
            throws Exception {
        stage.topics(1)
                .with("delivery: " + delivery)
                .at(
                        RuntimeSettings.of(kafka.bootstrapServers())
                                .withKafka(Map.of("max.block.ms", "1000")));
        PipelineRuntime pipeline = stage.start("a");
        stage.write("before", 5);
        Stage.awaitSettled(pipeline, 5);

        stage.delete(stage.dlq);
        stage.writer.write(stage.in, "no json");
        stage.write("after", 5);
        Stage.awaitTrouble(pipeline, stage.dlq);
        long held = stage.committed(0);
        long settled = pipeline.status().settled();
        kafka.createTopic(stage.dlq, 1);

        Stage.awaitSettled(pipeline, 11);
        assertThat(held).isLessThanOrEqualTo(5);
        assertThat(settled).isLessThanOrEqualTo(10);
        assertThat(stage.read(stage.dlq)).containsExactly("no json");
        assertThat(stage.read(stage.out)).hasSize(10).doesNotHaveDuplicates();
    }
}
