package dev.thac.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.thac.event.JsonTree;
import dev.thac.event.ThacException;
import dev.thac.meter.Meters;
import dev.thac.testkit.broker.EmbeddedKafka;
import dev.thac.testkit.broker.TopicReader;
import dev.thac.testkit.broker.TopicWriter;
import dev.thac.window.StreamsSettings;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Where state is kept, and who has a copy of it, on the real broker. Of the six tasks two have
 * little state, so that each of two instances has some that is worth a copy.
 */
class StandbyIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int USERS = 2_000;

    @TempDir private Path folder;
    private EmbeddedKafka kafka;
    private TopicWriter writer;

    @BeforeEach
    void startKafka() {
        kafka = EmbeddedKafka.start();
        kafka.createTopic("clicks", 2);
        writer = new TopicWriter(kafka.bootstrapServers());
    }

    @AfterEach
    void stopKafka() {
        writer.close();
        kafka.close();
    }

    /** Without copies is the control: then the one that is left reads everything back. */
    @ParameterizedTest
    @ValueSource(ints = {1, 0})
    void whoTakesOverReadsBackOnlyWhatItsCopyLacks(int copies) throws Exception {
        PipelineRuntime one = start("one", copies);
        PipelineRuntime two = start("two", copies);
        await().atMost(PATIENCE).until(() -> tasks(one) > 0 && tasks(two) > 0);
        click();
        await().atMost(PATIENCE).until(() -> counted(1) == USERS);
        if (copies > 0) {
            await().atMost(PATIENCE)
                    .until(() -> figure(two, "standbys") > 0 && figure(two, "standby-behind") == 0);
        }
        long before = tasks(two);

        one.stop();
        await().atMost(PATIENCE)
                .until(() -> tasks(two) > before && status(two).state().equals("running"));
        CompanionStatus taken = status(two);
        click();
        await().atMost(PATIENCE).until(() -> counted(2) == USERS);
        two.stop();

        if (copies > 0) {
            assertThat(taken.figures().get("restored")).isLessThan(USERS / 20);
        } else {
            assertThat(taken.figures().get("restored")).isGreaterThan(USERS / 4);
        }
        assertThat(stores("one")).isPositive();
        assertThat(stores("two")).isPositive();
        assertThat(StreamsSettings.defaultStateDir(instance("one"))).doesNotExist();
    }

    @Test
    void aFolderThatAnotherInstanceUsesIsRefusedWithTheReason() throws Exception {
        PipelineRuntime one = start("one", 0);
        await().atMost(PATIENCE).until(() -> tasks(one) > 0);

        PipelineRuntime other =
                ContextProcess.start(file("one", 0), settings("other"), new Meters());

        assertThatThrownBy(other::awaitStopped)
                .isInstanceOf(ThacException.class)
                .hasMessageContaining("clicks.windows cannot keep its state in")
                .hasMessageContaining(folder.resolve("one").toString())
                .hasMessageContaining("streams.stateDir");
        assertThat(status(one).state()).isEqualTo("running");
        one.stop();
    }

    @Test
    void aFolderThatCannotBeMadeIsNamed() throws Exception {
        Path file = file("taken/by-a-file", 0);
        Files.createFile(folder.resolve("taken"));

        PipelineRuntime runtime = ContextProcess.start(file, settings("one"), new Meters());

        assertThatThrownBy(runtime::awaitStopped)
                .isInstanceOf(ThacException.class)
                .hasMessageContaining("clicks.windows cannot keep its state in")
                .hasMessageContaining("taken");
    }

    private void click() {
        writer.writeAll(
                "clicks",
                IntStream.range(0, USERS).mapToObj("{\"user\":\"u-%d\"}"::formatted).toList());
    }

    /** How many users have so many clicks in the last record of their window. */
    private long counted(long clicks) {
        Map<Object, Object> counts = new TreeMap<>();
        for (ConsumerRecord<byte[], byte[]> result :
                TopicReader.readCommitted(kafka.bootstrapServers()).drain("clicks.counts")) {
            Map<?, ?> value = (Map<?, ?>) Objects.requireNonNull(JsonTree.read(result.value()));
            Map<?, ?> key = (Map<?, ?>) Objects.requireNonNull(value.get("key"));
            counts.put(
                    Objects.requireNonNull(key.get("user")),
                    Objects.requireNonNull(value.get("n")));
        }
        return counts.values().stream().filter(count -> count.equals(clicks)).count();
    }

    private static long tasks(PipelineRuntime runtime) {
        return status(runtime).state().equals("running") ? figure(runtime, "tasks") : 0;
    }

    private static long figure(PipelineRuntime runtime, String name) {
        return status(runtime).figures().getOrDefault(name, 0L);
    }

    private static CompanionStatus status(PipelineRuntime runtime) {
        return runtime.status().companions().getFirst();
    }

    private long stores(String instance) throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve(instance))) {
            return files.filter(file -> file.getFileName().toString().endsWith("-state")).count();
        }
    }

    private PipelineRuntime start(String name, int copies) throws Exception {
        return ContextProcess.start(file(name, copies), settings(name), new Meters());
    }

    private RuntimeSettings settings(String name) {
        return RuntimeSettings.of(kafka.bootstrapServers()).named(instance(name));
    }

    private String instance(String name) {
        return name + "-" + folder.getFileName();
    }

    private Path file(String state, int copies) throws IOException {
        return Files.writeString(
                folder.resolve("pipeline.yaml"),
                """
                pipeline: clicks
                source: { topic: clicks, group: clicks, start: earliest }
                windows:
                  per-user:
                    by: [value.user]
                    tumbling: 2000d
                    measures: { n: { kind: count } }
                    to: clicks.counts
                  again:
                    by: [value.user]
                    tumbling: 2000d
                    measures: { n: { kind: count } }
                    to: clicks.again
                streams: { standbys: %d, stateDir: "%s" }
                failures: { deadLetter: clicks.dlq }
                """
                        .formatted(copies, folder.resolve(state)));
    }
}
