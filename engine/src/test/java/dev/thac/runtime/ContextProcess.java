package dev.thac.runtime;

import dev.thac.cost.PriceBook;
import dev.thac.meter.Meters;
import dev.thac.model.Models;
import dev.thac.resilience.Ticker;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A pipeline in a process of its own, so that it can be killed. */
final class ContextProcess {

    private ContextProcess() {}

    /** Runs the pipeline file {@code args[0]} at the brokers {@code args[1]} until killed. */
    public static void main(String[] args) throws InterruptedException {
        PipelineRuntime runtime = start(Path.of(args[0]), named(args[1]), new Meters());
        runtime.awaitStopped();
    }

    /** Always the same instance, so that each takes over from the one before. */
    static RuntimeSettings named(String brokers) {
        return RuntimeSettings.of(brokers).named("one");
    }

    static PipelineRuntime start(Path file, RuntimeSettings settings, Meters meters)
            throws InterruptedException {
        Loaded loaded = PipelineFiles.load(file);
        return PipelineRuntime.start(
                loaded.orThrow(),
                loaded.project(),
                settings.creatingTopics(4),
                Models.of(Map.of(), Map.of(), PriceBook.bundled(), meters, Ticker.system()),
                meters,
                Ticker.system());
    }

    static Process spawn(Path file, String brokers) throws IOException {
        String classes =
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path", ""));
        return new ProcessBuilder(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-Xmx256m",
                                "-cp",
                                classes,
                                ContextProcess.class.getName(),
                                file.toString(),
                                brokers))
                .inheritIO()
                .start();
    }

    /** Kills at once, as the kernel would. */
    static void kill(Process process) throws InterruptedException {
        process.destroyForcibly();
        if (!process.waitFor(Duration.ofSeconds(20))) {
            throw new IllegalStateException("a killed process lives on");
        }
    }
}
