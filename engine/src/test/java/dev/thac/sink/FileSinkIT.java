package dev.thac.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.thac.spec.DataSize;
import dev.thac.testkit.broker.EmbeddedKafka;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Topics into files. */
class FileSinkIT {

    private static EmbeddedKafka kafka;
    private SinkRig rig;
    @TempDir private Path folder;

    @BeforeAll
    static void startBroker() {
        kafka = EmbeddedKafka.start();
    }

    @AfterAll
    static void stopBroker() {
        kafka.close();
    }

    @BeforeEach
    void rig() {
        rig = new SinkRig(kafka, 1);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private SinkSpec file(long roll) {
        return rig.spec(
                Optional.empty(),
                Optional.empty(),
                Optional.of(new FileSinkSpec(folder.toString(), new DataSize(roll))));
    }

    private static Connections none() {
        return () -> {
            throw new IllegalStateException("no database here");
        };
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(each -> each.toString().endsWith(".jsonl")).sorted().toList();
        }
    }

    private List<String> lines() throws IOException {
        List<String> lines = new ArrayList<>();
        for (Path file : files()) {
            lines.addAll(Files.readAllLines(file));
        }
        return lines;
    }

    private List<String> topic() {
        return rig.read(rig.topic()).stream()
                .map(ConsumerRecord::value)
                .map(each -> new String(each, StandardCharsets.UTF_8))
                .toList();
    }

    @Test
    void linesAreTheRecordsInTheirOrderAndFilesRollBySize() throws IOException {
        for (int i = 0; i < 500; i++) {
            rig.write("k" + i % 7, "{\"n\": %d, \"chữ\": \"sóng\"}".formatted(i));
        }
        Sink sink = rig.start(file(2_000), none());
        rig.awaitCaughtUp();

        assertThat(lines()).isEqualTo(topic());
        assertThat(files()).hasSizeGreaterThan(5);
        for (Path file : files().subList(0, files().size() - 1)) {
            assertThat(Files.size(file)).isBetween(2_000L, 2_100L);
        }
        await().atMost(SinkRig.PATIENCE).until(() -> sink.status().written() == 500);
    }

    @Test
    void whatIsNoJsonIsADeadLetterAndSeveralLinesBecomeOne() throws IOException {
        rig.write("k", "{\n \"a\": [ 1,\r\n 2 ] }");
        rig.write("k", "{half");
        rig.write("k", "{\"b\": 1.50}");

        Sink sink = rig.start(file(1 << 20), none());
        rig.awaitCaughtUp();

        assertThat(lines()).containsExactly("{\"a\":[1,2]}", "{\"b\": 1.50}");
        await().atMost(SinkRig.PATIENCE).until(() -> sink.status().refused() == 1);
        assertThat(rig.read(rig.deadLetters())).hasSize(1);
    }

    @Test
    void whatStandsBehindTheLastCommitIsCutOffBeforeTheNextLine() throws Exception {
        rig.write("k", "{\"n\":0}");
        Sink first = rig.start(file(1 << 20), none());
        rig.awaitCaughtUp();
        first.stop(Duration.ofSeconds(5));
        Files.writeString(files().getFirst(), "{\"n\":1}\n{\"n\":", StandardOpenOption.APPEND);
        Files.writeString(
                folder.resolve("%s-0-%020d.jsonl".formatted(rig.topic(), 2)), "{\"n\":2}\n{");

        rig.write("k", "{\"n\":1}");
        Sink _ = rig.start(file(1 << 20), none());
        rig.awaitCaughtUp();

        assertThat(lines()).containsExactly("{\"n\":0}", "{\"n\":1}");
        assertThat(files()).hasSize(1);
    }

    @Test
    void aGroupThatBeginsAnewLeavesTheFilesOfTheFormerRunAlone() throws Exception {
        rig.write("k", "{\"n\":0}");
        Sink first = rig.start(file(1 << 20), none());
        rig.awaitCaughtUp();
        first.stop(Duration.ofSeconds(5));
        try (org.apache.kafka.clients.admin.Admin admin = kafka.admin()) {
            admin.deleteConsumerGroups(List.of(SinkSettings.group(rig.pipeline(), "s")))
                    .all()
                    .get();
        }

        rig.write("k", "{\"n\":1}");
        Sink _ = rig.start(file(1 << 20), none());
        rig.awaitCaughtUp();

        assertThat(files()).hasSize(2);
        assertThat(Files.readAllLines(files().get(0))).containsExactly("{\"n\":0}");
        assertThat(files().get(1).toString()).endsWith(".r2.jsonl");
        assertThat(Files.readAllLines(files().get(1))).containsExactly("{\"n\":0}", "{\"n\":1}");
    }

    @Test
    void aFolderThatCannotBeWrittenHoldsTheSink() throws Exception {
        rig.write("k", "{\"n\":0}");
        Files.delete(folder);
        Files.writeString(folder, "in the way");

        Sink sink = rig.start(file(1 << 20), none());
        await().atMost(SinkRig.PATIENCE).until(() -> sink.status().state().equals("held"));
        Files.delete(folder);
        rig.awaitCaughtUp();

        assertThat(lines()).containsExactly("{\"n\":0}");
    }
}
