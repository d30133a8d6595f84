package dev.thac.app.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.Json;
import dev.thac.app.terminal.UserError;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * {@code /metrics}, {@code /api/status}, {@code /healthz} and a page that shows the status. Answers
 * GET and HEAD only and changes nothing. Thread-safe.
 */
public final class StatusServer implements AutoCloseable {

    /** Where the page is unless told otherwise. */
    public static final int DEFAULT_PORT = 8086;

    private static final int TRIES = 20;
    private static final String PAGE = "status.html";

    private final HttpServer server;
    private final ExecutorService threads;

    /** What is shown. Called on request threads. */
    public interface Source {
        /**
         * The status as shown under {@code /api/status}.
         *
         * @return a JSON tree
         */
        Map<String, Object> status();

        /**
         * The metrics.
         *
         * @return Prometheus text format
         */
        String metrics();

        /**
         * Whether the process does its work.
         *
         * @return false makes {@code /healthz} answer 503
         */
        boolean healthy();
    }

    private record Answer(int status, String type, String body) {}

    private StatusServer(HttpServer server, ExecutorService threads) {
        this.server = server;
        this.threads = threads;
    }

    /**
     * Listens on one port.
     *
     * @param host the address to bind; loopback unless others must reach it
     * @param port 0 for any free one
     * @param source what to show
     * @return the running server
     * @throws UserError when the port is taken
     */
    public static StatusServer start(String host, int port, Source source) {
        try {
            return bind(host, port, source);
        } catch (BindException e) {
            throw new UserError(
                    ExitCode.FAILED,
                    "port " + port + " is in use by another process",
                    "choose another with --port, or --port 0 for any free one",
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen on " + host + ":" + port, e);
        }
    }

    /**
     * Listens on the first free port from the given one on.
     *
     * @param host the address to bind
     * @param first where to begin
     * @param source what to show
     * @return the running server
     * @throws UserError when none of the next 20 is free
     */
    public static StatusServer startNear(String host, int first, Source source) {
        for (int port = first; port < first + TRIES; port++) {
            try {
                return bind(host, port, source);
            } catch (BindException _) {
                // taken: the next one may be free
            } catch (IOException e) {
                throw new UncheckedIOException("cannot listen on " + host + ":" + port, e);
            }
        }
        throw new UserError(
                ExitCode.FAILED,
                "no free port between " + first + " and " + (first + TRIES - 1),
                "choose another with --port");
    }

    private static StatusServer bind(String host, int port, Source source) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(host, port), 0);
        ExecutorService threads =
                Executors.newThreadPerTaskExecutor(
                        Thread.ofVirtual().name("thac-http-", 0).factory());
        server.setExecutor(threads);
        server.createContext("/", exchange -> handle(exchange, source));
        server.start();
        return new StatusServer(server, threads);
    }

    /**
     * Where it is.
     *
     * @return for people: {@code http://localhost:8086}
     */
    public URI uri() {
        return URI.create("http://localhost:" + server.getAddress().getPort());
    }

    /** Stops at once. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private static void handle(HttpExchange exchange, Source source) throws IOException {
        try (exchange) {
            String method = exchange.getRequestMethod();
            boolean head = method.equals("HEAD");
            Answer answer =
                    head || method.equals("GET")
                            ? answer(exchange.getRequestURI().getPath(), source)
                            : new Answer(405, "text/plain", "only GET and HEAD\n");
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", answer.type() + "; charset=utf-8");
            exchange.getResponseHeaders().set("Cache-Control", "no-store");
            exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
            exchange.sendResponseHeaders(answer.status(), head ? -1 : body.length);
            if (!head) {
                exchange.getResponseBody().write(body);
            }
        }
    }

    private static Answer answer(String path, Source source) throws IOException {
        return switch (path) {
            case "/" -> new Answer(200, "text/html", page());
            case "/metrics" -> new Answer(200, "text/plain; version=0.0.4", source.metrics());
            case "/api/status" ->
                    new Answer(200, "application/json", Json.pretty(source.status()) + "\n");
            case "/healthz" ->
                    source.healthy()
                            ? new Answer(200, "text/plain", "ok\n")
                            : new Answer(503, "text/plain", "a pipeline has failed\n");
            default ->
                    new Answer(404, "text/plain", "there is /, /api/status, /metrics, /healthz\n");
        };
    }

    private static String page() throws IOException {
        try (InputStream page = StatusServer.class.getResourceAsStream(PAGE)) {
            if (page == null) {
                throw new IllegalStateException("the distribution lacks " + PAGE);
            }
            return new String(page.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
