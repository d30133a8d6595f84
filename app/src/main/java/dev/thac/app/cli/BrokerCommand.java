package dev.thac.app.cli;

import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.Shutdown;
import dev.thac.app.terminal.Terminal;
import dev.thac.app.terminal.UserError;
import dev.thac.testkit.broker.EmbeddedKafka;
import dev.thac.testkit.broker.EmbeddedKafkaSettings;
import dev.thac.testkit.broker.PortTakenException;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code thac broker}. */
@Command(
        name = "broker",
        header = "Run a real Kafka broker, for development and tests.",
        description =
                "In this process and reachable from this machine only. Its address is "
                        + "printed on standard output; Ctrl-C stops it.",
        mixinStandardHelpOptions = true)
final class BrokerCommand implements Callable<Integer> {

    private static final Duration STOP_LIMIT = Duration.ofSeconds(15);

    private final Terminal terminal;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Where clients connect (default: 9092; 0: any free one).")
    private int port = 9092;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "Keep the data here. Default: a temporary folder, deleted at the end.")
    private @Nullable String dataDir;

    @Option(names = "--auto-create", description = "Create topics when a client first uses them.")
    private boolean autoCreate;

    BrokerCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        try (Shutdown shutdown = Shutdown.within(STOP_LIMIT);
                EmbeddedKafka kafka = start()) {
            terminal.out().println(kafka.bootstrapServers());
            terminal.err()
                    .println(
                            "Kafka is ready at "
                                    + kafka.bootstrapServers()
                                    + (dataDir == null
                                            ? ", data is deleted at the end (--data-dir keeps it)"
                                            : ", data in " + kafka.directory())
                                    + "; Ctrl-C stops it");
            shutdown.await();
        }
        return ExitCode.INTERRUPTED.number();
    }

    private EmbeddedKafka start() {
        EmbeddedKafkaSettings settings = EmbeddedKafkaSettings.DEFAULT.withPort(port);
        if (dataDir != null) {
            settings = settings.withDataDir(terminal.resolve(dataDir).toAbsolutePath());
        }
        if (autoCreate) {
            settings = settings.withServerProperties(Map.of("auto.create.topics.enable", "true"));
        }
        try {
            return EmbeddedKafka.start(settings);
        } catch (PortTakenException e) {
            throw new UserError(
                    ExitCode.FAILED,
                    "port " + port + " is in use by another process",
                    "choose another with --port, or --port 0 for any free one",
                    e);
        }
    }
}
