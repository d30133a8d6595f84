package dev.thac.testkit.proxy;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands between clients and a server on loopback and goes wrong as told: late, slow, in slices,
 * cut, held back, reset, or not there at all. Each direction has a {@link Line} of its own; changes
 * hold for open connections too.
 *
 * <p>In front of a broker, its advertised port must be the proxy's. Thread-safe; each connection
 * has virtual threads of its own, which end with it.
 */
public final class FaultProxy implements AutoCloseable {

    private static final int BACKLOG = 512;
    private static final int CONNECT_MILLIS = 5_000;

    private final InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
    private final Map<Direction, Line> lines = new ConcurrentHashMap<>();
    private final Map<Integer, AtomicInteger> unanswered = new ConcurrentHashMap<>();
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private final int port;
    private @Nullable ServerSocket listening;
    private @Nullable Thread accepting;
    private volatile int upstream;
    private volatile boolean closed;

    private FaultProxy(ServerSocket socket) {
        port = socket.getLocalPort();
        for (Direction direction : Direction.values()) {
            lines.put(direction, Line.CLEAR);
        }
        listen(socket);
    }

    /** A proxy that does not know its server yet: see {@link #forwardTo}. */
    public static FaultProxy start() {
        try {
            return new FaultProxy(new ServerSocket(0, BACKLOG, InetAddress.ofLiteral("127.0.0.1")));
        } catch (IOException e) {
            throw new UncheckedIOException("the proxy cannot listen", e);
        }
    }

    /**
     * A proxy in front of a server.
     *
     * @param upstreamPort the server's port on loopback
     */
    public static FaultProxy to(int upstreamPort) {
        FaultProxy proxy = start();
        proxy.forwardTo(upstreamPort);
        return proxy;
    }

    /**
     * Connects clients that come from now on with this server.
     *
     * @param upstreamPort the server's port on loopback
     */
    public void forwardTo(int upstreamPort) {
        upstream = upstreamPort;
    }

    /** The port clients connect to; it stays the same through {@link #down} and {@link #up}. */
    public int port() {
        return port;
    }

    /** How many connections are open. */
    public int connections() {
        return connections.size();
    }

    /** How many connections were accepted so far. */
    public int accepted() {
        return accepted.get();
    }

    /** Changes one direction. */
    public void set(Direction direction, Line line) {
        lines.put(direction, line);
        connections.forEach(Connection::changed);
    }

    /** Changes both directions. */
    public void set(Line line) {
        set(Direction.TO_SERVER, line);
        set(Direction.TO_CLIENT, line);
    }

    /** Resets every open connection. */
    public void reset() {
        connections.forEach(Connection::reset);
    }

    /** Resets every open connection and refuses new ones. */
    public synchronized void down() {
        stopListening();
        reset();
    }

    /**
     * Accepts connections again.
     *
     * @throws UncheckedIOException if the port was taken meanwhile
     */
    public synchronized void up() {
        if (listening == null && !closed) {
            try {
                ServerSocket socket = new ServerSocket();
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress(loopback, port), BACKLOG);
                listen(socket);
            } catch (IOException e) {
                throw new UncheckedIOException("the proxy cannot listen on " + port + " again", e);
            }
        }
    }

    /**
     * Loses answers of a Kafka broker: the request passes and is carried out, but on its connection
     * no answer arrives any more.
     *
     * @param apiKey the number of the request in Kafka's protocol, such as 26 for {@code EndTxn}
     * @param times how many such requests, from now on
     */
    public void loseAnswersTo(int apiKey, int times) {
        unanswered.computeIfAbsent(apiKey, _ -> new AtomicInteger()).set(times);
    }

    /** How many answers of that kind are still to be lost. */
    public int answersToLose(int apiKey) {
        return Math.max(0, unanswered.getOrDefault(apiKey, new AtomicInteger()).get());
    }

    /** Ends everything. */
    @Override
    public void close() {
        closed = true;
        down();
    }

    Line line(Direction direction) {
        return lines.getOrDefault(direction, Line.CLEAR);
    }

    /** A request passes; returns whether its answer is to be lost. */
    boolean loses(int apiKey) {
        AtomicInteger left = unanswered.get(apiKey);
        return left != null && left.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
    }

    /** Whether anybody asked for answers to be lost. */
    boolean watchesRequests() {
        return !unanswered.isEmpty();
    }

    void ended(Connection connection) {
        connections.remove(connection);
    }

    private synchronized void listen(ServerSocket socket) {
        listening = socket;
        accepting = Thread.ofVirtual().name("proxy-" + port).start(() -> accept(socket));
    }

    private synchronized void stopListening() {
        ServerSocket socket = listening;
        listening = null;
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException("the proxy cannot stop listening", e);
            }
            awaitAcceptor();
        }
    }

    /** The port takes connections until the thread that waits in {@code accept} has noticed. */
    private void awaitAcceptor() {
        Thread acceptor = accepting;
        if (acceptor != null) {
            try {
                acceptor.join();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void accept(ServerSocket socket) {
        while (!socket.isClosed()) {
            Socket client;
            try {
                client = socket.accept();
            } catch (IOException _) {
                return; // closed by stopListening
            }
            accepted.incrementAndGet();
            Thread _ = Thread.ofVirtual().start(() -> connect(socket, client));
        }
    }

    private void connect(ServerSocket socket, Socket client) {
        Socket server = new Socket();
        try {
            server.connect(new InetSocketAddress(loopback, upstream), CONNECT_MILLIS);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
        } catch (IOException _) {
            Connection.abort(client); // as the server's absence would look without a proxy
            Connection.abort(server);
            return;
        }
        Connection connection = new Connection(this, client, server);
        connections.add(connection);
        if (socket.isClosed()) {
            connection.reset();
        } else {
            connection.start();
        }
    }
}
