package dev.thac.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.thac.event.JsonTree;
import dev.thac.meter.Meters;
import dev.thac.testkit.broker.EmbeddedKafka;
import dev.thac.testkit.broker.TopicReader;
import dev.thac.testkit.broker.TopicWriter;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** History per key against the real broker: every event once, with what a recomputation gives. */
class ContextIT {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int CUSTOMERS = 40;

    private static EmbeddedKafka kafka;
    private static TopicWriter writer;

    @TempDir private Path folder;
    private final List<String> written = new ArrayList<>();

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

    @Test
    void everyEventHasItsHistoryOnceThroughKillsAndALostState() throws Exception {
        Path file = file("killed");
        String brokers = kafka.bootstrapServers();
        Process first = ContextProcess.spawn(file, brokers);
        write("killed", 400);
        awaitOutputs("killed", 100);
        write("killed", 400);
        ContextProcess.kill(first);
        write("killed", 400);
        Process second = ContextProcess.spawn(file, brokers);
        awaitOutputs("killed", 900);
        write("killed", 400);
        ContextProcess.kill(second);
        wipe(folder.resolve("state"));

        Meters meters = new Meters();
        PipelineRuntime third = ContextProcess.start(file, ContextProcess.named(brokers), meters);
        write("killed", 400);
        awaitOutputs("killed", expectedOutputs());
        await().atMost(PATIENCE).until(() -> third.status().lagRecords() == 0);
        assertThat(third.status().companions())
                .singleElement()
                .satisfies(
                        context -> {
                            assertThat(context.kind()).isEqualTo("context");
                            assertThat(context.group()).isEqualTo("killed.context");
                            assertThat(context.state()).isEqualTo("running");
                            assertThat(context.figures().get("restored")).isPositive();
                        });
        third.stop();

        verify("killed");
    }

    private void verify(String name) throws Exception {
        TopicReader reader = TopicReader.readCommitted(kafka.bootstrapServers());
        Map<String, List<Integer>> seen = new HashMap<>();
        Set<String> sources = new HashSet<>();
        int outputs = 0;
        for (ConsumerRecord<byte[], byte[]> output : reader.drain(name + ".out")) {
            Map<?, ?> value = map(output.value());
            String customer = String.valueOf(value.get("customer"));
            List<Integer> earlier = seen.computeIfAbsent(customer, _ -> new ArrayList<>());
            int last = earlier.size();
            assertThat(TopicReader.header(output, "count"))
                    .as("%s of %s", value, customer)
                    .isEqualTo(Integer.toString(last));
            assertThat(TopicReader.header(output, "last"))
                    .isEqualTo(
                            earlier.subList(Math.max(0, last - 3), last).stream()
                                    .map(n -> "{\"customer\":\"" + customer + "\",\"n\":" + n + "}")
                                    .toList()
                                    .toString()
                                    .replace(" ", ""));
            assertThat(value.containsKey("context")).isFalse();
            earlier.add(((Long) Objects.requireNonNull(value.get("n"))).intValue());
            assertThat(sources.add(TopicReader.header(output, "thac.source"))).isTrue();
            outputs++;
        }
        for (ConsumerRecord<byte[], byte[]> letter : reader.drain(name + ".dlq")) {
            assertThat(new String(letter.value(), StandardCharsets.UTF_8)).isEqualTo("broken");
            assertThat(TopicReader.header(letter, "thac.source")).startsWith(name + ".raw-");
            assertThat(sources.add(TopicReader.header(letter, "thac.source"))).isTrue();
        }
        assertThat(outputs).isEqualTo(expectedOutputs());
        assertThat(sources)
                .hasSize((int) written.stream().filter(it -> !it.contains("drop")).count());
        for (List<Integer> each : seen.values()) {
            assertThat(each).isSorted();
        }
    }

    private int expectedOutputs() {
        return (int) written.stream().filter(it -> it.startsWith("{\"customer")).count();
    }

    /** Keyed by customer, so that each one's events are in one partition and in order. */
    private void write(String name, int events) {
        for (int i = 0; i < events; i++) {
            int n = written.size();
            String customer = "C" + (n * 7919 % CUSTOMERS);
            String value =
                    n % 50 == 7
                            ? "broken"
                            : n % 50 == 9
                                    ? "{\"drop\":true}"
                                    : "{\"customer\":\"%s\",\"n\":%d}".formatted(customer, n);
            writer.write(name + ".raw", customer, value);
            written.add(value);
        }
    }

    private static void awaitOutputs(String name, int count) {
        await().atMost(PATIENCE)
                .until(
                        () ->
                                TopicReader.readCommitted(kafka.bootstrapServers())
                                                .drain(name + ".out")
                                                .size()
                                        >= count);
    }

    private Path file(String name) throws IOException {
        return Files.writeString(
                folder.resolve("pipeline.yaml"),
                """
                pipeline: %1$s
                source: { topic: %1$s.raw, group: %1$s, start: earliest }
                filter: [ { value: { customer: [ { exists: true } ] } } ]
                context:
                  key: value.customer
                  last: 3
                  measures: { count: { count: "true", over: 1d } }
                streams: { stateDir: "%2$s" }
                order: key
                routes:
                  - to: %1$s.out
                    headers:
                      count: "{{ value.context.count }}"
                      last: "{{ value.context.last }}"
                """
                        .formatted(name, folder.resolve("state")));
    }

    private static void wipe(Path state) throws IOException {
        try (Stream<Path> files = Files.walk(state)) {
            for (Path each : files.sorted((one, other) -> other.compareTo(one)).toList()) {
                Files.delete(each);
            }
        }
        assertThat(state).doesNotExist();
    }

    private static Map<?, ?> map(byte @Nullable [] json) {
        return (Map<?, ?>) Objects.requireNonNull(JsonTree.read(Objects.requireNonNull(json)));
    }
}
