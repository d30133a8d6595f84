package dev.thac.app.dev;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * How {@code thac dev} was asked to run.
 *
 * @param file the pipeline file
 * @param headless no page, and an end when all events are done
 * @param duration after which it ends
 * @param events most events; empty: without end, or as many as the input has
 * @param rate events a second; empty: a pace to watch, or as fast as it goes when headless
 * @param input own events as JSON lines
 * @param dataDir where the broker keeps its data
 * @param brokerPort where the broker listens; empty: near 19092
 * @param pagePort where the page is; empty: near 8086
 * @param simulate never call real models
 * @param simulator how simulated models behave
 * @param seed where sample events and simulated answers come from
 */
public record DevOptions(
        Path file,
        boolean headless,
        Optional<Duration> duration,
        OptionalLong events,
        OptionalDouble rate,
        Optional<Path> input,
        Optional<Path> dataDir,
        Optional<Integer> brokerPort,
        Optional<Integer> pagePort,
        boolean simulate,
        SimulatorOptions simulator,
        long seed) {

    /**
     * How simulated models behave.
     *
     * @param latency as {@code thac simulate --latency}
     * @param errors as {@code thac simulate --errors}
     * @param answers a file of recorded answers
     */
    public record SimulatorOptions(String latency, String errors, Optional<Path> answers) {}
}
