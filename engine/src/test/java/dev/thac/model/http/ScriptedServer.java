package dev.thac.model.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An HTTP/1.1 server on a raw socket that does what a script says, so that it can also do what no
 * decent server does: cut bodies, trickle them, say nothing, reset.
 */
public final class ScriptedServer implements Closeable {

    private final ServerSocket socket;
    private final Script script;
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger closedByClient = new AtomicInteger();
    private final CountDownLatch end = new CountDownLatch(1);

    /** What the server does with a request. */
    public interface Script {

        /**
         * Answers.
         *
         * @param number which request this is, from 1
         * @param exchange the request and ways to answer
         * @throws IOException when the connection breaks
         */
        void answer(int number, Exchange exchange) throws IOException;
    }

    /** A request as it came. */
    public record Request(String line, Map<String, String> headers, String body) {}

    private ScriptedServer(ServerSocket socket, Script script) {
        this.socket = socket;
        this.script = script;
    }

    public static ScriptedServer start(Script script) {
        try {
            ServerSocket socket = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
            ScriptedServer server = new ScriptedServer(socket, script);
            Thread.ofVirtual().name("scripted-server").start(server::accept);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Answers every request with this. */
    public static ScriptedServer always(int status, String body, String... headers) {
        return start((_, exchange) -> exchange.reply(status, body, headers));
    }

    public URI url() {
        return URI.create("http://localhost:" + socket.getLocalPort());
    }

    public List<Request> requests() {
        return requests;
    }

    public int connections() {
        return connections.get();
    }

    /** Connections on which the client closed its side. */
    public int closedByClient() {
        return closedByClient.get();
    }

    @Override
    public void close() throws IOException {
        end.countDown();
        socket.close();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                connections.incrementAndGet();
                connection.setTcpNoDelay(true);
                Thread.ofVirtual().name("scripted-connection").start(() -> serve(connection));
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            InputStream in = new BufferedInputStream(connection.getInputStream());
            while (true) {
                Request request = read(in);
                if (request == null) {
                    closedByClient.incrementAndGet();
                    return;
                }
                requests.add(request);
                script.answer(requests.size(), new Exchange(request, connection, in, this));
                if (connection.isClosed()) {
                    return;
                }
            }
        } catch (IOException e) {
            closedByClient.incrementAndGet(); // broken pipe or reset: the client has gone
        }
    }

    private static Request read(InputStream in) throws IOException {
        String line = line(in);
        if (line == null) {
            return null;
        }
        Map<String, String> headers = new TreeMap<>();
        for (String header = line(in); header != null && !header.isEmpty(); header = line(in)) {
            int colon = header.indexOf(':');
            headers.put(
                    header.substring(0, colon).toLowerCase(Locale.ROOT),
                    header.substring(colon + 1).strip());
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        return new Request(line, headers, new String(in.readNBytes(length), UTF_8));
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                return null;
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    /** One request and its connection. */
    public record Exchange(
            Request request, Socket connection, InputStream in, ScriptedServer server) {

        /** A decent answer; the connection stays open. */
        public void reply(int status, String body, String... headers) throws IOException {
            byte[] bytes = body.getBytes(UTF_8);
            start(status, bytes.length, headers);
            raw(bytes);
        }

        /** Status line and headers, promising so many bytes. */
        public void start(int status, int length, String... headers) throws IOException {
            StringBuilder head = new StringBuilder("HTTP/1.1 ").append(status).append(" X\r\n");
            head.append("content-type: application/json\r\n");
            head.append("content-length: ").append(length).append("\r\n");
            for (int i = 0; i < headers.length; i += 2) {
                head.append(headers[i]).append(": ").append(headers[i + 1]).append("\r\n");
            }
            raw(head.append("\r\n").toString().getBytes(ISO_8859_1));
        }

        public void raw(byte[] bytes) throws IOException {
            OutputStream out = connection.getOutputStream();
            out.write(bytes);
            out.flush();
        }

        /** Says nothing more until the client closes or the server ends. */
        public void hang() throws IOException {
            int next = in.read();
            if (next < 0) {
                throw new IOException("the client has gone");
            }
        }

        /** Closes with a TCP reset. */
        public void reset() throws IOException {
            connection.setSoLinger(true, 0);
            connection.close();
        }
    }
}
