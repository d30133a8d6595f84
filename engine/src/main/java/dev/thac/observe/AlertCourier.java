package dev.thac.observe;

import dev.thac.meter.Meters;
import dev.thac.meter.Metric;
import dev.thac.resilience.Backoff;
import dev.thac.resilience.Ticker;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Takes messages to one destination, one after the other, on a thread of its own: nobody ever waits
 * for a destination. What cannot be delivered in a few attempts is given up, counted and logged.
 * Thread-safe.
 */
public final class AlertCourier implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(AlertCourier.class);

    private static final int QUEUE = 100;
    private static final int ATTEMPTS = 6;
    private static final Duration LAST_MESSAGES = Duration.ofSeconds(2);

    private final String pipeline;
    private final Channel channel;
    private final Meters meters;
    private final Ticker ticker;
    private final Backoff backoff =
            new Backoff(
                    Duration.ofSeconds(1),
                    Duration.ofMinutes(1),
                    0.5,
                    () -> ThreadLocalRandom.current().nextDouble());
    private final LinkedBlockingQueue<Runnable> queue = new LinkedBlockingQueue<>(QUEUE);
    private final Thread thread;
    private volatile boolean closed;

    /** A way to a destination; used by one thread. */
    public interface Channel extends AutoCloseable {
        /**
         * What it is, for metrics and logs.
         *
         * @return {@code topic} or {@code webhook}
         */
        String kind();

        /**
         * Delivers one message; waits for the destination's answer.
         *
         * @param message the message
         * @throws UndeliveredException when it did not arrive, as far as is known
         * @throws InterruptedException when the thread is interrupted
         */
        void deliver(AlertMessage message) throws UndeliveredException, InterruptedException;

        @Override
        void close();
    }

    /**
     * A courier that has not started.
     *
     * @param pipeline whose messages
     * @param channel the way
     * @param meters where messages are counted
     * @param ticker the time
     */
    public AlertCourier(String pipeline, Channel channel, Meters meters, Ticker ticker) {
        this.pipeline = pipeline;
        this.channel = channel;
        this.meters = meters;
        this.ticker = ticker;
        this.thread =
                Thread.ofVirtual()
                        .name("thac-alert-" + channel.kind() + "-" + pipeline)
                        .unstarted(this::run);
    }

    /** Begins to send; messages taken before wait. */
    public void start() {
        thread.start();
    }

    /**
     * Takes a message; returns at once.
     *
     * @param message the message
     */
    public void take(AlertMessage message) {
        if (closed || !queue.offer(() -> deliver(message))) {
            count("dropped");
            LOGGER.atWarn()
                    .addKeyValue("alert", message.id())
                    .addKeyValue("destination", channel.kind())
                    .log("an alert was not sent: too many wait before it");
        }
    }

    /** Sends what waits, not for long, and ends. */
    @Override
    public void close() {
        closed = true;
        boolean _ = queue.offer(() -> Thread.currentThread().interrupt());
        try {
            if (thread.getState() != Thread.State.NEW && !thread.join(LAST_MESSAGES)) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
        channel.close();
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                queue.take().run();
            }
        } catch (InterruptedException e) {
            LOGGER.debug("the courier ends", e);
        }
    }

    private void deliver(AlertMessage message) {
        try {
            for (int attempt = 1; ; attempt++) {
                try {
                    channel.deliver(message);
                    count("sent");
                    return;
                } catch (UndeliveredException e) {
                    if (!e.retryable() || attempt == ATTEMPTS) {
                        count("failed");
                        LOGGER.atWarn()
                                .addKeyValue("alert", message.id())
                                .addKeyValue("destination", channel.kind())
                                .addKeyValue("attempts", attempt)
                                .addKeyValue("cause", e.getMessage())
                                .log("an alert was not sent");
                        return;
                    }
                    ticker.sleep(backoff.delay(attempt - 1));
                }
            }
        } catch (InterruptedException e) {
            count("failed");
            Thread.currentThread().interrupt();
        }
    }

    private void count(String outcome) {
        meters.add(Metric.ALERT_MESSAGES, 1, pipeline, channel.kind(), outcome);
    }
}
