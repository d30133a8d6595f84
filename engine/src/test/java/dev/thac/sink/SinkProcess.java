package dev.thac.sink;

import dev.thac.kafka.ClientSettings;
import dev.thac.meter.Meters;
import dev.thac.resilience.Ticker;
import dev.thac.spec.CelText;
import dev.thac.spec.DataSize;
import dev.thac.spec.Secret;
import dev.thac.spec.Secrets;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** A process that runs one sink until it is killed: brokers, pipeline, kind, target. */
final class SinkProcess {

    private SinkProcess() {}

    public static void main(String[] args) throws InterruptedException {
        String pipeline = args[1];
        String group = SinkSettings.group(pipeline, "s");
        SinkSettings settings =
                new SinkSettings(
                        pipeline,
                        "s",
                        pipeline + ".out",
                        pipeline + ".dlq",
                        ClientSettings.member(args[0], Map.of(), group, group + "-one"),
                        ClientSettings.transactionalWriter(args[0], Map.of(), group + "-one"));
        Sink sink =
                new Sinks(
                                () -> DriverManager.getConnection(args[3], args[4], args[5]),
                                new Secrets(Map.of("KEY", "shared"), Path.of("")),
                                Ticker.system())
                        .make(
                                settings,
                                spec(pipeline, args[2], args[3]),
                                new Meters(),
                                (what, _) -> System.err.println(what));
        sink.start();
        new CountDownLatch(1).await();
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
