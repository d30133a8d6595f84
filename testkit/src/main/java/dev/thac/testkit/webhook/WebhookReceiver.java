package dev.thac.testkit.webhook;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * An HTTP server that notes every call and answers as it is told, on loopback. For tests, and for
 * whoever wants to see what a webhook would get. Thread-safe.
 */
public final class WebhookReceiver implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /** Guarded by itself. */
    private final List<WebhookCall> calls = new ArrayList<>();

    private volatile Function<WebhookCall, WebhookAnswer> answers = _ -> WebhookAnswer.OK;
    private volatile Consumer<WebhookCall> listener = _ -> {};

    private WebhookReceiver(HttpServer server) {
        this.server = server;
    }

    /**
     * A receiver that takes everything.
     *
     * @param port where; 0 picks a free one
     * @return running
     * @throws UncheckedIOException when the port is taken
     */
    public static WebhookReceiver start(int port) {
        try {
            HttpServer server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            WebhookReceiver receiver = new WebhookReceiver(server);
            server.setExecutor(receiver.threads);
            server.createContext("/", receiver::handle);
            server.start();
            return receiver;
        } catch (IOException e) {
            throw new UncheckedIOException("port " + port, e);
        }
    }

    /**
     * Where it listens.
     *
     * @return for example {@code http://127.0.0.1:40123/}
     */
    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    /**
     * How it answers from now on.
     *
     * @param how called for each call, on several threads
     */
    public void answer(Function<WebhookCall, WebhookAnswer> how) {
        answers = how;
    }

    /**
     * Who hears of each call from now on, before it is answered.
     *
     * @param hears called on several threads, one after the other
     */
    public void listen(Consumer<WebhookCall> hears) {
        listener = hears;
    }

    /**
     * What arrived so far.
     *
     * @return the calls, in order
     */
    public List<WebhookCall> calls() {
        synchronized (calls) {
            return List.copyOf(calls);
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            WebhookCall call = note(exchange);
            WebhookAnswer answer = answers.apply(call);
            if (answer.delay().isPositive()) {
                Thread.sleep(answer.delay());
            }
            if (answer.status() != 0) {
                answer.headers().forEach(exchange.getResponseHeaders()::set);
                exchange.sendResponseHeaders(answer.status(), -1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private WebhookCall note(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        Map<String, String> headers = new HashMap<>();
        exchange.getRequestHeaders()
                .forEach(
                        (name, values) ->
                                headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
        synchronized (calls) {
            WebhookCall call =
                    new WebhookCall(
                            calls.size() + 1,
                            Instant.now(),
                            exchange.getRequestMethod(),
                            exchange.getRequestURI().toString(),
                            headers,
                            body);
            calls.add(call);
            listener.accept(call);
            return call;
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
