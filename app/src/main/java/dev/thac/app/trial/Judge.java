package dev.thac.app.trial;

import dev.thac.event.Delivery;
import dev.thac.event.Outcome;
import dev.thac.pipeline.OpenEvent;
import dev.thac.pipeline.Pipeline;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs deliveries through a pipeline as the lane does: decided at once where that is possible, else
 * settled on a virtual thread each, so that events share calls. To be used by one thread.
 */
public final class Judge implements AutoCloseable {

    private static final Duration FLUSH_EVERY = Duration.ofMillis(50);

    private final Pipeline pipeline;
    private final ExecutorService threads;

    /**
     * A judge.
     *
     * @param pipeline what to run; closed by its owner
     */
    public Judge(Pipeline pipeline) {
        this.pipeline = pipeline;
        this.threads =
                Executors.newThreadPerTaskExecutor(
                        Thread.ofVirtual().name("thac-trial-", 0).factory());
    }

    /**
     * Begins with one delivery.
     *
     * @param delivery the record
     * @return its outcome, at once or later
     */
    public Future<Outcome> submit(Delivery delivery) {
        return switch (pipeline.decide(delivery)) {
            case Pipeline.Decision.Settled(Outcome outcome) -> threads.submit(() -> outcome);
            case Pipeline.Decision.Open(OpenEvent open) ->
                    threads.submit(() -> pipeline.settle(open));
        };
    }

    /**
     * Waits for an outcome when nothing more is going to be submitted: batches are closed at once
     * instead of waiting for others to join.
     *
     * @param outcome what was submitted
     * @return the outcome
     * @throws InterruptedException when the calling thread is interrupted
     */
    public Outcome await(Future<Outcome> outcome) throws InterruptedException {
        while (true) {
            try {
                Outcome known = outcome.get(FLUSH_EVERY.toMillis(), TimeUnit.MILLISECONDS);
                pipeline.apply(known);
                return known;
            } catch (TimeoutException e) {
                pipeline.flush();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof RuntimeException defect) {
                    throw defect;
                }
                throw new IllegalStateException(e.getCause());
            }
        }
    }

    /**
     * Judges some deliveries together.
     *
     * @param deliveries the records
     * @return their outcomes, in the same order
     * @throws InterruptedException when the calling thread is interrupted
     */
    public List<Outcome> judge(List<Delivery> deliveries) throws InterruptedException {
        List<Future<Outcome>> open = deliveries.stream().map(this::submit).toList();
        List<Outcome> outcomes = new ArrayList<>();
        for (Future<Outcome> each : open) {
            outcomes.add(await(each));
        }
        return outcomes;
    }

    /** Gives up what is still open. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
