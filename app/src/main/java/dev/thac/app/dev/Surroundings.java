package dev.thac.app.dev;

import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.Terminal;
import dev.thac.app.terminal.UserError;
import dev.thac.runtime.Loaded;
import dev.thac.testkit.broker.EmbeddedKafka;
import dev.thac.testkit.broker.EmbeddedKafkaSettings;
import dev.thac.testkit.broker.PortTakenException;
import dev.thac.testkit.simulator.ErrorMix;
import dev.thac.testkit.simulator.Latency;
import dev.thac.testkit.simulator.Simulator;
import dev.thac.testkit.simulator.SimulatorSettings;

import org.apache.kafka.common.KafkaException;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The broker and the model simulator of {@code thac dev}, started side by side. Used by one thread.
 */
final class Surroundings implements AutoCloseable {

    private static final int BROKER_PORT = 19092;
    private static final int TRIES = 20;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Future<EmbeddedKafka> broker;
    private final Simulator simulator;
    private final DevDatabases databases;
    private final DevWebhooks webhooks;
    private final DevLookups lookups = new DevLookups();

    private Surroundings(DevOptions options, Terminal terminal) {
        this.simulator = simulator(options);
        this.databases = new DevDatabases(options.dataDir());
        this.webhooks = new DevWebhooks(terminal.environment(), terminal.err()::println);
        this.broker = threads.submit(() -> broker(options));
    }

    /**
     * Starts both; the broker goes on starting while the caller goes on.
     *
     * @throws UserError when a port or a setting is wrong
     */
    static Surroundings start(DevOptions options, Terminal terminal) {
        return new Surroundings(options, terminal);
    }

    /** The simulator. */
    Simulator simulator() {
        return simulator;
    }

    /** The databases; started when a pipeline needs them. */
    DevDatabases databases() {
        return databases;
    }

    /** The webhooks' receiver; started when a pipeline needs it. */
    DevWebhooks webhooks() {
        return webhooks;
    }

    /** The server in place of services; started when a pipeline needs it. */
    DevLookups lookups() {
        return lookups;
    }

    /** The same files with databases, services and webhooks of our own for the declared ones. */
    Loaded over(Loaded loaded) {
        return webhooks.over(lookups.over(databases.over(loaded)));
    }

    /** The broker, when it is up. */
    EmbeddedKafka broker() throws InterruptedException {
        try {
            return broker.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case UserError known -> throw known;
                case PortTakenException taken ->
                        throw new UserError(
                                ExitCode.FAILED,
                                "port " + taken.port() + " is in use by another process",
                                "choose another with --broker-port, or 0 for any free one",
                                taken);
                case KafkaException refused ->
                        throw new UserError(
                                ExitCode.FAILED,
                                "the embedded broker did not start: " + refused.getMessage(),
                                "THAC_DEBUG=1 shows more",
                                refused);
                case null, default -> throw new IllegalStateException(e.getCause());
            }
        }
    }

    private static EmbeddedKafka broker(DevOptions options) {
        EmbeddedKafkaSettings settings =
                options.dataDir()
                        .map(dir -> EmbeddedKafkaSettings.DEFAULT.withDataDir(dir.toAbsolutePath()))
                        .orElse(EmbeddedKafkaSettings.DEFAULT);
        if (options.brokerPort().isPresent()) {
            return EmbeddedKafka.start(settings.withPort(options.brokerPort().get()));
        }
        for (int port = BROKER_PORT; port < BROKER_PORT + TRIES; port++) {
            try {
                return EmbeddedKafka.start(settings.withPort(port));
            } catch (PortTakenException _) {
                // the next one may be free
            }
        }
        return EmbeddedKafka.start(settings.withPort(0));
    }

    private static Simulator simulator(DevOptions options) {
        try {
            SimulatorSettings settings =
                    SimulatorSettings.DEFAULT
                            .withSeed(options.seed())
                            .withLatency(Latency.parse(options.simulator().latency()))
                            .withErrors(ErrorMix.parse(options.simulator().errors()));
            return Simulator.start(
                    options.simulator().answers().map(settings::withAnswers).orElse(settings));
        } catch (IllegalArgumentException e) {
            throw UserError.usage(String.valueOf(e.getMessage()), "`thac dev --help`");
        }
    }

    /** Stops both. */
    @Override
    public void close() {
        simulator.close();
        databases.close();
        webhooks.close();
        lookups.close();
        try {
            broker().close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            threads.shutdownNow();
        }
    }
}
