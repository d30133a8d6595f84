package dev.thac.testkit.broker;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Finds loopback ports nobody listens on.
 *
 * <p>They are taken from below the range from which operating systems number outgoing connections
 * (32768 and up on Linux), so that no client can grab one between a stop and a restart.
 */
public final class FreePorts {

    private static final int FIRST = 20_000;
    private static final int END = 32_000;
    private static final int TRIES = 200;

    /** Ports are given out one after the other: no two parts of this process get the same. */
    private static final AtomicInteger NEXT =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(END - FIRST));

    private FreePorts() {}

    /**
     * A port that was free a moment ago; not the one given before.
     *
     * @return the port
     * @throws IllegalStateException if none was found
     */
    public static int any() {
        IOException last = new IOException("no port tried");
        for (int i = 0; i < TRIES; i++) {
            int port = FIRST + Math.floorMod(NEXT.getAndIncrement(), END - FIRST);
            try {
                bind(port);
                return port;
            } catch (IOException e) {
                last = e;
            }
        }
        throw new IllegalStateException(
                "no free port between " + FIRST + " and " + END + " in " + TRIES + " tries", last);
    }

    /**
     * The given port, if it is free.
     *
     * @param port the port
     * @return the port
     * @throws PortTakenException if it is not
     */
    public static int claim(int port) {
        try {
            bind(port);
            return port;
        } catch (IOException e) {
            throw new PortTakenException(port, e);
        }
    }

    private static void bind(int port) throws IOException {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            socket.getLocalPort();
        }
    }
}
