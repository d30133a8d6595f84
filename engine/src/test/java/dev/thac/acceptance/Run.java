package dev.thac.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.thac.meter.Meters;
import dev.thac.runtime.BudgetOrder;
import dev.thac.runtime.PipelineRuntime;
import dev.thac.runtime.PipelineStatus;
import dev.thac.testkit.guarantee.AllAccounted;
import dev.thac.testkit.guarantee.Evidence;

import org.awaitility.core.ConditionTimeoutException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Predicate;

/** A running pipeline, and what its user can see of it. */
final class Run implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration POLL = Duration.ofMillis(20);

    private final Scene scene;
    private final Example example;
    private final PipelineRuntime runtime;
    private final Meters meters;

    Run(Scene scene, Example example, PipelineRuntime runtime, Meters meters) {
        this.scene = scene;
        this.example = example;
        this.runtime = runtime;
        this.meters = meters;
    }

    PipelineStatus status() {
        return runtime.status();
    }

    /** What an operator wants of budgets. */
    void budgets(Map<String, BudgetOrder> orders) {
        runtime.budgets(orders);
    }

    Meters meters() {
        return meters;
    }

    /** Writes values without keys into a topic of the shipped file. */
    void write(String topic, List<String> values) {
        scene.writer().writeAll(example.topic(topic), values);
    }

    /** What a committed reader sees of a topic of the shipped file. */
    List<Written> written(String topic) {
        return scene.written(example.topic(topic));
    }

    /** Waits until so many events have their outcome, or until the pipeline breaks. */
    void awaitSettled(long events) {
        until("settling " + events, () -> status().settled() >= events);
    }

    /** Waits until something holds; fails with the pipeline's state when it never does. */
    void until(String what, Callable<Boolean> condition) {
        try {
            await().atMost(PATIENCE)
                    .pollInterval(POLL)
                    .failFast(
                            () ->
                                    assertThat(status().restarts())
                                            .as("restarts after %s", status().lastError())
                                            .isZero())
                    .until(condition);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(what + " takes too long: " + status(), e);
        }
    }

    /** Ends in order, waiting as long as the file says. */
    void stop() {
        stop(Optional.empty());
    }

    /** Ends in order. */
    void stop(Duration drain) {
        stop(Optional.of(drain));
    }

    @Override
    public void close() {
        stop(Duration.ZERO);
    }

    /**
     * Holds every promise about outcomes against what was read and written.
     *
     * @param source a topic of the shipped file
     * @param dropped inputs that were filtered out, by coordinates
     * @param deadLetters as in the shipped file
     * @param routes as in the shipped file
     */
    void verify(String source, Predicate<String> dropped, String deadLetters, List<String> routes) {
        List<String> outputs = new ArrayList<>();
        routes.forEach(route -> outputs.add(example.topic(route)));
        outputs.add(example.topic(deadLetters));
        scene.awaitMarkers(outputs);
        Evidence evidence =
                Evidence.read(
                        scene.kafka().bootstrapServers(), List.of(example.topic(source)), outputs);
        new AllAccounted(Optional.of(example.topic(deadLetters)), dropped).verify(evidence);
    }

    private void stop(Optional<Duration> drain) {
        try {
            if (drain.isPresent()) {
                runtime.stop(drain.get());
            } else {
                runtime.stop();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while stopping", e);
        }
    }
}
