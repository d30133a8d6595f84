package dev.thac.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;

import dev.thac.app.CommandRun;
import dev.thac.app.terminal.Json;
import dev.thac.testkit.broker.EmbeddedKafka;
import dev.thac.testkit.broker.TopicReader;
import dev.thac.testkit.broker.TopicWriter;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

class ControlCommandsIT {

    private static final Duration LONG = Duration.ofMinutes(2);

    private static EmbeddedKafka kafka;
    private static TopicWriter writer;

    @TempDir private Path folder;

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.start();
        writer = new TopicWriter(kafka.bootstrapServers());
    }

    @AfterAll
    static void stop() {
        writer.close();
        kafka.close();
    }

    private static CommandRun thac() {
        return CommandRun.here().with("THAC_BROKERS", kafka.bootstrapServers());
    }

    @Test
    void aPausedPipelineReadsNothingOverRestartsUntilItIsResumed()
            throws IOException, InterruptedException, ExecutionException {
        String file = pipeline("halting");
        produce("halting", 0, 20);

        try (Running run = new Running(file)) {
            await().atMost(LONG).until(() -> out("halting").size() == 20);
            await().atMost(LONG).until(() -> "running".equals(state("halting")));
            CommandRun.Result paused = thac().run("pause", "halting");
            await().atMost(LONG).until(() -> "paused".equals(state("halting")));
            produce("halting", 20, 25);

            assertThat(paused.out()).contains("halting is to pause: 1 instance will hear it");
            assertThat(run.end().err())
                    .contains("pipeline halting is paused")
                    .doesNotContain("defect");
        }
        assertThat(thac().run("status", "halting").code()).as("taken back").isEqualTo(1);
        try (Running run = new Running(file)) {
            await().atMost(LONG).until(() -> "paused".equals(state("halting")));
            assertThat(out("halting")).hasSize(20);

            CommandRun.Result resumed = thac().run("resume", file);
            assertThat(resumed.err() + resumed.code()).isEqualTo("0");

            await().atMost(LONG).until(() -> out("halting").size() == 25);
            assertThat(run.end().err()).contains("pipeline halting is paused (`thac resume");
        }
    }

    @Test
    void aReplayJudgesAPartAgainAndItsRecordsSaySo()
            throws IOException, InterruptedException, ExecutionException {
        String file = pipeline("again");
        produce("again", 0, 30);

        try (Running run = new Running(file)) {
            await().atMost(LONG).until(() -> out("again").size() == 30);
            await().atMost(LONG).until(() -> "running".equals(state("again")));
            String[] part = {
                "replay", "again", "--from", "2023-11-14T22:13:30Z", "--to", "2023-11-14T22:13:40Z"
            };
            CommandRun.Result shown = thac().run(part);
            CommandRun.Result done = thac().run(with(part, "--execute"));
            await().atMost(LONG).until(() -> out("again").size() == 40);
            await().atMost(LONG).until(() -> !replaying("again"));

            assertThat(shown.out()).contains("would replay  10 records of again");
            assertThat(done.out()).contains("replays       10 records of again").contains("  id ");
            List<ConsumerRecord<byte[], byte[]>> replayed =
                    out("again").stream()
                            .filter(record -> TopicReader.header(record, "thac.replay") != null)
                            .toList();
            assertThat(replayed)
                    .extracting(record -> new String(record.value(), StandardCharsets.UTF_8))
                    .hasSize(10)
                    .doesNotHaveDuplicates()
                    .allMatch(value -> value.matches("\\{\"id\":1\\d}"));
            assertThat(run.end().err()).contains("has ended here").doesNotContain("defect");
        }
    }

    @Test
    void aReplayIsNotBegunWithoutKnowingWhereThePipelineReads() {
        CommandRun.Result unknown = thac().run("replay", "nobody", "--from", "1h");
        CommandRun.Result unclear = thac().run("replay", "nobody");

        assertThat(unknown.code()).isEqualTo(1);
        assertThat(unknown.err()).contains("no instance of pipeline nobody reports");
        assertThat(unclear.code()).isEqualTo(2);
    }

    private String pipeline(String name) throws IOException {
        kafka.createTopic(name + ".in", 2);
        kafka.createTopic(name + ".out", 2);
        kafka.createTopic(name + ".dlq", 1);
        Path file = folder.resolve(name + ".yaml");
        Files.writeString(
                file,
                """
                pipeline: %1$s
                source: { topic: %1$s.in, group: %1$s-group, format: json, start: earliest }
                routes: [ { to: %1$s.out } ]
                """
                        .formatted(name));
        return file.toString();
    }

    private static void produce(String pipeline, int from, int to) {
        for (int i = from; i < to; i++) {
            writer.acknowledged(
                    new ProducerRecord<>(
                            pipeline + ".in",
                            i % 2,
                            1_700_000_000_000L + i * 1_000L,
                            null,
                            ("{\"id\":" + i + "}").getBytes(StandardCharsets.UTF_8)));
        }
    }

    private static List<ConsumerRecord<byte[], byte[]>> out(String pipeline) {
        return TopicReader.readCommitted(kafka.bootstrapServers()).drain(pipeline + ".out");
    }

    private static List<?> statuses(String pipeline) throws JsonProcessingException {
        CommandRun.Result result = thac().run("status", pipeline, "-o", "json");
        return result.code() == 0
                ? (List<?>) ((Map<?, ?>) Json.read(result.out())).get("pipelines")
                : List.of();
    }

    private static String state(String pipeline) throws JsonProcessingException {
        return statuses(pipeline).stream()
                .map(each -> String.valueOf(((Map<?, ?>) each).get("state")))
                .findFirst()
                .orElse("none");
    }

    private static boolean replaying(String pipeline) throws JsonProcessingException {
        return statuses(pipeline).stream()
                .anyMatch(each -> ((Map<?, ?>) each).get("replay") != null);
    }

    private static String[] with(String[] arguments, String more) {
        String[] all = Arrays.copyOf(arguments, arguments.length + 1);
        all[arguments.length] = more;
        return all;
    }

    /** A {@code thac run} beside the test. */
    private static final class Running implements AutoCloseable {
        private final ExecutorService thread = Executors.newSingleThreadExecutor();
        private final Future<CommandRun.Result> result;

        Running(String file) {
            CommandRun run = thac();
            result = thread.submit(() -> run.run("run", file, "--port", "0"));
        }

        /** Ends it as Ctrl-C does. */
        CommandRun.Result end() throws InterruptedException, ExecutionException {
            thread.shutdownNow();
            return result.get();
        }

        @Override
        public void close() {
            thread.shutdownNow();
            thread.close();
        }
    }
}
