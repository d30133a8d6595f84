package dev.thac.testkit.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

class FaultProxyTest {

    private static final int A_MOMENT = 150;

    private ServerSocket echo;
    private FaultProxy proxy;

    @BeforeEach
    void start() throws IOException {
        echo = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
        Thread.ofVirtual().start(this::serve);
        proxy = FaultProxy.to(echo.getLocalPort());
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        echo.close();
    }

    @Test
    void aClearLineChangesNothing() throws IOException {
        byte[] large = new byte[300_000];
        Arrays.fill(large, (byte) 7);
        try (Socket socket = connect()) {
            Thread.ofVirtual().start(() -> write(socket, large));

            assertThat(socket.getInputStream().readNBytes(large.length)).isEqualTo(large);
        }

        await().until(() -> proxy.connections() == 0);
    }

    @Test
    void latencyDelaysAndDoesNotReorder() throws IOException {
        proxy.set(Direction.TO_CLIENT, Line.CLEAR.withLatency(Duration.ofMillis(80)));
        try (Socket socket = connect()) {
            long start = System.nanoTime();
            write(socket, "một");
            write(socket, "hai");

            assertThat(read(socket, 8)).isEqualTo("mộthai");
            assertThat(System.nanoTime() - start).isGreaterThan(Duration.ofMillis(80).toNanos());
        }
    }

    @Test
    void aBlackHoleHoldsUntilTheLineIsWholeAgain() throws IOException {
        try (Socket socket = connect()) {
            write(socket, "a");
            assertThat(read(socket, 1)).isEqualTo("a");

            proxy.set(Line.BLACK_HOLE);
            write(socket, "b");
            socket.setSoTimeout(A_MOMENT);
            assertThatThrownBy(() -> read(socket, 1)).isInstanceOf(SocketTimeoutException.class);
            proxy.set(Line.CLEAR);

            socket.setSoTimeout(0);
            assertThat(read(socket, 1)).isEqualTo("b");
        }
    }

    @Test
    void aResetEndsOpenConnectionsAndNewOnesWork() throws IOException {
        try (Socket socket = connect()) {
            write(socket, "a");
            assertThat(read(socket, 1)).isEqualTo("a");

            proxy.reset();

            assertThatThrownBy(() -> read(socket, 1)).isInstanceOf(SocketException.class);
        }
        try (Socket socket = connect()) {
            write(socket, "b");
            assertThat(read(socket, 1)).isEqualTo("b");
        }
    }

    @Test
    void aLimitCutsBehindSoManyBytes() throws IOException {
        proxy.set(Direction.TO_CLIENT, Line.CLEAR.withLimit(4));
        try (Socket socket = connect()) {
            write(socket, "abcdefgh");

            assertThat(read(socket, 4)).isEqualTo("abcd");
            assertThatThrownBy(() -> read(socket, 1)).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void slicesArriveOneByOne() throws IOException {
        proxy.set(Direction.TO_CLIENT, Line.CLEAR.withSlices(1, Duration.ofMillis(20)));
        try (Socket socket = connect()) {
            long start = System.nanoTime();
            write(socket, "abcdef");

            assertThat(socket.getInputStream().read(new byte[6])).isLessThan(6);
            assertThat(socket.getInputStream().readNBytes(5)).isNotEmpty();
            assertThat(System.nanoTime() - start).isGreaterThan(Duration.ofMillis(80).toNanos());
        }
    }

    @Test
    void bandwidthBoundsTheRate() throws IOException {
        proxy.set(Direction.TO_SERVER, Line.CLEAR.withBandwidth(100_000));
        try (Socket socket = connect()) {
            long start = System.nanoTime();
            Thread.ofVirtual().start(() -> write(socket, new byte[20_000]));
            socket.getInputStream().readNBytes(20_000);

            assertThat(System.nanoTime() - start).isGreaterThan(Duration.ofMillis(150).toNanos());
        }
    }

    @Test
    void downRefusesAndUpAcceptsOnTheSamePort() throws IOException {
        proxy.down();
        assertThatThrownBy(this::connect).isInstanceOf(IOException.class);

        proxy.up();

        try (Socket socket = connect()) {
            write(socket, "a");
            assertThat(read(socket, 1)).isEqualTo("a");
        }
    }

    @Test
    void aServerThatIsNotThereEndsTheConnection() throws IOException {
        echo.close();

        assertThatThrownBy(
                        () -> {
                            try (Socket socket = connect()) {
                                if (socket.getInputStream().read() < 0) {
                                    throw new SocketException("closed");
                                }
                            }
                        })
                .isInstanceOf(SocketException.class);
    }

    @Test
    void theAnswerToOneKindOfRequestIsLostAndOthersPass() throws IOException {
        proxy.loseAnswersTo(26, 1);
        try (Socket other = connect();
                Socket socket = connect()) {
            write(other, request(3, 100_000));
            assertThat(other.getInputStream().readNBytes(100_004)).hasSize(100_004);

            write(socket, request(26, 10));
            socket.setSoTimeout(A_MOMENT);
            assertThatThrownBy(() -> read(socket, 1)).isInstanceOf(SocketTimeoutException.class);
            assertThat(proxy.answersToLose(26)).isZero();
        }
        try (Socket again = connect()) {
            write(again, request(26, 10));
            assertThat(again.getInputStream().readNBytes(14)).hasSize(14);
        }
    }

    private static byte[] request(int apiKey, int length) {
        return ByteBuffer.allocate(length + 4).putInt(length).putShort((short) apiKey).array();
    }

    private Socket connect() throws IOException {
        return new Socket(InetAddress.ofLiteral("127.0.0.1"), proxy.port());
    }

    private static void write(Socket socket, String text) {
        write(socket, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void write(Socket socket, byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String read(Socket socket, int bytes) throws IOException {
        return new String(socket.getInputStream().readNBytes(bytes), StandardCharsets.UTF_8);
    }

    private void serve() {
        while (!echo.isClosed()) {
            try {
                Socket socket = echo.accept();
                Thread.ofVirtual().start(() -> echo(socket));
            } catch (IOException _) {
                return; // closed by the test's end
            }
        }
    }

    private static void echo(Socket socket) {
        try (socket) {
            socket.getInputStream().transferTo(socket.getOutputStream());
        } catch (IOException _) {
            return; // the proxy reset it, as some tests want
        }
    }
}
