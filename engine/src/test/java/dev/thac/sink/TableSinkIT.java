package dev.thac.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.thac.event.Header;
import dev.thac.testkit.broker.EmbeddedKafka;
import dev.thac.testkit.database.EmbeddedPostgres;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Topics into tables of a real PostgreSQL. */
class TableSinkIT {

    private static EmbeddedKafka kafka;
    private static EmbeddedPostgres postgres;
    private SinkRig rig;

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

    private static Connection connect() throws SQLException {
        return postgres.connect("postgres");
    }

    private SinkSpec counts() {
        Map<String, String> columns = new LinkedHashMap<>();
        columns.put("page", "key");
        columns.put("opened", "value.opened");
        columns.put("clicks", "value.clicks");
        columns.put("mean", "value.mean");
        columns.put("raw", "value");
        columns.put("at", "timestamp");
        return rig.table(rig.pipeline(), columns, "page", "opened");
    }

    private void count(String page, int minute, int clicks) {
        rig.write(
                page,
                "{\"opened\":\"2026-11-01T00:%02d:00Z\",\"clicks\":%d,\"mean\":1.50}"
                        .formatted(minute, clicks));
    }

    @Test
    void aMissingTableIsCreatedWithTypesTheFirstRecordsTellAndTheLastOfAnIdWins()
            throws SQLException {
        count("/a", 0, 1);
        count("/b", 0, 7);
        count("/a", 0, 2);
        count("/a", 5, 3);

        Sink sink = rig.start(counts(), TableSinkIT::connect);
        rig.awaitCaughtUp();

        assertThat(
                        SinkRig.query(
                                TableSinkIT::connect,
                                "select page || ' ' || extract(minute from opened)::int || ' ' ||"
                                        + " clicks || ' ' || mean || ' ' || (raw->>'clicks') from "
                                        + rig.pipeline()
                                        + " order by 1"))
                .containsExactly("/a 0 2 1.5 2", "/a 5 3 1.5 3", "/b 0 7 1.5 7");
        assertThat(
                        SinkRig.query(
                                TableSinkIT::connect,
                                "select data_type from information_schema.columns where table_name"
                                        + " = '"
                                        + rig.pipeline()
                                        + "' order by ordinal_position"))
                .containsExactly(
                        "text", "timestamp with time zone", "bigint", "numeric", "jsonb", "bigint");
        assertThat(sink.status().written()).isEqualTo(4);
    }

    @Test
    void row43ADatabaseThatIsKilledInTheMidstLosesAndDuplicatesNothing() throws Exception {
        Sink sink =
                rig.start(
                        rig.table(
                                rig.pipeline(),
                                Map.of("id", "value.id", "n", "value.n", "at", "offset"),
                                "id"),
                        TableSinkIT::connect);
        List<String> values = new ArrayList<>();
        Map<String, Integer> expected = new TreeMap<>();
        for (int i = 0; i < 30_000; i++) {
            values.add("{\"id\":\"p-%d\",\"n\":%d}".formatted(i % 9_000, i));
            expected.put("p-" + i % 9_000, i);
        }
        String onePlace = "{\"id\":\"last\",\"n\":%d}";

        for (int round = 0; round < 3; round++) {
            rig.writer()
                    .writeAll(rig.topic(), values.subList(round * 10_000, 10_000 * round + 10_000));
            rig.write("one", onePlace.formatted(round));
            long before = 5_000L + 10_000L * round;
            await().atMost(SinkRig.PATIENCE).until(() -> sink.status().written() > before);
            postgres.kill();
            rig.write("one", onePlace.formatted(round + 100));
            await().atMost(SinkRig.PATIENCE).until(() -> sink.status().state().equals("held"));
            assertThat(rig.lag()).isPositive();
            postgres.restart();
            rig.awaitCaughtUp();
        }
        expected.put("last", 102);

        Map<String, Integer> rows = new TreeMap<>();
        for (String row :
                SinkRig.query(
                        TableSinkIT::connect, "select id || ' ' || n from " + rig.pipeline())) {
            String[] parts = row.split(" ", -1);
            rows.put(parts[0], Integer.parseInt(parts[1]));
        }
        assertThat(rows.keySet()).isEqualTo(expected.keySet());
        assertThat(rows.get("last")).isEqualTo(102);
        assertThat(rig.read(rig.deadLetters())).isEmpty();
        assertThat(sink.status().retries()).isPositive();
        assertThat(sink.status().written()).isEqualTo(30_006);
        assertThat(sink.status().state()).isEqualTo("running");
        assertThat(rig.troubles()).isNotEmpty();
    }

    @Test
    void row43ARowTheTableRefusesIsADeadLetterAndAllOthersAreIn() throws Exception {
        postgres.execute(
                "create table %s (id text primary key, amount int not null check (amount < 1000))"
                        .formatted(rig.pipeline()));
        List<String> good = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            boolean bad = i == 17 || i == 150;
            String id = "o-%03d".formatted(i);
            rig.write(
                    id,
                    "{\"amount\":%d}".formatted(bad ? 5_000 : i),
                    List.of(Header.text("thac.source", "orders-0@" + i), Header.text("x", "y")));
            if (!bad) {
                good.add(id);
            }
        }
        rig.write("o-x", "{\"amount\":\"many\"}");
        rig.write("o-y", "{}");
        rig.write("o-z", "no json");

        Sink sink =
                rig.start(
                        rig.table(
                                rig.pipeline(),
                                Map.of("id", "key", "amount", "value.amount"),
                                "id"),
                        TableSinkIT::connect);
        rig.awaitCaughtUp();

        assertThat(
                        SinkRig.query(
                                TableSinkIT::connect,
                                "select id from " + rig.pipeline() + " order by 1"))
                .isEqualTo(good);
        List<ConsumerRecord<byte[], byte[]>> dead = rig.read(rig.deadLetters());
        assertThat(dead)
                .extracting(each -> text(each, "thac.reason"))
                .containsExactlyInAnyOrder(
                        "sink-refused",
                        "sink-refused",
                        "sink-refused",
                        "wrong-type",
                        "undecodable");
        ConsumerRecord<byte[], byte[]> first =
                dead.stream()
                        .filter(each -> text(each, "thac.message").contains("check constraint"))
                        .findFirst()
                        .orElseThrow();
        assertThat(text(first, "thac.stage")).isEqualTo("sink");
        assertThat(text(first, "thac.sink")).isEqualTo("s");
        assertThat(text(first, "thac.source")).startsWith(rig.topic() + "-");
        assertThat(text(first, "thac.kept.thac.source")).startsWith("orders-0@");
        assertThat(text(first, "x")).isEqualTo("y");
        await().atMost(SinkRig.PATIENCE).until(() -> sink.status().refused() == 5);
    }

    @Test
    void aDeadLetterThatIsSentAgainComesToTheSinkAsItWas() throws Exception {
        postgres.execute(
                "create table %s (id text primary key, origin text check (origin <> 'a-0@7'))"
                        .formatted(rig.pipeline()));
        rig.write("k", "{}", List.of(Header.text("thac.source", "a-0@7")));
        Sink sink =
                rig.start(
                        rig.table(
                                rig.pipeline(),
                                Map.of("id", "key", "origin", "headers['thac.source']"),
                                "id"),
                        TableSinkIT::connect);
        await().atMost(SinkRig.PATIENCE).until(() -> sink.status().refused() == 1);
        postgres.execute(
                "alter table %1$s drop constraint %1$s_origin_check".formatted(rig.pipeline()));

        ConsumerRecord<byte[], byte[]> letter = rig.read(rig.deadLetters()).getFirst();
        RecordMetadata _ =
                rig.writer()
                        .acknowledged(
                                new ProducerRecord<>(
                                        SinkSettings.retryTopic(rig.pipeline(), "s"),
                                        null,
                                        letter.key(),
                                        letter.value(),
                                        letter.headers()));

        await().atMost(SinkRig.PATIENCE).until(() -> sink.status().written() == 1);
        assertThat(
                        SinkRig.query(
                                TableSinkIT::connect,
                                "select id || ' ' || origin from " + rig.pipeline()))
                .containsExactly("k a-0@7");
    }

    private static String text(ConsumerRecord<byte[], byte[]> record, String name) {
        org.apache.kafka.common.header.Header header = record.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }

    @Test
    void replayingTheTopicLeavesTheTableUnchanged() throws Exception {
        for (int i = 0; i < 100; i++) {
            count("/p" + i % 10, i % 3, i);
        }
        Sink first = rig.start(counts(), TableSinkIT::connect);
        rig.awaitCaughtUp();
        List<String> before = all();
        first.stop(Duration.ofSeconds(5));

        try (org.apache.kafka.clients.admin.Admin admin = kafka.admin()) {
            admin.deleteConsumerGroups(List.of(SinkSettings.group(rig.pipeline(), "s")))
                    .all()
                    .get();
        }
        Sink again = rig.start(counts(), TableSinkIT::connect);
        rig.awaitCaughtUp();

        await().atMost(SinkRig.PATIENCE).until(() -> again.status().written() == 100);
        assertThat(all()).isEqualTo(before);
    }

    private List<String> all() throws SQLException {
        return SinkRig.query(
                TableSinkIT::connect,
                "select t::text from " + rig.pipeline() + " t order by page, opened");
    }

    @Test
    void row43ASlowOrLockedTableIsWaitedForAndDeadlocksAreTriedAgain() throws Exception {
        postgres.execute("create table %s (id text primary key, n int)".formatted(rig.pipeline()));
        postgres.execute(
                """
                create table %1$s_fails (left_over int);
                insert into %1$s_fails values (3);
                create function %1$s_fail() returns trigger language plpgsql as $$
                begin
                  if nextval('%1$s_seq') <= 2 then raise exception using errcode = '40P01', message = 'deadlock detected'; end if;
                  if currval('%1$s_seq') = 3 then raise exception using errcode = '40001', message = 'could not serialize'; end if;
                  return new;
                end $$;
                create sequence %1$s_seq;
                create trigger fails before insert on %1$s for each statement execute function %1$s_fail();
                """
                        .formatted(rig.pipeline())
                        .replace("return new", "return null"));
        try (Connection other = connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("lock table " + rig.pipeline() + " in exclusive mode");
            rig.write("a", "{\"n\":1}");
            Sink sink =
                    rig.start(
                            rig.table(rig.pipeline(), Map.of("id", "key", "n", "value.n"), "id"),
                            TableSinkIT::connect);
            await().atMost(SinkRig.PATIENCE).until(() -> sink.status().lagRecords() == 1);
            other.rollback();
            rig.awaitCaughtUp();

            assertThat(sink.status().retries()).isEqualTo(3);
        }
        assertThat(SinkRig.query(TableSinkIT::connect, "select n from " + rig.pipeline()))
                .containsExactly("1");
        assertThat(rig.read(rig.deadLetters())).isEmpty();
    }

    /** Refused as a whole, a batch would go in by halves, row by row: right, but slow. */
    @Test
    void aBatchThatHasAnIdSeveralTimesIsOneStatement() throws Exception {
        postgres.execute(
                """
                create table %1$s (id text primary key, n bigint);
                create sequence %1$s_statements;
                create function %1$s_count() returns trigger language plpgsql as $$
                begin perform nextval('%1$s_statements'); return null; end $$;
                create trigger counts before insert on %1$s
                  for each statement execute function %1$s_count();
                """
                        .formatted(rig.pipeline()));
        for (int i = 0; i < 200; i++) {
            rig.write("k" + i % 10, "{\"n\":%d}".formatted(i));
        }

        Sink sink =
                rig.start(
                        rig.table(rig.pipeline(), Map.of("id", "key", "n", "value.n"), "id"),
                        TableSinkIT::connect);
        rig.awaitCaughtUp();

        await().atMost(SinkRig.PATIENCE).until(() -> sink.status().written() == 200);
        assertThat(SinkRig.query(TableSinkIT::connect, "select sum(n) from " + rig.pipeline()))
                .containsExactly("1945");
        assertThat(
                        SinkRig.query(
                                TableSinkIT::connect,
                                "select last_value from %s_statements".formatted(rig.pipeline())))
                .as("a sequence counts what is rolled back as well")
                .containsExactly(Long.toString(sink.status().batches()));
    }

    @Test
    void aTableThatDoesNotFitHoldsTheSinkUntilItDoes() throws Exception {
        postgres.execute("create table %s (id text, n int)".formatted(rig.pipeline()));
        rig.write("a", "{\"n\":1}");

        Sink sink =
                rig.start(
                        rig.table(rig.pipeline(), Map.of("id", "key", "n", "value.n"), "id"),
                        TableSinkIT::connect);

        await().atMost(SinkRig.PATIENCE).until(() -> sink.status().state().equals("held"));
        assertThat(sink.status().trouble().orElseThrow()).contains("no primary key");
        postgres.execute("create unique index on %s (id)".formatted(rig.pipeline()));
        rig.awaitCaughtUp();
        assertThat(SinkRig.query(TableSinkIT::connect, "select n from " + rig.pipeline()))
                .containsExactly("1");
    }

    @Test
    void whatAnEventSaysIsNeverPartOfAStatement() throws Exception {
        String evil = "x'); drop table %s; --".formatted(rig.pipeline());
        rig.write(evil, "{\"n\":\"\\\"; \\\\ {NULL} '' $1 ? ::int\"}");

        Sink _ =
                rig.start(
                        rig.table(rig.pipeline(), Map.of("id", "key", "n", "value.n"), "id"),
                        TableSinkIT::connect);
        rig.awaitCaughtUp();

        assertThat(
                        SinkRig.query(
                                TableSinkIT::connect,
                                "select id || '|' || n from " + rig.pipeline()))
                .containsExactly(evil + "|\"; \\ {NULL} '' $1 ? ::int");
    }
}
