package dev.thac.app.live;

import dev.thac.app.http.StatusServer;
import dev.thac.app.http.StatusTree;
import dev.thac.app.terminal.Version;
import dev.thac.event.ThacException;
import dev.thac.meter.Meters;
import dev.thac.model.Models;
import dev.thac.runtime.PipelineRuntime;
import dev.thac.runtime.PipelineState;
import dev.thac.runtime.PipelineStatus;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The pipelines of this process, for the page and the live line. Immutable; the pipelines
 * themselves change. Thread-safe.
 *
 * @param pipelines what runs
 * @param models their models
 * @param meters their figures
 * @param brokers where they read and write
 * @param simulated whether models, and so prices, are simulated
 */
public record RunningPipelines(
        List<PipelineRuntime> pipelines,
        List<Models> models,
        Meters meters,
        String brokers,
        boolean simulated)
        implements StatusServer.Source {

    private static final Logger LOGGER = LoggerFactory.getLogger(RunningPipelines.class);

    /** Copies the lists. */
    public RunningPipelines {
        pipelines = List.copyOf(pipelines);
        models = List.copyOf(models);
    }

    /**
     * All pipelines at this moment.
     *
     * @return one status each
     */
    public List<PipelineStatus> statuses() {
        return pipelines.stream().map(PipelineRuntime::status).toList();
    }

    /**
     * Stops all pipelines side by side, and waits.
     *
     * @param drain the longest wait for open events
     * @throws InterruptedException when the calling thread is interrupted
     */
    public void stop(Duration drain) throws InterruptedException {
        List<Thread> stopping =
                pipelines.stream()
                        .map(
                                pipeline ->
                                        Thread.ofVirtual()
                                                .name("thac-stop-" + pipeline.pipeline())
                                                .start(() -> stop(pipeline, drain)))
                        .toList();
        for (Thread each : stopping) {
            each.join();
        }
    }

    private static void stop(PipelineRuntime pipeline, Duration drain) {
        try {
            pipeline.stop(drain);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ThacException e) {
            // it had failed before: whoever watches it has been told
            LOGGER.debug("a failed pipeline was stopped", e);
        }
    }

    @Override
    public Map<String, Object> status() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("version", Version.current());
        tree.put("brokers", brokers);
        tree.put("simulated", simulated);
        tree.put("pipelines", statuses().stream().map(StatusTree::of).toList());
        tree.put(
                "models",
                models.stream()
                        .flatMap(each -> each.health().stream())
                        .map(StatusTree::of)
                        .toList());
        return tree;
    }

    @Override
    public String metrics() {
        return meters.scrape();
    }

    @Override
    public boolean healthy() {
        return statuses().stream().noneMatch(status -> status.state() == PipelineState.FAILED);
    }
}
