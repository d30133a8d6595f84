package dev.thac.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.thac.testkit.broker.EmbeddedKafka;
import dev.thac.testkit.database.EmbeddedPostgres;
import dev.thac.testkit.webhook.WebhookCall;
import dev.thac.testkit.webhook.WebhookReceiver;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A sink's process is killed again and again, and at the worst moment: behind a write. */
class SinkKillIT {

    private static EmbeddedKafka kafka;
    private static EmbeddedPostgres postgres;
    private SinkRig rig;
    @TempDir private Path folder;

    @BeforeAll
    static void startServers() {
        kafka = EmbeddedKafka.start();
        postgres = EmbeddedPostgres.start();
    }

    @AfterAll
    static void stopServers() {
        postgres.close();
        kafka.close();
    }

    @BeforeEach
    void rig() {
        rig = new SinkRig(kafka, 2);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private Process start(String failpoint, String kind, String... target) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(kafka.bootstrapServers(), rig.pipeline()));
        arguments.addAll(List.of("one", "45000", kind));
        arguments.addAll(List.of(target));
        return SinkProcess.spawn(
                failpoint.isEmpty() ? List.of() : List.of("-Dthac.failpoint=" + failpoint),
                folder.resolveSibling(rig.pipeline() + ".log"),
                arguments);
    }

    /** Two deaths behind a write that was not committed, one at any moment, then to the end. */
    private void run(String kind, String... target) throws Exception {
        for (String failpoint : List.of("after-write:1", "after-write:2")) {
            Process process = start(failpoint, kind, target);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(137);
        }
        Process killed = start("", kind, target);
        long before = rig.lag();
        await().atMost(SinkRig.PATIENCE).until(() -> rig.lag() < before);
        killed.destroyForcibly().waitFor();
        Process last = start("", kind, target);
        try {
            rig.awaitCaughtUp();
        } finally {
            last.destroyForcibly().waitFor();
        }
    }

    private List<String> fill(int records) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < records; i++) {
            values.add("{\"id\":\"i-%d\",\"n\":%d}".formatted(i % (records / 3), i));
        }
        rig.writer().writeAll(rig.topic(), values);
        return values;
    }

    @Test
    void aKilledSinkLeavesTheFilesExact() throws Exception {
        List<String> _ = fill(40_000);

        run("file", folder.toString());

        assertThat(SinkRig.lines(folder)).isEqualTo(rig.byPartition());
    }

    @Test
    void aKilledSinkLeavesTheTableExact() throws Exception {
        String twice = "{\"id\":\"k-%d\",\"n\":%d}";
        for (int i = 0; i < 200; i++) {
            rig.write("k" + i % 100, twice.formatted(i % 100, i));
        }
        List<String> _ = fill(30_000);
        for (int i = 200; i < 400; i++) {
            rig.write("k" + i % 100, twice.formatted(i % 100, i));
        }

        run("jdbc", postgres.jdbcUrl(), postgres.user(), postgres.password());

        List<String> expected = new ArrayList<>();
        for (int i = 300; i < 400; i++) {
            expected.add("k-%d %d".formatted(i % 100, i));
        }
        assertThat(
                        SinkRig.query(
                                () -> postgres.connect("postgres"),
                                "select id || ' ' || n from "
                                        + rig.pipeline()
                                        + " where id like 'k-%'"))
                .containsExactlyInAnyOrderElementsOf(expected);
        assertThat(
                        SinkRig.query(
                                () -> postgres.connect("postgres"),
                                "select count(*) from " + rig.pipeline()))
                .containsExactly("10100");
    }

    @Test
    void aKilledSinkCallsTheWebhookForEveryRecordWithTheSameBytesAndKey() throws Exception {
        try (WebhookReceiver receiver = WebhookReceiver.start(0)) {
            List<String> _ = fill(3_000);

            run("webhook", receiver.uri().toString());

            Map<String, String> expected = new HashMap<>();
            for (ConsumerRecord<byte[], byte[]> each : rig.read(rig.topic())) {
                expected.put(
                        each.topic() + "-" + each.partition() + "@" + each.offset(),
                        new String(each.value(), StandardCharsets.UTF_8));
            }
            Map<String, String> called = new HashMap<>();
            for (WebhookCall call : receiver.calls()) {
                String before = called.put(call.idempotencyKey(), call.text());
                assertThat(before == null || before.equals(call.text())).isTrue();
                assertThat(call.signed("shared")).isTrue();
            }
            assertThat(called).isEqualTo(expected);
            assertThat(receiver.calls()).hasSizeGreaterThan(3_000);
        }
    }
}
