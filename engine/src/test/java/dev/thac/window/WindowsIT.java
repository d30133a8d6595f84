package dev.thac.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.thac.testkit.broker.EmbeddedKafka;
import dev.thac.testkit.broker.TopicReader;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Windows on the real broker: what a {@code read_committed} reader has at the end equals a
 * recomputation from the input log, whatever happens to the processes that count. Groups are spread
 * over all source partitions, so that the order in which their events meet is never the same.
 *
 * <p>The control, tried by hand: counted at least once only, the test with kills fails; windows
 * then hold up to twice the events they should.
 */
class WindowsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final long END = Clicks.BEGIN + Duration.ofDays(2).toMillis();

    private final List<List<Clicks>> log = new ArrayList<>();
    private final List<Process> children = new ArrayList<>();
    private final List<StreamsRunner> runners = new ArrayList<>();
    private final Random random = new Random(5);
    @TempDir private Path folder;
    private EmbeddedKafka kafka;

    @BeforeEach
    void startKafka() {
        kafka = EmbeddedKafka.start();
        kafka.createTopic(WindowProgram.SOURCE, WindowProgram.PARTITIONS);
        kafka.createTopic(WindowProgram.SOURCE + ".late", 1);
        WindowProgram.windows().keySet().forEach(name -> kafka.createTopic(name, 2));
    }

    @AfterEach
    void stopAll() {
        children.forEach(Process::destroyForcibly);
        runners.forEach(runner -> runner.stop(Duration.ofSeconds(10)));
        kafka.close();
    }

    @Test
    void resultsEqualARecomputationThroughARebalanceAndWipedState() throws Exception {
        make(250);
        StreamsRunner first = run("one");
        write(0, 100);
        awaitResults();

        StreamsRunner second = run("two");
        write(100, 180);
        await().pollInterval(LOOK).atMost(PATIENCE).until(() -> second.status().tasks() > 0);
        stop(first);
        wipe("one");
        run("one");
        write(180, 250);
        end();

        assertResults();
    }

    @Test
    @Tag("faults")
    void resultsEqualARecomputationThroughKillsRebalancesAndWipedState() throws Exception {
        make(3_000);
        Process first = child("one");
        write(0, 800);
        awaitResults();

        kill(first);
        write(800, 1_200);
        first = child("one");
        write(1_200, 1_500);
        StreamsRunner second = run("two");
        await().pollInterval(LOOK).atMost(PATIENCE).until(() -> second.status().tasks() > 0);
        write(1_500, 2_000);
        kill(first);
        wipe("one");
        write(2_000, 2_500);
        first = child("one");
        write(2_500, 2_800);
        stop(second);
        kill(first);
        child("one");
        write(2_800, 3_000);
        end();

        assertResults();
    }

    private void make(int size) {
        for (int partition = 0; partition < WindowProgram.PARTITIONS; partition++) {
            log.add(Clicks.log(random, size, 6, 900_000 / size));
        }
    }

    private void write(int from, int to) {
        try (KafkaProducer<byte[], byte[]> producer = producer()) {
            for (int i = from; i < to; i++) {
                for (int partition = 0; partition < log.size(); partition++) {
                    producer.send(
                            new ProducerRecord<>(
                                    WindowProgram.SOURCE,
                                    partition,
                                    null,
                                    log.get(partition).get(i).json()));
                }
            }
        }
    }

    private void end() {
        try (KafkaProducer<byte[], byte[]> producer = producer()) {
            for (int partition = 0; partition < log.size(); partition++) {
                log.set(partition, new ArrayList<>(log.get(partition)));
                log.get(partition).add(Clicks.end(END));
                producer.send(
                        new ProducerRecord<>(
                                WindowProgram.SOURCE, partition, null, Clicks.end(END).json()));
            }
        }
    }

    private KafkaProducer<byte[], byte[]> producer() {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private void awaitResults() {
        await().pollInterval(LOOK)
                .atMost(PATIENCE)
                .until(() -> !records("tumbling-UPDATES").isEmpty());
    }

    /** One read each shows both: every window is right, and a final one was written once. */
    private void assertResults() {
        WindowProgram.windows()
                .forEach(
                        (name, spec) -> {
                            PlainModel model = new PlainModel(spec);
                            log.forEach(model::partition);
                            await().pollInterval(LOOK)
                                    .atMost(PATIENCE)
                                    .untilAsserted(() -> assertResults(name, spec, model));
                        });
        int late =
                WindowProgram.windows().values().stream()
                        .mapToInt(
                                spec -> {
                                    PlainModel model = new PlainModel(spec);
                                    log.forEach(model::partition);
                                    return model.late();
                                })
                        .sum();
        assertThat(
                        TopicReader.readCommitted(kafka.bootstrapServers())
                                .drain(WindowProgram.SOURCE + ".late"))
                .hasSize(late);
    }

    private void assertResults(String name, WindowSpec spec, PlainModel model) {
        List<byte[]> records = records(name);
        assertThat(WindowSpecs.differences(table(records), model.results()))
                .as("%s, %s", name, statuses())
                .isEmpty();
        if (spec.emit() == WindowEmit.FINAL) {
            assertThat(records.size()).as(name).isEqualTo(model.results().size());
        }
    }

    private static Map<String, Map<String, Object>> table(List<byte[]> records) {
        Map<String, Map<String, Object>> table = WindowSpecs.table();
        records.forEach(value -> WindowSpecs.apply(table, value));
        return table;
    }

    private List<byte[]> records(String topic) {
        return TopicReader.readCommitted(kafka.bootstrapServers()).drain(topic).stream()
                .map(ConsumerRecord::value)
                .toList();
    }

    private StreamsRunner run(String instance) {
        StreamsRunner runner =
                WindowProgram.start(
                        kafka.bootstrapServers(),
                        "p",
                        instance,
                        folder.resolve(instance),
                        StreamsDelivery.EXACTLY_ONCE);
        runners.add(runner);
        return runner;
    }

    private List<StreamsStatus> statuses() {
        return runners.stream().map(StreamsRunner::status).toList();
    }

    private void stop(StreamsRunner runner) {
        runners.remove(runner);
        runner.stop(Duration.ofSeconds(20));
    }

    private Process child(String instance) throws IOException {
        Process child =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty(
                                        "surefire.test.class.path",
                                        System.getProperty("java.class.path")),
                                WindowProgram.class.getName(),
                                kafka.bootstrapServers(),
                                "p",
                                instance,
                                folder.resolve(instance).toString(),
                                StreamsDelivery.EXACTLY_ONCE.name())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve(instance + ".log").toFile())
                        .start();
        children.add(child);
        return child;
    }

    private void kill(Process child) throws InterruptedException {
        children.remove(child);
        child.destroyForcibly().waitFor();
    }

    private void wipe(String instance) throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve(instance))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
