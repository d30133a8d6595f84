package dev.thac.testkit.proxy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/** One client with its server: for each direction a thread that reads and one that delivers. */
final class Connection {

    private static final int CHUNK = 16 * 1024;
    private static final int MOST_WAITING = 256;

    private final FaultProxy proxy;
    private final Socket client;
    private final Socket server;
    private final Pipe toServer;
    private final Pipe toClient;
    private volatile boolean deaf;

    Connection(FaultProxy proxy, Socket client, Socket server) {
        this.proxy = proxy;
        this.client = client;
        this.server = server;
        this.toServer = new Pipe(Direction.TO_SERVER, client, server);
        this.toClient = new Pipe(Direction.TO_CLIENT, server, client);
    }

    void start() {
        toServer.start();
        toClient.start();
    }

    /** A line has changed. */
    void changed() {
        toServer.wake();
        toClient.wake();
    }

    /** Ends it as a crash of the other end would. */
    void reset() {
        abort(client);
        abort(server);
        toServer.wake();
        toClient.wake();
        proxy.ended(this);
    }

    static void abort(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException _) {
            // closed already: nothing to reset
        }
        try {
            socket.close();
        } catch (IOException _) {
            // it is gone either way
        }
    }

    /** Bytes that wait for their time; empty bytes are the end. */
    private static final class Chunk {

        private final byte[] bytes;
        private final long due;

        Chunk(byte[] bytes, long due) {
            this.bytes = bytes;
            this.due = due;
        }
    }

    /** One direction. Guarded by its own lock. */
    private final class Pipe {

        private final Direction direction;
        private final Socket from;
        private final Socket to;
        private final Object lock = new Object();
        private final Deque<Chunk> waiting = new ArrayDeque<>();
        private final RequestFrames frames = new RequestFrames();
        private long passed;

        Pipe(Direction direction, Socket from, Socket to) {
            this.direction = direction;
            this.from = from;
            this.to = to;
        }

        void start() {
            Thread _ = Thread.ofVirtual().start(this::read);
            Thread _ = Thread.ofVirtual().start(this::deliver);
        }

        void wake() {
            synchronized (lock) {
                lock.notifyAll();
            }
        }

        private void read() {
            byte[] buffer = new byte[CHUNK];
            try {
                InputStream in = from.getInputStream();
                int read = in.read(buffer);
                while (read > 0) {
                    byte[] bytes = Arrays.copyOf(buffer, read);
                    if (direction == Direction.TO_SERVER) {
                        watch(bytes);
                    }
                    put(bytes);
                    read = in.read(buffer);
                }
                put(new byte[0]);
            } catch (IOException _) {
                reset(); // the peer reset it: so do we
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                reset();
            }
        }

        /** Before the request is passed on, so that no answer can be faster. */
        private void watch(byte[] bytes) {
            frames.take(
                    bytes,
                    apiKey -> {
                        if (proxy.watchesRequests() && proxy.loses(apiKey)) {
                            deaf = true;
                        }
                    });
        }

        private void put(byte[] bytes) throws InterruptedException {
            long due = System.nanoTime() + proxy.line(direction).latency().toNanos();
            synchronized (lock) {
                while (waiting.size() >= MOST_WAITING && !to.isClosed()) {
                    lock.wait();
                }
                waiting.addLast(new Chunk(bytes, due));
                lock.notifyAll();
            }
        }

        private void deliver() {
            try {
                OutputStream out = to.getOutputStream();
                while (true) {
                    Chunk chunk = next();
                    if (chunk.bytes.length == 0) {
                        to.shutdownOutput();
                        finished();
                        return;
                    }
                    if (!write(out, chunk.bytes)) {
                        reset();
                        return;
                    }
                }
            } catch (IOException _) {
                reset();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                reset();
            }
        }

        /** The next bytes, when their time has come and the line is whole. */
        private Chunk next() throws IOException, InterruptedException {
            synchronized (lock) {
                while (true) {
                    if (to.isClosed()) {
                        throw new IOException("reset");
                    }
                    Chunk first = waiting.peekFirst();
                    boolean lost = deaf && direction == Direction.TO_CLIENT;
                    if (first == null || lost || proxy.line(direction).held()) {
                        lock.wait();
                        continue;
                    }
                    long left = first.due - System.nanoTime();
                    if (left <= 0) {
                        lock.notifyAll();
                        return waiting.removeFirst();
                    }
                    lock.wait(left / 1_000_000, (int) (left % 1_000_000));
                }
            }
        }

        /** Writes bytes as the line allows; returns false when it breaks behind them. */
        private boolean write(OutputStream out, byte[] bytes)
                throws IOException, InterruptedException {
            int from = 0;
            while (from < bytes.length) {
                Line line = proxy.line(direction);
                int size = bytes.length - from;
                if (line.sliceBytes() > 0) {
                    size = Math.min(size, line.sliceBytes());
                }
                if (line.limitBytes() > 0) {
                    size = (int) Math.min(size, line.limitBytes() - passed);
                }
                if (size > 0) {
                    out.write(bytes, from, size);
                    out.flush();
                    from += size;
                    passed += size;
                }
                if (line.limitBytes() > 0 && passed >= line.limitBytes()) {
                    return false;
                }
                if (line.sliceBytes() > 0) {
                    Thread.sleep(line.slicePause());
                }
                if (line.bytesPerSecond() > 0) {
                    Thread.sleep(Duration.ofNanos(size * 1_000_000_000L / line.bytesPerSecond()));
                }
            }
            return true;
        }

        /** One direction has ended in order; the connection ends with the second. */
        private void finished() throws IOException {
            if (client.isOutputShutdown() && server.isOutputShutdown()) {
                client.close();
                server.close();
                proxy.ended(Connection.this);
            }
        }
    }
}
