package dev.thac.testkit.broker;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * How an {@link EmbeddedKafka} is started.
 *
 * @param port the client port on loopback, 1 to 65535; 0 picks a free one
 * @param dataDir where the logs live and stay, formatted on first use; empty means a temporary
 *     directory, deleted on close
 * @param advertisedPort the port the broker tells its clients to use, such as that of a proxy in
 *     front of it; 0: its own
 * @param serverProperties further broker settings under Kafka's own names; they win over ours
 */
public record EmbeddedKafkaSettings(
        int port,
        Optional<Path> dataDir,
        int advertisedPort,
        Map<String, String> serverProperties) {

    /** A free port, a temporary directory, no further settings. */
    public static final EmbeddedKafkaSettings DEFAULT =
            new EmbeddedKafkaSettings(0, Optional.empty(), 0, Map.of());

    /** Checks the ports and copies the settings. */
    public EmbeddedKafkaSettings {
        check("port", port);
        check("advertised port", advertisedPort);
        serverProperties = Map.copyOf(serverProperties);
    }

    /**
     * The same with another port.
     *
     * @param newPort 0 picks a free one
     */
    public EmbeddedKafkaSettings withPort(int newPort) {
        return new EmbeddedKafkaSettings(newPort, dataDir, advertisedPort, serverProperties);
    }

    /**
     * The same with logs that stay.
     *
     * @param directory created when absent
     */
    public EmbeddedKafkaSettings withDataDir(Path directory) {
        return new EmbeddedKafkaSettings(
                port, Optional.of(directory), advertisedPort, serverProperties);
    }

    /**
     * The same with further broker settings in place of the present ones.
     *
     * @param properties under Kafka's own names, such as {@code message.max.bytes}
     */
    public EmbeddedKafkaSettings withServerProperties(Map<String, String> properties) {
        return new EmbeddedKafkaSettings(port, dataDir, advertisedPort, properties);
    }

    /**
     * The same for clients that come through a proxy.
     *
     * @param proxyPort the proxy's port on loopback
     */
    public EmbeddedKafkaSettings withAdvertisedPort(int proxyPort) {
        return new EmbeddedKafkaSettings(port, dataDir, proxyPort, serverProperties);
    }

    private static void check(String name, int port) {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException(name + " must be 0 to 65535, not " + port);
        }
    }
}
