package dev.thac.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.thac.cost.PriceBook;
import dev.thac.event.JsonTree;
import dev.thac.meter.Meters;
import dev.thac.model.Models;
import dev.thac.resilience.Ticker;
import dev.thac.runtime.CompanionStatus;
import dev.thac.runtime.Loaded;
import dev.thac.runtime.PipelineFiles;
import dev.thac.runtime.PipelineRuntime;
import dev.thac.runtime.PipelineStatus;
import dev.thac.runtime.RuntimeSettings;
import dev.thac.spec.Secrets;
import dev.thac.testkit.database.EmbeddedPostgres;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A database that dies under a running pipeline, and comes back. */
class LookupOutageIT {

    private static final int EVENTS = 3000;
    private static final int USERS = 1500;
    private static final int OPEN = 200;

    private static Scene scene;
    private static EmbeddedPostgres postgres;

    @TempDir private Path folder;

    @BeforeAll
    static void start() {
        scene = Scene.start();
        postgres = EmbeddedPostgres.start();
        postgres.execute(
                "create table users (id text primary key, name text);"
                        + " insert into users select 'u-' || i, 'n-' || i"
                        + " from generate_series(0, "
                        + (USERS - 1)
                        + ") i");
    }

    @AfterAll
    static void stop() {
        postgres.close();
        scene.close();
    }

    @Test
    void killingTheDatabaseLosesAndRepeatsNothingAndPausesTheIntakeMeanwhile() throws Exception {
        scene.kafka().createTopic("orders", 4);
        write(0, EVENTS / 3);
        PipelineRuntime runtime = run();
        try {
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> runtime.status().settled() >= EVENTS / 10);
            postgres.kill();
            write(EVENTS / 3, EVENTS);
            await().atMost(Duration.ofSeconds(60)).until(() -> held(runtime.status()));
            await().atMost(Duration.ofSeconds(60)).until(() -> runtime.status().inFlight() >= OPEN);
            await().atMost(Duration.ofSeconds(60)).until(() -> runtime.status().paused() > 0);
            PipelineStatus outage = runtime.status();
            long settled = outage.settled();

            assertThat(outage.inFlight()).isLessThanOrEqualTo(OPEN);
            assertThat(outage.lastError().orElseThrow().toString())
                    .contains("lookup user is waited for");
            assertThat(lookup(outage).note().orElseThrow()).contains("\"shop\" is unavailable");
            assertThat(settled).isLessThan(EVENTS);

            postgres.restart();
            await().atMost(Duration.ofSeconds(90))
                    .until(() -> runtime.status().settled() >= EVENTS);
            assertThat(runtime.status().restarts()).isZero();
            assertThat(lookup(runtime.status()).state()).isEqualTo("running");
        } finally {
            runtime.stop(Duration.ofSeconds(10));
        }

        Map<Long, Integer> times = new HashMap<>();
        for (Written output : scene.written("enriched")) {
            Map<?, ?> value =
                    (Map<?, ?>) JsonTree.read(output.text().getBytes(StandardCharsets.UTF_8));
            long n = (Long) value.get("n");
            times.merge(n, 1, Integer::sum);
            assertThat(value.get("user")).isEqualTo(Map.of("name", "n-" + n % USERS));
        }
        assertThat(times).hasSize(EVENTS).allSatisfy((n, many) -> assertThat(many).isOne());
        assertThat(scene.written("dead")).isEmpty();
    }

    private static boolean held(PipelineStatus status) {
        return lookup(status).state().equals("held");
    }

    private static CompanionStatus lookup(PipelineStatus status) {
        return status.companions().getFirst();
    }

    private static void write(int from, int to) {
        List<String> values = new ArrayList<>();
        for (int n = from; n < to; n++) {
            values.add("{\"n\":" + n + ",\"userId\":\"u-" + n % USERS + "\"}");
        }
        scene.writer().writeAll("orders", values);
    }

    private PipelineRuntime run() throws Exception {
        Files.writeString(
                folder.resolve("thac.yaml"),
                """
                databases:
                  shop: { url: "%s", user: thac, password: "${env:SHOP_PASSWORD}" }
                """
                        .formatted(postgres.jdbcUrl()));
        Path file =
                Files.writeString(
                        folder.resolve("pipeline.yaml"),
                        """
                        pipeline: outage
                        source: { topic: orders, group: outage, start: earliest }
                        enrich:
                          user:
                            jdbc: shop
                            query: "select name from users where id = :id"
                            with: { id: value.userId }
                            cache: { size: 100, expiry: 1m }
                        routes: [ { to: enriched } ]
                        failures: { deadLetter: dead }
                        limits: { openEvents: %d }
                        """
                                .formatted(OPEN));
        Loaded loaded = PipelineFiles.load(file);
        Meters meters = new Meters();
        return PipelineRuntime.start(
                loaded.orThrow(),
                loaded.project(),
                RuntimeSettings.of(scene.kafka().bootstrapServers())
                        .creatingTopics(Scene.PARTITIONS)
                        .withSecrets(new Secrets(Map.of("SHOP_PASSWORD", "thac"), folder)),
                Models.of(Map.of(), Map.of(), PriceBook.bundled(), meters, Ticker.system()),
                meters,
                Ticker.system());
    }
}
