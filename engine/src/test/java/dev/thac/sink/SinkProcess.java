package dev.thac.sink;

import dev.thac.kafka.ClientSettings;
import dev.thac.meter.Meters;
import dev.thac.resilience.Ticker;
import dev.thac.spec.CelText;
import dev.thac.spec.DataSize;
import dev.thac.spec.Secret;
import dev.thac.spec.Secrets;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/**
 * A process that runs one sink until it is killed: brokers, pipeline, instance, session timeout,
 * kind, target.
 */
final class SinkProcess {

    private SinkProcess() {}

    public static void main(String[] args) throws InterruptedException {
        String pipeline = args[1];
        String group = SinkSettings.group(pipeline, "s");
        String name = group + "-" + args[2];
        Map<String, String> kafka = Map.of("session.timeout.ms", args[3]);
        SinkSettings settings =
                new SinkSettings(
                        pipeline,
                        "s",
                        pipeline + ".out",
                        pipeline + ".dlq",
                        ClientSettings.member(args[0], kafka, group, name),
                        ClientSettings.transactionalWriter(args[0], kafka, name));
        Sink sink =
                new Sinks(
                                () -> DriverManager.getConnection(args[5], args[6], args[7]),
                                new Secrets(Map.of("KEY", "shared"), Path.of("")),
                                Ticker.system())
                        .make(
                                settings,
                                spec(pipeline, args[4], args[5]),
                                new Meters(),
                                (what, _) -> System.err.println(what));
        sink.start();
        new CountDownLatch(1).await();
    }

    /**
     * Starts one; what it prints is kept in a file.
     *
     * @param options of the virtual machine
     * @param log where its output goes
     * @param arguments as above
     */
    static Process spawn(List<String> options, Path log, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add(SinkProcess.class.getName());
        command.addAll(arguments);
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    private static SinkSpec spec(String pipeline, String kind, String target) {
        return new SinkSpec(
                Optional.of("s"),
                pipeline + ".out",
                kind.equals("jdbc")
                        ? Optional.of(
                                new JdbcSinkSpec(
                                        "db",
                                        pipeline,
                                        Map.of(
                                                "id", new CelText("value.id"),
                                                "n", new CelText("value.n")),
                                        List.of("id"),
                                        true,
                                        Map.of()))
                        : Optional.empty(),
                kind.equals("webhook")
                        ? Optional.of(
                                new WebhookSinkSpec(
                                        target,
                                        Optional.of(new Secret("${env:KEY}")),
                                        Map.of(),
                                        Duration.ofSeconds(5),
                                        8))
                        : Optional.empty(),
                kind.equals("file")
                        ? Optional.of(new FileSinkSpec(target, new DataSize(50_000)))
                        : Optional.empty());
    }
}
