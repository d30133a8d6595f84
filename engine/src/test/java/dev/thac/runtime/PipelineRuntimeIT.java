package dev.thac.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.thac.event.Delivery;
import dev.thac.event.ErrorCode;
import dev.thac.event.Failure;
import dev.thac.event.Header;
import dev.thac.event.Outcome;
import dev.thac.event.SinkRecord;
import dev.thac.event.ThacException;
import dev.thac.event.Trail;
import dev.thac.kafka.Lane;
import dev.thac.meter.Meters;
import dev.thac.meter.Metric;
import dev.thac.resilience.Ticker;
import dev.thac.testkit.broker.EmbeddedKafka;
import dev.thac.testkit.broker.TopicReader;
import dev.thac.testkit.broker.TopicWriter;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** A pipeline's lanes against the real broker, with a flow that only copies. */
class PipelineRuntimeIT {

    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final AtomicInteger NAMES = new AtomicInteger();

    private static EmbeddedKafka kafka;
    private static TopicWriter writer;

    private final String name = "p" + NAMES.incrementAndGet();
    private final Meters meters = new Meters();
    @TempDir private Path folder;

    @BeforeAll
    static void startKafka() {
        kafka = EmbeddedKafka.start();
        writer = new TopicWriter(kafka.bootstrapServers());
    }

    @AfterAll
    static void stopKafka() {
        writer.close();
        kafka.close();
    }

    /** Copies; filters events that begin with "drop"; dead-letters those that begin with "bad". */
    private final class Copying implements Lane.Flow {
        @Override
        public Lane.Step decide(Delivery delivery) {
            byte[] value = delivery.value() == null ? new byte[0] : delivery.value();
            String text = new String(value, StandardCharsets.UTF_8);
            if (text.startsWith("drop")) {
                return new Lane.Step.Settled(Outcome.FilteredOut.INSTANCE);
            }
            if (text.startsWith("bad")) {
                return new Lane.Step.Settled(
                        rejected(
                                delivery,
                                Outcome.FilteredOut.INSTANCE,
                                new Failure(ErrorCode.UNDECODABLE, "decode", "bad")));
            }
            return new Lane.Step.Settled(
                    new Outcome.Routed(List.of(record(delivery, name + ".out")), Trail.NONE));
        }

        @Override
        public void flush() {}

        @Override
        public Outcome rejected(Delivery delivery, Outcome outcome, Failure failure) {
            return new Outcome.DeadLettered(failure, record(delivery, name + ".dlq"), Trail.NONE);
        }

        private SinkRecord record(Delivery delivery, String topic) {
            return new SinkRecord(
                    topic,
                    null,
                    delivery.timestamp(),
                    delivery.key(),
                    delivery.value(),
                    List.of(Header.text("thac.source", delivery.id().toString())));
        }
    }

    @Test
    void statusAndMetricsAddUpToTheOutcomes() throws Exception {
        RuntimeSettings settings = settings().creatingTopics(4);
        PipelineRuntime runtime = start(spec("lanes: { min: 2 }"), settings);
        write("event", 300);
        write("drop", 200);
        write("bad", 10);

        await().atMost(PATIENCE).until(() -> runtime.status().settled() == 510);
        await().atMost(PATIENCE).until(() -> runtime.status().lagRecords() == 0);
        PipelineStatus status = runtime.status();
        runtime.stop();

        assertThat(status.state()).isEqualTo(PipelineState.RUNNING);
        assertThat(status.eventsIn()).isEqualTo(510);
        assertThat(status.outcomes())
                .containsEntry("routed", 300L)
                .containsEntry("filtered", 200L)
                .containsEntry("dead-lettered", 10L);
        assertThat(status.routes()).containsEntry(name + ".out", 300L);
        assertThat(status.deadLetters()).containsEntry("undecodable", 10L);
        assertThat(status.partitions()).isEqualTo(4);
        assertThat(meters.total(Metric.EVENTS_SETTLED)).isEqualTo(510);
        assertThat(meters.total(Metric.EVENTS_IN)).isEqualTo(510);
        assertThat(meters.value(Metric.DLQ_EVENTS, name, "undecodable")).isEqualTo(10);
        assertThat(meters.scrape()).contains("thac_pipeline_state").contains("thac_consumer_lag");
        assertThat(runtime.status().state()).isEqualTo(PipelineState.STOPPED);
        assertThat(TopicReader.readCommitted(kafka.bootstrapServers()).drain(name + ".out"))
                .hasSize(300);
    }

    @Test
    void aPausedPipelineLetsNothingInUntilItIsResumed() throws Exception {
        PipelineRuntime runtime = start(spec(""), settings().creatingTopics(2));
        write("event", 10);
        await().atMost(PATIENCE).until(() -> runtime.status().settled() == 10);

        runtime.pause();
        await().atMost(PATIENCE).until(() -> runtime.status().paused() == 2);
        write("event", 10);

        assertThat(runtime.status().state()).isEqualTo(PipelineState.PAUSED);
        await().during(Duration.ofSeconds(1))
                .atMost(PATIENCE)
                .until(() -> runtime.status().settled() == 10);
        runtime.resume();
        await().atMost(PATIENCE).until(() -> runtime.status().settled() == 20);
        assertThat(runtime.status().state()).isEqualTo(PipelineState.RUNNING);
        await().atMost(PATIENCE).until(() -> runtime.status().paused() == 0);
        runtime.stop();
    }

    @Test
    void missingTopicsAreNamedBeforeAnythingStarts() throws Exception {
        PipelineSpec spec = spec("");
        kafka.createTopic(name + ".raw", 1);

        assertThatThrownBy(() -> start(spec, settings()))
                .isInstanceOfSatisfying(
                        ThacException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.TOPIC_MISSING))
                .hasMessageContaining(name + ".out, " + name + ".dlq")
                .hasMessageContaining("thac topics create");
    }

    @Test
    void aDefectThatComesBackStopsThePipelineWithIt() throws Exception {
        Lane.Flow broken =
                new Lane.Flow() {
                    @Override
                    public Lane.Step decide(Delivery delivery) {
                        throw new IllegalStateException("a defect at " + delivery.id());
                    }

                    @Override
                    public void flush() {}

                    @Override
                    public Outcome rejected(Delivery delivery, Outcome outcome, Failure failure) {
                        throw new IllegalStateException("not asked");
                    }
                };
        PipelineRuntime runtime =
                PipelineRuntime.start(
                        spec(""), settings().creatingTopics(1), broken, meters, Ticker.system());
        write("event", 1);

        assertThatThrownBy(runtime::awaitStopped)
                .isInstanceOf(ThacException.class)
                .hasMessageContaining("a defect at " + name + ".raw-0@0");
        assertThat(runtime.status().state()).isEqualTo(PipelineState.FAILED);
        assertThat(runtime.status().restarts()).isEqualTo(4);
    }

    private PipelineRuntime start(PipelineSpec spec, RuntimeSettings settings)
            throws InterruptedException {
        return PipelineRuntime.start(spec, settings, new Copying(), meters, Ticker.system());
    }

    private static RuntimeSettings settings() {
        return RuntimeSettings.of(kafka.bootstrapServers());
    }

    private PipelineSpec spec(String more) throws IOException {
        Path file = folder.resolve("pipeline.yaml");
        Files.writeString(
                file,
                """
                pipeline: %s
                source: { topic: %s.raw, group: %s, format: text, start: earliest }
                routes: [ { to: %s.out } ]
                %s
                """
                        .formatted(name, name, name, name, more));
        return PipelineFiles.load(file).orThrow();
    }

    private void write(String prefix, int events) {
        writer.writeAll(
                name + ".raw", IntStream.range(0, events).mapToObj(i -> prefix + i).toList());
    }
}
