package dev.thac.enrich;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;

import dev.thac.event.ErrorCode;
import dev.thac.event.JsonText;
import dev.thac.event.Outcome;
import dev.thac.meter.Metric;
import dev.thac.resilience.ManualTicker;
import dev.thac.resilience.Ticker;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

class HttpLookupTest {

    private static final String NO_DATABASE = "jdbc:postgresql://127.0.0.1:1/none";

    @TempDir private Path folder;
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private volatile int status = 200;
    private volatile String body = "{\"stock\":3}";
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private HttpServer server;
    private ExecutorService threads;

    @BeforeEach
    void start() throws IOException {
        threads = Executors.newVirtualThreadPerTaskExecutor();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext(
                "/",
                exchange -> {
                    asked.add(exchange.getRequestURI().toString());
                    try {
                        gate.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(status, bytes.length);
                    exchange.getResponseBody().write(bytes);
                    exchange.close();
                });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdownNow();
    }

    @Test
    void anAnswerJoinsTheValueAnd404IsNothingFound() throws Exception {
        try (LookupRig rig = rig("", Ticker.system())) {
            assertThat(rig.routed("{\"item\":\"i-1\"}"))
                    .isEqualTo("{\"item\":\"i-1\",\"stock\":{\"stock\":3}}");
            status = 404;
            assertThat(rig.routed("{\"item\":\"i-2\"}")).endsWith("\"stock\":null}");
            assertThat(rig.routed("{\"item\":\"\"}")).endsWith("\"stock\":null}");

            assertThat(asked).containsExactly("/items/i-1?v=1", "/items/i-2?v=1");
        }
    }

    @Test
    void textOfAnEventNeverChangesTheShapeOfTheAddress() throws Exception {
        try (LookupRig rig = rig("", Ticker.system())) {
            for (String attack :
                    List.of("a/../../admin", "a?x=1&y=2", "a#b", "@evil.example", "Hà Nội%2f")) {
                rig.routed(JsonText.text(Map.of("item", attack)));
            }
            Outcome dots = rig.process("{\"item\":\"..\"}");

            assertThat(asked)
                    .containsExactly(
                            "/items/a%2f..%2f..%2fadmin?v=1",
                            "/items/a%3fx%3d1%26y%3d2?v=1",
                            "/items/a%23b?v=1",
                            "/items/%40evil.example?v=1",
                            "/items/H%c3%a0%20N%e1%bb%99i%252f?v=1");
            assertThat(code(dots)).isEqualTo(ErrorCode.LOOKUP_REFUSED);
        }
    }

    @Test
    void aColdStampedeOnOneKeyMakesOneCallAndExpiryAnother() throws Exception {
        ManualTicker ticker = ManualTicker.jumping();
        try (LookupRig rig = rig("cache: { size: 10, expiry: 30s }", ticker)) {
            gate = new CountDownLatch(1);
            List<Future<String>> all = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                all.add(threads.submit(() -> rig.routed("{\"item\":\"hot\"}")));
            }
            await().until(() -> asked.size() == 1);
            gate.countDown();
            for (Future<String> each : all) {
                assertThat(each.get(10, TimeUnit.SECONDS)).contains("\"stock\":3");
            }

            assertThat(asked).hasSize(1);
            ticker.advance(Duration.ofSeconds(31));
            rig.routed("{\"item\":\"hot\"}");
            assertThat(asked).hasSize(2);
        }
    }

    @Test
    void theOneWhoAsksForAllMayBreakOffAndAnotherAsks() throws Exception {
        try (LookupRig rig = rig("cache: {}", Ticker.system())) {
            gate = new CountDownLatch(1);
            Future<String> leader = threads.submit(() -> rig.routed("{\"item\":\"hot\"}"));
            await().until(() -> asked.size() == 1);
            Future<String> follower = threads.submit(() -> rig.routed("{\"item\":\"hot\"}"));

            leader.cancel(true);
            await().until(() -> asked.size() == 2);
            gate.countDown();

            assertThat(follower.get(10, TimeUnit.SECONDS)).contains("\"stock\":3");
        }
    }

    @Test
    void troubleOfTheServiceIsWaitedOutAndAttemptsAreNotCharged() throws Exception {
        try (LookupRig rig = rig("", Ticker.system())) {
            status = 503;
            Future<Outcome> held = threads.submit(() -> rig.process("{\"item\":\"i-1\"}"));
            await().until(() -> asked.size() >= 5);

            assertThat(held.isDone()).isFalse();
            assertThat(rig.troubles.getFirst()).contains("stock: ").contains("answered 503");
            status = 200;
            Outcome outcome = held.get(30, TimeUnit.SECONDS);
            assertThat(LookupRig.written(outcome)).contains("\"stock\":3");
            assertThat(rig.meters.value(Metric.LOOKUPS, "p", "stock", "miss")).isEqualTo(1);
        }
    }

    @Test
    void whatCanNeverBeAnsweredIsDeadLetteredAndStopsNobody() throws Exception {
        try (LookupRig rig = rig("", Ticker.system())) {
            status = 400;
            Outcome refused = rig.process("{\"item\":\"i-1\"}");
            status = 200;
            body = "<html>";
            Outcome noJson = rig.process("{\"item\":\"i-2\"}");
            body = "{\"stock\":3}";

            assertThat(code(refused)).isEqualTo(ErrorCode.LOOKUP_REFUSED);
            assertThat(code(noJson)).isEqualTo(ErrorCode.LOOKUP_REFUSED);
            assertThat(rig.routed("{\"item\":\"i-3\"}")).contains("\"stock\":3");
            assertThat(rig.meters.value(Metric.LOOKUPS, "p", "stock", "error")).isEqualTo(2);
        }
    }

    private static ErrorCode code(Outcome outcome) {
        return outcome instanceof Outcome.DeadLettered dead
                ? dead.failure().code()
                : ErrorCode.INTERNAL;
    }

    private LookupRig rig(String more, Ticker ticker) {
        String enrich =
                """
                stock:
                  http: "http://127.0.0.1:%d/items/{{ value.item }}?v=1"
                  %s
                """
                        .formatted(server.getAddress().getPort(), more);
        return new LookupRig(folder, NO_DATABASE, enrich, ticker);
    }
}
