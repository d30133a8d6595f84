package dev.thac.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.thac.event.JsonTree;
import dev.thac.meter.Meters;
import dev.thac.testkit.broker.EmbeddedKafka;
import dev.thac.testkit.broker.TopicReader;
import dev.thac.testkit.broker.TopicWriter;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Windows of pipeline files, by the program's own runtime, on the real broker. */
class WindowingIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Instant NOON = Instant.parse("2026-10-01T12:00:00Z");

    @TempDir private Path folder;
    private EmbeddedKafka kafka;
    private TopicWriter writer;

    @BeforeEach
    void startKafka() {
        kafka = EmbeddedKafka.start();
        kafka.createTopic("sums.in", 1); // no silent partition holds windows back
        writer = new TopicWriter(kafka.bootstrapServers());
    }

    @AfterEach
    void stopKafka() {
        writer.close();
        kafka.close();
    }

    @Test
    void aFileWithWindowsAloneCountsWhatPassesItsFrontAndGoesOnAfterARestart() throws Exception {
        Path file =
                file(
                        """
                        pipeline: sums
                        source: { topic: sums.in, group: sums, start: earliest, time: value.at }
                        filter: [ { value: { amount: [ { exists: true } ] } } ]
                        derive: { size: "value.amount >= 100 ? 'big' : 'small'" }
                        windows:
                          minutes:
                            by: [value.size]
                            tumbling: 1m
                            measures:
                              orders: { kind: count }
                              total: { kind: sum, of: value.amount }
                            emit: final
                            to: sums.minutes
                            late: sums.late
                        failures: { deadLetter: sums.dlq }
                        """);
        PipelineRuntime first = run(file);
        order(5, 20);
        order(10, 500);
        write("{\"at\":\"2026-10-01T12:00:11Z\"}"); // has no amount: is filtered
        write("broken");
        write("{\"at\":\"at noon\",\"amount\":1}");
        await().atMost(PATIENCE).until(() -> drain("sums.dlq").size() == 2);
        first.stop();

        PipelineRuntime second = run(file);
        order(20, 30);
        order(65, 7); // ends the first minute
        order(30, 1_000); // late
        order(130, 0); // ends the second
        await().atMost(PATIENCE).until(() -> drain("sums.minutes").size() >= 3);
        await().atMost(PATIENCE).until(() -> status(second).lagRecords() == 0);
        CompanionStatus status = status(second);
        second.stop();

        assertThat(drain("sums.minutes").stream().map(WindowingIT::line))
                .containsExactlyInAnyOrder(
                        "small@2026-10-01T12:00:00Z: 2 orders, 50",
                        "big@2026-10-01T12:00:00Z: 1 orders, 500",
                        "small@2026-10-01T12:01:00Z: 1 orders, 7");
        assertThat(drain("sums.late"))
                .singleElement()
                .satisfies(
                        late -> {
                            assertThat(map(late).get("amount")).isEqualTo(1_000L);
                            assertThat(TopicReader.header(late, "thac.window"))
                                    .isEqualTo("minutes");
                        });
        assertThat(
                        drain("sums.dlq").stream()
                                .map(letter -> TopicReader.header(letter, "thac.source")))
                .containsExactlyInAnyOrder("sums.in-0@3", "sums.in-0@4");
        assertThat(status.kind()).isEqualTo("windows");
        assertThat(status.group()).isEqualTo("sums.windows");
        assertThat(status.state()).isEqualTo("running");
    }

    @Test
    void windowsOverVerdictsCountWhatTheLanesDecidedOnceEach() throws Exception {
        Path file =
                file(
                        """
                        pipeline: sums
                        source: { topic: sums.in, group: sums, start: earliest, time: value.at }
                        analyses:
                          kind:
                            task: Say whether it is dear.
                            input: "{{ value.amount }}"
                            output: { label: { enum: [cheap, dear] } }
                            tiers:
                              - rules:
                                  - { when: "value.amount < 100", then: { label: cheap } }
                                  - { when: "true", then: { label: dear } }
                        windows:
                          verdicts:
                            of: verdicts
                            by: [analysis.kind.label]
                            tumbling: 1m
                            grace: 1h
                            measures: { orders: { kind: count }, total: { kind: sum, of: value.amount } }
                            to: sums.verdicts
                        routes: [ { to: sums.out } ]
                        failures: { deadLetter: sums.dlq }
                        """);
        PipelineRuntime first = run(file);
        for (int i = 0; i < 50; i++) {
            order(i, i * 5);
        }
        write("broken");
        await().atMost(PATIENCE).until(() -> !drain("sums.verdicts").isEmpty());
        first.stop();
        PipelineRuntime second = run(file);
        for (int i = 0; i < 50; i++) {
            order(i, i * 5);
        }
        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                assertThat(table())
                                        .containsOnlyKeys("cheap", "dear")
                                        .containsEntry("cheap", "40 orders, 1900")
                                        .containsEntry("dear", "60 orders, 10350"));
        second.stop();

        assertThat(drain("sums.out")).hasSize(100);
        assertThat(drain("sums.decisions")).hasSize(100);
        assertThat(drain("sums.dlq")).hasSize(1);
    }

    /** The last record of a window stands. */
    private Map<String, String> table() {
        Map<String, String> table = new TreeMap<>();
        for (ConsumerRecord<byte[], byte[]> result : drain("sums.verdicts")) {
            Map<?, ?> value = map(result);
            Map<?, ?> key = (Map<?, ?>) Objects.requireNonNull(value.get("key"));
            table.put(
                    key.values().iterator().next().toString(),
                    value.get("orders") + " orders, " + value.get("total"));
        }
        return table;
    }

    private static String line(ConsumerRecord<byte[], byte[]> result) {
        Map<?, ?> value = map(result);
        Map<?, ?> key = (Map<?, ?>) Objects.requireNonNull(value.get("key"));
        Map<?, ?> window = (Map<?, ?>) Objects.requireNonNull(value.get("window"));
        return key.get("size")
                + "@"
                + window.get("start")
                + ": "
                + value.get("orders")
                + " orders, "
                + value.get("total");
    }

    private void order(int second, int amount) {
        write("{\"at\":\"%s\",\"amount\":%d}".formatted(NOON.plusSeconds(second), amount));
    }

    private void write(String value) {
        writer.write("sums.in", value);
    }

    private List<ConsumerRecord<byte[], byte[]>> drain(String topic) {
        return TopicReader.readCommitted(kafka.bootstrapServers()).drain(topic);
    }

    private PipelineRuntime run(Path file) throws InterruptedException {
        return ContextProcess.start(
                file,
                RuntimeSettings.of(kafka.bootstrapServers()).named(folder.getFileName().toString()),
                new Meters());
    }

    private static CompanionStatus status(PipelineRuntime runtime) {
        return runtime.status().companions().getFirst();
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("pipeline.yaml"), text);
    }

    private static Map<?, ?> map(ConsumerRecord<byte[], byte[]> result) {
        return (Map<?, ?>) Objects.requireNonNull(JsonTree.read(result.value()));
    }
}
