package dev.thac.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thac.runtime.PipelineRuntime;
import dev.thac.testkit.broker.EmbeddedKafka;
import dev.thac.testkit.broker.EmbeddedKafkaSettings;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Map;

/** Brokers that take little beside an offset, and commits that somebody else has made. */
class CommitMetadataIT {

    private EmbeddedKafka kafka = EmbeddedKafka.start(broker("4096"));
    private Stage stage = new Stage(kafka);

    private static EmbeddedKafkaSettings broker(String metadataBytes) {
        return EmbeddedKafkaSettings.DEFAULT.withServerProperties(
                Map.of("offset.metadata.max.bytes", metadataBytes));
    }

    @AfterEach
    void stop() throws InterruptedException {
        stage.close();
        kafka.close();
    }

    @ParameterizedTest
    @CsvSource({"512, only 512 characters", "100, take no metadata"})
    void brokersThatTakeLittleMetadataAreWarnedOfAndWorkNevertheless(String bytes, String words)
            throws Exception {
        stage.close();
        kafka.close();
        kafka = EmbeddedKafka.start(broker(bytes));
        stage = new Stage(kafka).topics(2);
        stage.write("e", 500);

        PipelineRuntime pipeline = stage.start("a");

        assertThat(pipeline.warnings())
                .singleElement()
                .satisfies(
                        warning -> {
                            assertThat(warning.subject()).isEqualTo("commits");
                            assertThat(warning.message()).contains(words);
                            assertThat(warning.fix()).contains("offset.metadata.max.bytes");
                        });
        Stage.awaitSettled(pipeline, 500);
        assertThat(stage.read(stage.out)).hasSize(500);
    }

    @Test
    void aMangledCommitCountsAsItsOffsetAlone() throws Exception {
        stage.topics(1).write("e", 20);
        stage.commit(0, 12, "Tnonsense");

        PipelineRuntime pipeline = stage.start("a");

        Stage.awaitSettled(pipeline, 8);
        assertThat(stage.read(stage.out)).hasSize(8);
    }

    @Test
    void aCommitOfAnotherProgramStopsTheStart() throws Exception {
        stage.topics(1).write("e", 20);
        stage.commit(0, 12, "\u0002AAAB");

        assertThatThrownBy(() -> stage.start("a"))
                .hasMessageContaining(stage.in + "-0 carry metadata of another program")
                .hasMessageContaining("source.foreignMetadata: ignore");
    }
}
