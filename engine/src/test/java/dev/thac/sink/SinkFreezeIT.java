package dev.thac.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.thac.resilience.Ticker;
import dev.thac.testkit.broker.EmbeddedKafka;
import dev.thac.testkit.broker.EmbeddedKafkaSettings;
import dev.thac.testkit.database.EmbeddedPostgres;
import dev.thac.testkit.proxy.Direction;
import dev.thac.testkit.proxy.FaultProxy;
import dev.thac.testkit.proxy.Line;
import dev.thac.testkit.webhook.WebhookAnswer;
import dev.thac.testkit.webhook.WebhookCall;
import dev.thac.testkit.webhook.WebhookReceiver;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.stream.IntStream;

/**
 * A sink's process stands still, or is cut off from the brokers, with a batch in its hands, until
 * another has taken its partitions and written what comes after; then it goes on.
 */
class SinkFreezeIT {

    private static final Duration PATIENCE = Duration.ofSeconds(120);

    /** What a group waits for a silent member; for the table it has to be the one users have. */
    private static final String USUAL = "45000";

    private static final String SHORT = "6000";

    private static final FaultProxy LINE = FaultProxy.start();
    private static EmbeddedKafka kafka;
    private static EmbeddedPostgres postgres;
    private final List<Process> processes = new ArrayList<>();
    private SinkRig rig;
    @TempDir private Path folder;

    @BeforeAll
    static void startServers() {
        kafka = EmbeddedKafka.start(EmbeddedKafkaSettings.DEFAULT.withAdvertisedPort(LINE.port()));
        LINE.forwardTo(kafka.port());
        postgres = EmbeddedPostgres.start();
    }

    @AfterAll
    static void stopServers() {
        postgres.close();
        kafka.close();
        LINE.close();
    }

    @BeforeEach
    void rig() {
        rig = new SinkRig(kafka, 2);
    }

    @AfterEach
    void close() {
        LINE.set(Line.CLEAR);
        processes.forEach(Process::destroyForcibly);
        rig.close();
    }

    @Test
    void whoeverIsCutOffFromTheBrokersForLongWritesNoRowsUntilTheyAnswer() throws Exception {
        JumpingTicker ticker = new JumpingTicker();
        fill("old", 0);
        Sink sink;
        try (Connection other = postgres.connect("postgres");
                Statement statement = other.createStatement()) {
            statement.execute(
                    "create table %s (id text primary key, n bigint)".formatted(rig.pipeline()));
            other.setAutoCommit(false);
            statement.execute("lock table %s in exclusive mode".formatted(rig.pipeline()));
            sink =
                    rig.start(
                            "one",
                            rig.table(
                                    rig.pipeline(), Map.of("id", "value.id", "n", "value.n"), "id"),
                            () -> postgres.connect("postgres"),
                            ticker);
            await().atMost(PATIENCE).until(this::waitsForTheLock);
            LINE.set(Line.BLACK_HOLE);
            ticker.jump(Duration.ofSeconds(20)); // as long as a statement may take
            postgres.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity"
                            + " where wait_event_type = 'Lock'");
            statement.execute(
                    "insert into %s select 'i-' || i, 1000 + i from generate_series(0, 99) i"
                            .formatted(rig.pipeline()));
            other.commit();
        }

        await().atMost(PATIENCE).until(() -> sink.status().retries() > 2);
        assertThat(rows()).as("as the one that took over wrote them").isEqualTo(expected(1_000));

        LINE.set(Line.CLEAR); // nobody did take over: it still has its place
        await().atMost(PATIENCE).until(() -> rig.lag() == 0);
        assertThat(rows()).isEqualTo(expected(0));
    }

    /**
     * When it goes on, its line to the brokers is slow, so that it has time to write before it
     * hears that its partitions are another's.
     */
    @Test
    @Tag("faults")
    void aFrozenProcessDoesNotWriteOverTheRowsOfTheOneThatTookOver() throws Exception {
        postgres.execute(
                "create table %s (id text primary key, n bigint)".formatted(rig.pipeline()));
        Process frozen;
        try (Connection other = postgres.connect("postgres");
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("lock table %s in exclusive mode".formatted(rig.pipeline()));
            fill("old", 0);
            frozen = table("one");
            await().atMost(PATIENCE).until(() -> waitsForTheLock());
            signal(frozen, "STOP");
            other.rollback();
        }
        await().atMost(PATIENCE).until(() -> !inTransaction());
        assertThat(rows()).as("the database has ended its transaction").isEmpty();
        fill("new", 1_000);
        Process _ = table("two");
        await().atMost(PATIENCE).until(() -> rig.lag() == 0);
        assertThat(rows()).isEqualTo(expected(1_000));

        LINE.set(Direction.TO_CLIENT, Line.CLEAR.withLatency(Duration.ofSeconds(1)));
        signal(frozen, "CONT");
        await().atMost(PATIENCE).until(() -> rig.members().equals(Set.of("one", "two")));
        LINE.set(Line.CLEAR);
        assertThat(rows()).isEqualTo(expected(1_000));

        fill("newest", 2_000);
        await().atMost(PATIENCE).until(() -> rig.lag() == 0);
        assertThat(rows()).isEqualTo(expected(2_000));
    }

    @Test
    @Tag("faults")
    void aFrozenProcessAndTheOneThatTookOverCallForEveryRecordWithItsBytesAndKey()
            throws Exception {
        try (WebhookReceiver receiver = WebhookReceiver.start(0)) {
            receiver.answer(_ -> WebhookAnswer.OK.after(Duration.ofMillis(20)));
            IntStream.range(0, 20).forEach(round -> fill("old" + round, round));
            Process frozen = start("one", SHORT, "webhook", receiver.uri().toString());
            await().atMost(PATIENCE).until(() -> receiver.calls().size() > 100);
            signal(frozen, "STOP");
            Process _ = start("two", SHORT, "webhook", receiver.uri().toString());
            await().atMost(PATIENCE).until(() -> rig.lag() == 0);
            signal(frozen, "CONT");
            await().atMost(PATIENCE).until(() -> rig.members().equals(Set.of("one", "two")));
            fill("new", 1_000);
            await().atMost(PATIENCE).until(() -> rig.lag() == 0);

            Map<String, String> expected = new HashMap<>();
            for (ConsumerRecord<byte[], byte[]> each : rig.read(rig.topic())) {
                expected.put(
                        each.topic() + "-" + each.partition() + "@" + each.offset(),
                        new String(each.value(), StandardCharsets.UTF_8));
            }
            for (WebhookCall call : receiver.calls()) {
                assertThat(call.text()).isEqualTo(expected.get(call.idempotencyKey()));
            }
            assertThat(receiver.calls().stream().map(WebhookCall::idempotencyKey).distinct())
                    .hasSameSizeAs(expected.keySet());
        }
    }

    /** On one machine the other waits for the files, which are locked, until it goes on. */
    @Test
    @Tag("faults")
    void filesThatAFrozenProcessHoldsAreExactWhenItHasGoneOn() throws Exception {
        IntStream.range(0, 100).forEach(round -> fill("old" + round, round));
        Process frozen = start("one", SHORT, "file", folder.toString());
        long before = rig.lag();
        await().atMost(PATIENCE).until(() -> rig.lag() < before);
        signal(frozen, "STOP");
        IntStream.range(0, 20).forEach(round -> fill("new" + round, round));
        Process _ = start("two", SHORT, "file", folder.toString());
        await().atMost(PATIENCE).until(() -> rig.members().equals(Set.of("two")));
        signal(frozen, "CONT");
        await().atMost(PATIENCE).until(() -> rig.lag() == 0);

        assertThat(SinkRig.lines(folder)).isEqualTo(rig.byPartition());
    }

    private Process table(String instance) throws IOException {
        return start(
                instance, USUAL, "jdbc", postgres.jdbcUrl(), postgres.user(), postgres.password());
    }

    private Process start(String instance, String session, String kind, String... target)
            throws IOException {
        List<String> arguments = new ArrayList<>(List.of(kafka.bootstrapServers()));
        arguments.addAll(List.of(rig.pipeline(), instance, session, kind));
        arguments.addAll(List.of(target));
        Path log = folder.resolveSibling(rig.pipeline() + "-" + instance + ".log");
        Process process = SinkProcess.spawn(List.of(), log, arguments);
        processes.add(process);
        return process;
    }

    private static void signal(Process process, String name) throws Exception {
        Process kill = new ProcessBuilder("kill", "-" + name, "" + process.pid()).start();
        assertThat(kill.waitFor()).isZero();
    }

    /** The machine's time, which can be put ahead. */
    private static final class JumpingTicker implements Ticker {

        private volatile long ahead;

        void jump(Duration further) {
            ahead = further.toNanos();
        }

        @Override
        public long nanos() {
            return Ticker.system().nanos() + ahead;
        }

        @Override
        public Instant now() {
            return Ticker.system().now();
        }

        @Override
        public void sleep(Duration wait) throws InterruptedException {
            Ticker.system().sleep(wait);
        }

        @Override
        public void await(Condition condition, long nanos) throws InterruptedException {
            Ticker.system().await(condition, nanos);
        }
    }

    /** A hundred records by key, of which each value says a number of its own. */
    private void fill(String word, int from) {
        for (int i = 0; i < 100; i++) {
            String value = "{\"id\":\"i-%d\",\"n\":%d,\"w\":\"%s\"}";
            rig.write("i-" + i, value.formatted(i, from + i, word));
        }
    }

    private static List<String> expected(int from) {
        return IntStream.range(0, 100)
                .mapToObj(i -> "i-%d %d".formatted(i, from + i))
                .sorted()
                .toList();
    }

    private List<String> rows() throws Exception {
        return SinkRig.query(
                        () -> postgres.connect("postgres"),
                        "select id || ' ' || n from " + rig.pipeline())
                .stream()
                .sorted()
                .toList();
    }

    private boolean waitsForTheLock() throws Exception {
        return sessions("wait_event_type = 'Lock'") == 1;
    }

    private boolean inTransaction() throws Exception {
        return sessions("pid <> pg_backend_pid()") > 0;
    }

    /** Those of the database that write this rig's rows. */
    private long sessions(String which) throws Exception {
        return SinkRig.query(
                        () -> postgres.connect("postgres"),
                        "select pid from pg_stat_activity where query like 'insert into%"
                                + rig.pipeline()
                                + "%' and "
                                + which)
                .size();
    }
}
