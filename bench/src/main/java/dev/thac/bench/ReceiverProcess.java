package dev.thac.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.concurrent.Executors;

/**
 * What webhooks call, in a process of its own; a main class for {@link ChildProcess}. It takes
 * every event and tells a {@code GET} how many different ones it has got since the last one asked.
 */
public final class ReceiverProcess {

    /** Guarded by itself. */
    private final BitSet seen = new BitSet();

    private ReceiverProcess() {}

    /**
     * Receives until standard input ends.
     *
     * @param args none
     * @throws IOException when standard input cannot be read
     */
    public static void main(String[] args) throws IOException {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", new ReceiverProcess()::handle);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
        ChildProcess.serve("http://127.0.0.1:" + server.getAddress().getPort() + "/");
        server.stop(0);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (exchange.getRequestMethod().equals("POST")) {
                exchange.sendResponseHeaders(take(body) ? 204 : 400, -1);
            } else {
                byte[] count = Integer.toString(count()).getBytes(StandardCharsets.US_ASCII);
                exchange.sendResponseHeaders(200, count.length);
                exchange.getResponseBody().write(count);
            }
        }
    }

    private boolean take(byte[] body) {
        int index = ReviewEvents.index(body);
        if (index < 0) {
            return false;
        }
        synchronized (seen) {
            seen.set(index);
        }
        return true;
    }

    private int count() {
        synchronized (seen) {
            int count = seen.cardinality();
            seen.clear();
            return count;
        }
    }
}
