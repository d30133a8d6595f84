package dev.thac.sink;

import dev.thac.resilience.Backoff;
import dev.thac.resilience.Ticker;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * A batch on its way to the target, on a virtual thread: offered again and again, with growing
 * waits, until every record of it is done or refused.
 */
final class Flight {

    private final Batch batch;
    private final Target target;
    private final SinkFigures figures;
    private final Ticker ticker;
    private final Backoff backoff =
            new Backoff(
                    Duration.ofMillis(250),
                    Duration.ofSeconds(30),
                    0.5,
                    () -> ThreadLocalRandom.current().nextDouble());
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread thread;
    private volatile @Nullable RuntimeException defect;

    /**
     * Takes off.
     *
     * @param name of the sink
     * @param batch what to write
     * @param target where
     * @param figures hears of failed attempts
     * @param ticker the time
     */
    Flight(String name, Batch batch, Target target, SinkFigures figures, Ticker ticker) {
        this.batch = batch;
        this.target = target;
        this.figures = figures;
        this.ticker = ticker;
        this.thread = Thread.ofVirtual().name("thac-sink-write-" + name).start(this::run);
    }

    /** What is on its way. */
    Batch batch() {
        return batch;
    }

    /**
     * Waits for the end.
     *
     * @param wait the longest wait
     * @return whether it has ended
     * @throws InterruptedException when the calling thread is interrupted
     */
    boolean await(Duration wait) throws InterruptedException {
        boolean over = ended.await(wait.toNanos(), TimeUnit.NANOSECONDS);
        RuntimeException broken = defect;
        if (over && broken != null) {
            throw broken;
        }
        return over;
    }

    /** Ends it where it is, and waits until nothing more is written. */
    void cancel() throws InterruptedException {
        thread.interrupt();
        thread.join();
    }

    private void run() {
        int failures = 0;
        try {
            int open = batch.open();
            while (open > 0) {
                failures = attempt(failures);
                int left = batch.open();
                if (left < open) {
                    failures = Math.min(failures, 1);
                }
                open = left;
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // the partitions are leaving
        } catch (RuntimeException e) { // a defect of ours: the sink begins again
            defect = e;
        } finally {
            ended.countDown();
        }
    }

    private int attempt(int failures) throws InterruptedException {
        long began = ticker.nanos();
        try {
            target.write(batch.pending(), batch);
            figures.attempt(Duration.ofNanos(ticker.nanos() - began));
            return 0;
        } catch (UnavailableException e) {
            Duration wait = backoff.delay(failures);
            figures.held(String.valueOf(e.getMessage()));
            ticker.sleep(wait.compareTo(e.atLeast()) < 0 ? e.atLeast() : wait);
            return failures + 1;
        }
    }
}
