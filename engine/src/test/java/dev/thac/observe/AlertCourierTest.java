package dev.thac.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;

import dev.thac.event.Signature;
import dev.thac.meter.Meters;
import dev.thac.meter.Metric;
import dev.thac.resilience.ManualTicker;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

class AlertCourierTest {

    private final ManualTicker ticker = ManualTicker.jumping();
    private final Meters meters = new Meters();
    private final List<Integer> answers = new CopyOnWriteArrayList<>();
    private final List<String> received = new CopyOnWriteArrayList<>();
    private final CountDownLatch stuck = new CountDownLatch(1);
    private HttpServer server;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext(
                "/hook",
                exchange -> {
                    String body =
                            new String(
                                    exchange.getRequestBody().readAllBytes(),
                                    StandardCharsets.UTF_8);
                    received.add(
                            exchange.getRequestHeaders().getFirst("Idempotency-Key")
                                    + " "
                                    + exchange.getRequestHeaders().getFirst("Thac-Signature")
                                    + " "
                                    + body);
                    int status = answers.isEmpty() ? 204 : answers.removeFirst();
                    exchange.sendResponseHeaders(status, -1);
                    exchange.close();
                });
        server.start();
    }

    @AfterEach
    void stop() {
        stuck.countDown();
        server.stop(0);
    }

    @Test
    void aMessageIsSentAgainUntilItIsTakenWithTheSameIdAndBody() {
        answers.addAll(List.of(503, 429));
        try (AlertCourier courier = courier(webhook())) {
            courier.take(message(1));
            await().until(() -> counted("sent") == 1);
        }

        assertThat(received).hasSize(3);
        assertThat(received.stream().map(each -> each.split(" ", 3)[0]).distinct()).hasSize(1);
        assertThat(received.stream().map(each -> each.split(" ", 3)[2]).distinct()).hasSize(1);
        String[] parts = received.getFirst().split(" ", 3);
        long seconds = Long.parseLong(parts[1].substring(2, parts[1].indexOf(',')));
        assertThat(parts[1])
                .isEqualTo(
                        Signature.of("shared", seconds, parts[2].getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aRefusalIsFinalAndAnOutageIsGivenUpAfterSixAttempts() {
        answers.addAll(List.of(400, 500, 500, 500, 500, 500, 500));
        try (AlertCourier courier = courier(webhook())) {
            courier.take(message(1));
            await().until(() -> counted("failed") == 1);
            courier.take(message(2));
            await().until(() -> counted("failed") == 2);
            courier.take(message(3));
            await().until(() -> counted("sent") == 1);
        }

        assertThat(received).hasSize(8);
    }

    @Test
    void aDestinationThatHangsHoldsNobodyUp() {
        AlertCourier courier =
                courier(
                        new AlertCourier.Channel() {
                            @Override
                            public String kind() {
                                return "webhook";
                            }

                            @Override
                            public void deliver(AlertMessage message) throws InterruptedException {
                                stuck.await();
                            }

                            @Override
                            public void close() {}
                        });

        for (int i = 0; i < 150; i++) {
            courier.take(message(i)); // returns, or the test never ends
        }
        courier.close();

        assertThat(counted("dropped")).isBetween(49.0, 50.0);
    }

    /**
     * Computed by another program: {@code printf '1793491200.{"a":1}' | openssl dgst -sha256 -hmac
     * shared}.
     */
    @Test
    void signaturesAreThoseOfOtherPrograms() {
        assertThat(
                        Signature.of(
                                "shared",
                                1_793_491_200,
                                "{\"a\":1}".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(
                        "t=1793491200,v1=321d471012e4f8966c6d0e374c072710e0465d68193da0afca8ea9a2ab8a3ff0");
    }

    private AlertCourier courier(AlertCourier.Channel channel) {
        AlertCourier courier = new AlertCourier("reviews", channel, meters, ticker);
        courier.start();
        return courier;
    }

    private Webhook webhook() {
        URI uri = URI.create("http://localhost:" + server.getAddress().getPort() + "/hook");
        return new Webhook(uri, Optional.of("shared"), ticker);
    }

    private double counted(String outcome) {
        return meters.value(Metric.ALERT_MESSAGES, "reviews", "webhook", outcome);
    }

    private static AlertMessage message(int times) {
        List<AlertRule> rules = new ArrayList<>(AlertRules.builtIn(AlertRules.Parts.ALL));
        Instant since = Instant.parse("2026-11-01T00:05:00Z");
        return new AlertMessage(
                "reviews", "one", rules.getFirst(), "", true, "lag is 412 s", since, since, times);
    }
}
