package dev.thac.bench;

import dev.thac.cost.PriceBook;
import dev.thac.meter.Meters;
import dev.thac.model.Models;
import dev.thac.resilience.Ticker;
import dev.thac.runtime.CompanionStatus;
import dev.thac.runtime.Loaded;
import dev.thac.runtime.PipelineRuntime;
import dev.thac.runtime.PipelineStatus;
import dev.thac.runtime.RuntimeSettings;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** One of the benchmarks' pipelines, run by the engine's own runtime as {@code thac run} would. */
final class ThacRow {

    private static final Duration GLANCE = Duration.ofMillis(20);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final PipelineRuntime running;

    private ThacRow(PipelineRuntime running) {
        this.running = running;
    }

    /**
     * Starts a pipeline.
     *
     * @param resource the pipeline file
     * @param job topics and group, filled in for {@code @INPUT@}, {@code @OUTPUT@} and
     *     {@code @GROUP@}
     * @param names what else is to be filled in
     */
    static ThacRow start(String resource, Job job, Map<String, String> names)
            throws IOException, InterruptedException {
        Map<String, String> all = new HashMap<>(names);
        all.put("INPUT", job.input());
        all.put("OUTPUT", job.output());
        all.put("GROUP", job.group());
        Loaded loaded = PipelineFile.load(resource, all);
        Meters meters = new Meters();
        Ticker ticker = Ticker.system();
        Models models =
                Models.of(
                        loaded.flow().models(),
                        Map.of("BENCH_KEY", "none"),
                        PriceBook.bundled(),
                        meters,
                        ticker);
        return new ThacRow(
                PipelineRuntime.start(
                        loaded.orThrow(),
                        loaded.project(),
                        RuntimeSettings.of(job.brokers()).creatingTopics(1),
                        models,
                        meters,
                        ticker));
    }

    /** Runs a pipeline until every record of the job is written and committed. */
    static void run(String resource, Job job, Map<String, String> names)
            throws IOException, InterruptedException {
        ThacRow row = start(resource, job, names);
        try {
            row.await(job.records());
        } finally {
            row.stop();
        }
    }

    private void await(long records) throws InterruptedException {
        long settled = 0;
        long since = System.nanoTime();
        while (settled < records) {
            if (running.awaitStopped(GLANCE)) {
                throw new WrongOutputException("the pipeline stopped by itself");
            }
            PipelineStatus status = running.status();
            if (status.settled() > settled) {
                settled = status.settled();
                since = System.nanoTime();
            } else if (System.nanoTime() - since > PATIENCE.toNanos()) {
                throw new WrongOutputException("nothing moves any more: " + status);
            }
        }
    }

    /** Until a companion of the pipeline has done so many records and committed them. */
    void awaitCompanion(String name, long records) throws InterruptedException {
        long done = 0;
        long since = System.nanoTime();
        while (done < records) {
            Thread.sleep(5);
            CompanionStatus status =
                    running.status().companions().stream()
                            .filter(each -> each.name().equals(name))
                            .findFirst()
                            .orElseThrow();
            if (status.read() > done) {
                done = status.read();
                since = System.nanoTime();
            } else if (System.nanoTime() - since > PATIENCE.toNanos()) {
                throw new WrongOutputException("nothing moves any more: " + status);
            }
        }
    }

    /** How it is doing. */
    PipelineStatus status() {
        return running.status();
    }

    /** Drains and stops. */
    void stop() throws InterruptedException {
        running.stop();
    }
}
