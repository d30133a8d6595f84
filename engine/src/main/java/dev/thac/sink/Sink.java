package dev.thac.sink;

import dev.thac.meter.Meters;
import dev.thac.resilience.Backoff;
import dev.thac.resilience.Ticker;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * Takes the records of a topic to a table, a webhook or files, with a consumer group of its own: it
 * waits for its target as long as that takes, and disturbs nobody meanwhile. Whatever ends its loop
 * is reported, and the loop begun again. Thread-safe.
 */
public final class Sink {

    private static final Logger LOGGER = LoggerFactory.getLogger(Sink.class);

    private final SinkSettings settings;
    private final Target target;
    private final SinkFigures figures;
    private final Ticker ticker;
    private final Backoff pause =
            new Backoff(
                    Duration.ofMillis(500),
                    Duration.ofSeconds(30),
                    0.5,
                    () -> ThreadLocalRandom.current().nextDouble());
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread thread;
    private volatile Duration drain = Duration.ZERO;

    private Sink(
            SinkSettings settings,
            Target target,
            Meters meters,
            Ticker ticker,
            BiConsumer<String, Optional<Exception>> trouble) {
        this.settings = settings;
        this.target = target;
        this.ticker = ticker;
        this.figures = new SinkFigures(settings, meters, ticker, trouble);
        this.thread =
                Thread.ofPlatform()
                        .name("thac-sink-" + settings.pipeline() + "-" + settings.name())
                        .daemon()
                        .unstarted(this::run);
    }

    /**
     * A sink that has not begun.
     *
     * @param settings who it is and what it reads
     * @param target where it writes; closed at the end
     * @param meters where figures go
     * @param ticker the time
     * @param trouble hears what is wrong, once for each change of it; returns at once
     * @return the sink
     */
    static Sink of(
            SinkSettings settings,
            Target target,
            Meters meters,
            Ticker ticker,
            BiConsumer<String, Optional<Exception>> trouble) {
        return new Sink(settings, target, meters, ticker, trouble);
    }

    /** Begins. */
    public void start() {
        thread.start();
    }

    /**
     * How it is.
     *
     * @return at most about a quarter of a second old
     */
    public SinkStatus status() {
        return figures.status();
    }

    /**
     * Finishes what is being written, commits and ends; returns when that is done.
     *
     * @param longest the longest wait for what is being written
     * @throws InterruptedException when the calling thread is interrupted
     */
    public void stop(Duration longest) throws InterruptedException {
        drain = longest;
        stopping.countDown();
        thread.join();
    }

    private void run() {
        try (target) {
            int failures = 0;
            while (stopping.getCount() > 0) {
                long began = ticker.nanos();
                figures.begun();
                try (SinkLoop loop = SinkLoop.open(settings, target, figures, ticker)) {
                    loop.run(() -> stopping.getCount() == 0, () -> drain);
                    return;
                } catch (RuntimeException e) { // mended by beginning again, sooner or later
                    failures = ticker.nanos() - began > pause.max().toNanos() ? 0 : failures;
                    figures.broken(e);
                    LOGGER.atWarn()
                            .setCause(e)
                            .addKeyValue("pipeline", settings.pipeline())
                            .addKeyValue("sink", settings.name())
                            .log("a sink begins again after an error");
                    boolean _ =
                            stopping.await(pause.delay(failures++).toNanos(), TimeUnit.NANOSECONDS);
                }
            }
        } catch (InterruptedException e) {
            LOGGER.debug("the sink ends", e);
        } finally {
            figures.ended();
        }
    }
}
