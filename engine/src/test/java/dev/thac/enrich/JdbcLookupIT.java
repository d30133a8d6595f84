package dev.thac.enrich;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.thac.event.ErrorCode;
import dev.thac.event.Finding;
import dev.thac.event.Outcome;
import dev.thac.meter.Metric;
import dev.thac.resilience.Ticker;
import dev.thac.runtime.Loaded;
import dev.thac.spec.Secrets;
import dev.thac.testkit.database.EmbeddedPostgres;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

class JdbcLookupIT {

    private static final String USER =
            """
            user:
              jdbc: shop
              query: "select name, tier from users where id = :id"
              with: { id: value.userId }
              cache: { size: 100, expiry: 5m }
            """;

    private static EmbeddedPostgres postgres;

    @TempDir private Path folder;

    @BeforeAll
    static void start() {
        postgres = EmbeddedPostgres.start();
        postgres.execute(
                """
                create table users (id text primary key, name text, tier text);
                insert into users values ('u-1', 'Lan', 'vip'), ('u-2', 'Minh', null);
                create table counts (id int primary key, many int);
                insert into counts values (7, 3), (8, 4);
                create table slow (id text primary key);
                insert into slow values ('s');
                """);
    }

    @AfterAll
    static void stop() {
        postgres.close();
    }

    @Test
    void whatIsFoundJoinsTheValueAndIsKnownTheNextTime() throws Exception {
        try (LookupRig rig = rig(USER)) {
            String first = rig.routed("{\"o\":1,\"userId\":\"u-1\"}");
            String again = rig.routed("{\"o\":2,\"userId\":\"u-1\"}");
            String unknown = rig.routed("{\"o\":3,\"userId\":\"u-9\"}");
            rig.routed("{\"o\":4,\"userId\":\"u-9\"}");

            assertThat(first)
                    .isEqualTo(
                            "{\"o\":1,\"userId\":\"u-1\",\"user\":{\"name\":\"Lan\",\"tier\":\"vip\"}}");
            assertThat(again).contains("\"user\":{\"name\":\"Lan\"");
            assertThat(unknown).endsWith("\"user\":null}");
            assertThat(rig.meters.value(Metric.LOOKUPS, "p", "user", "miss")).isEqualTo(1);
            assertThat(rig.meters.value(Metric.LOOKUPS, "p", "user", "hit")).isEqualTo(1);
            assertThat(rig.meters.value(Metric.LOOKUPS, "p", "user", "missing")).isEqualTo(2);
        }
    }

    @Test
    void aLaterLookupMayAskWithWhatAnEarlierOneFound() throws Exception {
        String both =
                """
                first: { jdbc: shop, query: "select 7 as number", with: {} }
                second:
                  jdbc: shop
                  query: "select many from counts where id = :n"
                  with: { n: value.first.number }
                """;
        try (LookupRig rig = rig(both)) {
            assertThat(rig.routed("{}"))
                    .isEqualTo("{\"first\":{\"number\":7},\"second\":{\"many\":3}}");
        }
    }

    @Test
    void missingEventsAreDroppedOrDeadLetteredAsTheFileSays() throws Exception {
        try (LookupRig drop = rig(USER + "  missing: drop\n")) {
            assertThat(drop.process("{\"userId\":\"u-9\"}"))
                    .isInstanceOf(Outcome.FilteredOut.class);
            assertThat(drop.process("{\"userId\":null}")).isInstanceOf(Outcome.FilteredOut.class);
        }
        try (LookupRig dead = rig(USER + "  missing: dead-letter\n")) {
            assertFailed(dead.process("{\"userId\":\"u-9\"}"), ErrorCode.LOOKUP_MISSING);
        }
    }

    @Test
    void typesOfTheDatabaseBecomeJsonWithEveryDigit() throws Exception {
        String types =
                """
                t:
                  jdbc: shop
                  with: {}
                  query: >-
                    select 12345678901234567890.123456789::numeric as exact, 1.50::numeric as short,
                    10::numeric(10,2) as whole, 9223372036854775807::bigint as big, 0.1::real as real,
                    true as yes, null::int as none, array[1,2,3] as numbers,
                    array['a','b,c'] as texts, '{"a":[1,{"b":null}]}'::jsonb as doc,
                    '5f1c1f1e-0000-4000-8000-000000000001'::uuid as id,
                    timestamptz '2026-11-01 07:00:00.5+07' as at, timestamp '2026-11-01 07:00:00' as
                    local, date '2026-11-01' as day, '\\x0102'::bytea as raw, interval '1 day' as span
                """;
        try (LookupRig rig = rig(types)) {
            assertThat(rig.routed("{}"))
                    .isEqualTo(
                            "{\"t\":{\"exact\":12345678901234567890.123456789,\"short\":1.5,"
                                    + "\"whole\":10,\"big\":9223372036854775807,\"real\":0.1,"
                                    + "\"yes\":true,\"none\":null,\"numbers\":[1,2,3],"
                                    + "\"texts\":[\"a\",\"b,c\"],\"doc\":{\"a\":[1,{\"b\":null}]},"
                                    + "\"id\":\"5f1c1f1e-0000-4000-8000-000000000001\","
                                    + "\"at\":\"2026-11-01T00:00:00.500Z\","
                                    + "\"local\":\"2026-11-01T07:00:00\",\"day\":\"2026-11-01\","
                                    + "\"raw\":\"AQI=\",\"span\":\"1 day\"}}");
        }
    }

    @Test
    void valuesThatLookLikeSqlAreValues() throws Exception {
        List<String> attacks =
                List.of(
                        "u-1' or '1'='1",
                        "'; drop table users; --",
                        "u-1'/*",
                        "\\\\'; delete from users; --",
                        ":id",
                        "$1",
                        "?");
        try (LookupRig rig = rig(USER)) {
            for (String attack : attacks) {
                String event = dev.thac.event.JsonText.text(Map.of("userId", attack));
                assertThat(rig.routed(event)).as(attack).endsWith("\"user\":null}");
            }
            assertThat(rig.routed("{\"userId\":\"u-2\"}")).contains("Minh");
        }
    }

    @Test
    void aNumberFindsATextColumnAndATextAnIntegerColumn() throws Exception {
        String count =
                """
                c:
                  jdbc: shop
                  query: "select many from counts where id = :id"
                  with: { id: value.id }
                """;
        try (LookupRig rig = rig(count)) {
            assertThat(rig.routed("{\"id\":\"7\"}")).endsWith("\"c\":{\"many\":3}}");
            assertThat(rig.routed("{\"id\":8}")).endsWith("\"c\":{\"many\":4}}");
            assertFailed(rig.process("{\"id\":\"seven\"}"), ErrorCode.STATEMENT_REFUSED);
        }
    }

    @Test
    void severalRowsAndChangesAreRefused() throws Exception {
        String all =
                """
                c: { jdbc: shop, query: "select many from counts", with: {} }
                """;
        String change =
                """
                c:
                  jdbc: shop
                  query: "with d as (delete from counts returning many) select max(many) from d"
                  with: {}
                """;
        try (LookupRig several = rig(all);
                LookupRig changing = rig(change)) {
            assertFailed(several.process("{}"), ErrorCode.LOOKUP_AMBIGUOUS);
            assertFailed(changing.process("{}"), ErrorCode.STATEMENT_REFUSED);
        }
        assertThat(number("select count(*) from counts")).isEqualTo(2);
    }

    @Test
    void aColdStampedeOnOneKeyMakesOneQuery() throws Exception {
        // each query takes its time, so that without sharing all would be under way together
        String slow =
                """
                s:
                  jdbc: shop
                  query: "select id, pg_sleep(0.3)::text as slept from slow where id = :id"
                  with: { id: value.id }
                  cache: {}
                """;
        long before = scans();
        try (LookupRig rig = rig(slow);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> all = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                all.add(threads.submit(() -> rig.routed("{\"id\":\"s\"}")));
            }
            for (Future<String> each : all) {
                assertThat(each.get(30, TimeUnit.SECONDS)).contains("\"s\":{\"id\":\"s\"");
            }

            assertThat(rig.meters.value(Metric.LOOKUPS, "p", "s", "miss")).isEqualTo(1);
            assertThat(rig.meters.value(Metric.LOOKUPS, "p", "s", "hit")).isEqualTo(199);
        }
        // the server's processes write their statistics at their end
        await().until(() -> scans() > before);
        assertThat(scans()).isEqualTo(before + 1);
    }

    @Test
    void anOutageHoldsEventsAndEndsByItself() throws Exception {
        try (EmbeddedPostgres own = EmbeddedPostgres.start();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            own.execute("create table users (id text, name text, tier text)");
            own.execute(
                    "insert into users select 'u-' || i, 'n', 't' from generate_series(1,50) i");
            try (LookupRig rig = new LookupRig(folder, own, USER, Ticker.system())) {
                rig.routed("{\"userId\":\"u-1\"}");
                own.kill();
                List<Future<Outcome>> held = new ArrayList<>();
                for (int i = 2; i <= 50; i++) {
                    String event = "{\"userId\":\"u-" + i + "\"}";
                    held.add(threads.submit(() -> rig.process(event)));
                }
                await().until(() -> !rig.troubles.isEmpty());
                String known = rig.routed("{\"userId\":\"u-1\"}");

                assertThat(known).contains("\"name\":\"n\"");
                assertThat(held).noneMatch(Future::isDone);
                own.restart();
                for (Future<Outcome> each : held) {
                    assertThat(LookupRig.written(each.get(30, TimeUnit.SECONDS)))
                            .contains("\"name\":\"n\"");
                }
                assertThat(rig.meters.value(Metric.LOOKUPS, "p", "user", "error")).isZero();
            }
        }
    }

    @Test
    void doctorPreparesTheQueryAndNamesTheFix() {
        String wrong =
                """
                good: { jdbc: shop, query: "select name from users where id = :id", with: { id: key } }
                bad: { jdbc: shop, query: "select nme from users where id = :id", with: { id: key } }
                """;
        Loaded loaded = LookupRig.load(folder, postgres.jdbcUrl(), wrong);

        List<Finding> findings =
                LookupChecks.of(
                        loaded.flow().enrich(),
                        loaded.project().databases(),
                        new Secrets(Map.of("SHOP_PASSWORD", "thac"), folder));

        assertThat(findings.getFirst().failed()).isFalse();
        assertThat(findings.getFirst().message()).contains("gives name");
        assertThat(findings.getLast().failed()).isTrue();
        assertThat(findings.getLast().message()).contains("nme");
        assertThat(findings.getLast().fix()).contains("correct the query");
    }

    private LookupRig rig(String enrich) {
        return new LookupRig(folder, postgres, enrich, Ticker.system());
    }

    private static void assertFailed(Outcome outcome, ErrorCode code) {
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.DeadLettered.class,
                        dead -> {
                            assertThat(dead.failure().code()).isEqualTo(code);
                            assertThat(dead.failure().stage()).isEqualTo("enrich");
                        });
    }

    private static long scans() throws SQLException {
        return number(
                "select coalesce(seq_scan, 0) + coalesce(idx_scan, 0) from pg_stat_user_tables"
                        + " where relname = 'slow'");
    }

    private static long number(String sql) throws SQLException {
        try (Connection connection = postgres.connect("postgres");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
