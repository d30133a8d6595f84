package dev.thac.model.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.thac.model.ModelException;
import dev.thac.model.ModelException.Kind;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;

class HttpTransportTest {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(300);

    private final HttpTransport transport = new HttpTransport("test");

    @Test
    void oneConnectionServesCallAfterCall() throws Exception {
        try (ScriptedServer server = ScriptedServer.always(200, "{}")) {
            for (int call = 0; call < 20; call++) {
                assertThat(post(server, LONG).status()).isEqualTo(200);
            }

            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void everyStatusIsAnAnswer() throws Exception {
        try (ScriptedServer server = ScriptedServer.always(529, "{\"busy\":true}")) {
            HttpTransport.Answer answer = post(server, LONG);

            assertThat(answer.status()).isEqualTo(529);
            assertThat(answer.body()).asString(UTF_8).isEqualTo("{\"busy\":true}");
        }
    }

    @Test
    void silenceIsATimeoutAndClosesTheConnection() throws Exception {
        try (ScriptedServer server = ScriptedServer.start((_, exchange) -> exchange.hang())) {
            assertThat(failure(server, SHORT)).isEqualTo(Kind.TIMEOUT);

            await().atMost(LONG).until(() -> server.closedByClient() == 1);
        }
    }

    @Test
    void deadlineCoversTheBodyAndClosesTheConnection() throws Exception {
        try (ScriptedServer server =
                ScriptedServer.start(
                        (_, exchange) -> {
                            exchange.start(200, 100);
                            exchange.raw("{\"half\":".getBytes(UTF_8));
                            exchange.hang();
                        })) {
            assertThat(failure(server, SHORT)).isEqualTo(Kind.TIMEOUT);

            await().atMost(LONG).until(() -> server.closedByClient() == 1);
        }
    }

    @Test
    void trickleOfBytesDoesNotOutliveTheDeadline() throws Exception {
        try (ScriptedServer server =
                ScriptedServer.start(
                        (_, exchange) -> {
                            exchange.start(200, 1_000_000);
                            while (true) {
                                exchange.raw(new byte[] {' '});
                                LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
                            }
                        })) {
            assertThat(failure(server, SHORT)).isEqualTo(Kind.TIMEOUT);

            await().atMost(LONG).until(() -> server.closedByClient() == 1);
        }
    }

    @Test
    void chunksThatStopAreATimeout() throws Exception {
        try (ScriptedServer server =
                ScriptedServer.start(
                        (_, exchange) -> {
                            exchange.raw(
                                    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\n{\"a\"\r\n"
                                            .getBytes(UTF_8));
                            exchange.hang();
                        })) {
            assertThat(failure(server, SHORT)).isEqualTo(Kind.TIMEOUT);
        }
    }

    @Test
    void resetBeforeAndInsideTheBodyIsTheNetwork() throws Exception {
        try (ScriptedServer server =
                ScriptedServer.start(
                        (number, exchange) -> {
                            if (number == 2) {
                                exchange.start(200, 100);
                                exchange.raw("{\"half\":".getBytes(UTF_8));
                            }
                            exchange.reset();
                        })) {
            assertThat(failure(server, LONG)).isEqualTo(Kind.NETWORK);
            assertThat(failure(server, LONG)).isEqualTo(Kind.NETWORK);
        }
    }

    @Test
    void bodyCutShortIsTheNetwork() throws Exception {
        try (ScriptedServer server =
                ScriptedServer.start(
                        (_, exchange) -> {
                            exchange.start(200, 100);
                            exchange.raw("{\"half\":".getBytes(UTF_8));
                            exchange.connection().close();
                        })) {
            assertThat(failure(server, LONG)).isEqualTo(Kind.NETWORK);
        }
    }

    @Test
    void refusedConnectionIsTheNetwork() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        ModelException error =
                catchThrowableOfType(
                        ModelException.class,
                        () ->
                                transport.post(
                                        URI.create("http://localhost:" + port),
                                        List.of(),
                                        new byte[0],
                                        LONG));

        assertThat(error.kind()).isEqualTo(Kind.NETWORK);
        assertThat(error.getMessage()).startsWith("localhost:" + port);
    }

    @Test
    void interruptionCancelsTheCallAndClosesTheConnection() throws Exception {
        try (ScriptedServer server = ScriptedServer.start((_, exchange) -> exchange.hang())) {
            FutureTask<HttpTransport.Answer> call = new FutureTask<>(() -> post(server, LONG));
            Thread caller = Thread.ofVirtual().start(call);
            await().atMost(LONG).until(() -> server.requests().size() == 1);

            caller.interrupt();

            await().atMost(LONG).until(() -> server.closedByClient() == 1);
            caller.join();
            assertThat(call.exceptionNow()).isInstanceOf(InterruptedException.class);
        }
    }

    @Test
    void keyThatNoHeaderCarriesIsRefusedWithoutPrintingIt() throws Exception {
        try (ScriptedServer server = ScriptedServer.always(200, "{}")) {
            ModelException error =
                    catchThrowableOfType(
                            ModelException.class,
                            () ->
                                    transport.post(
                                            server.url(),
                                            List.of("x-api-key", "secret\nkey"),
                                            new byte[0],
                                            LONG));

            assertThat(error.kind()).isEqualTo(Kind.AUTH);
            assertThat(error.getMessage()).contains("x-api-key").doesNotContain("secret");
        }
    }

    private HttpTransport.Answer post(ScriptedServer server, Duration timeout)
            throws ModelException, InterruptedException, IOException {
        return transport.post(server.url(), List.of(), "{}".getBytes(UTF_8), timeout);
    }

    private Kind failure(ScriptedServer server, Duration timeout) {
        return catchThrowableOfType(ModelException.class, () -> post(server, timeout)).kind();
    }
}
