package dev.thac.window;

import dev.thac.meter.Meters;
import dev.thac.resilience.Ticker;
import dev.thac.spec.CelText;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Windows over {@link Clicks} as a process of their own, to be killed; and in this one. */
final class WindowProgram {

    static final String SOURCE = "clicks";
    static final int PARTITIONS = 2;
    static final Duration GRACE = Duration.ofSeconds(30);

    private WindowProgram() {}

    /** Runs until it is killed. Arguments: brokers, pipeline, instance, state directory, mode. */
    public static void main(String[] args) throws InterruptedException {
        start(args[0], args[1], args[2], Path.of(args[3]), StreamsDelivery.valueOf(args[4]));
        Thread.currentThread().join();
    }

    /** Every kind of window, with updates and final, each with a topic of its own. */
    static Map<String, WindowSpec> windows() {
        Map<String, WindowSpec> windows = new LinkedHashMap<>();
        for (WindowEmit emit : WindowEmit.values()) {
            WindowSpecs.all(GRACE, emit)
                    .forEach(
                            (kind, spec) -> {
                                String name = kind + "-" + emit;
                                windows.put(name, WindowSpecs.to(spec, name, SOURCE + ".late"));
                            });
        }
        return windows;
    }

    static StreamsRunner start(
            String brokers, String pipeline, String instance, Path state, StreamsDelivery mode) {
        WindowTopology topology =
                new WindowTopology(
                        new WindowTopology.Sources(
                                WindowSpecs.flow(pipeline),
                                new EventClock(
                                        Optional.of(new CelText("value.at")), Clicks.MAX_AHEAD),
                                List.of(SOURCE),
                                Map.of(SOURCE, PARTITIONS),
                                pipeline + ".decisions",
                                Instant.EPOCH,
                                true,
                                new Meters()),
                        windows());
        StreamsRunner runner =
                new StreamsRunner(
                        topology.build(),
                        new StreamsSettings(
                                WindowTopology.application(pipeline),
                                instance,
                                brokers,
                                Map.of(),
                                mode,
                                1,
                                0,
                                state,
                                true),
                        Ticker.system());
        runner.start(
                new StreamsRunner.Watcher() {
                    @Override
                    public void trouble(String what, Exception cause) {
                        System.err.println(what + ": " + cause);
                    }

                    @Override
                    public void ended(Throwable cause) {
                        System.err.println("ended: " + cause);
                    }
                });
        return runner;
    }
}
