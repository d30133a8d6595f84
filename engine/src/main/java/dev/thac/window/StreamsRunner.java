package dev.thac.window;

import dev.thac.event.ErrorCode;
import dev.thac.event.ThacException;
import dev.thac.resilience.Ticker;

import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.ThreadMetadata;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.MissingSourceTopicException;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs one topology of Kafka Streams in this process. A stream thread that an error ended is
 * replaced after a pause that doubles, up to 16 s; several quick failures in a row, or one that
 * somebody has to put right, end the topology. Thread-safe.
 */
public final class StreamsRunner implements StreamsApplication {

    private static final Logger LOGGER = LoggerFactory.getLogger(StreamsRunner.class);
    private static final int MAX_QUICK_FAILURES = 5;
    private static final Duration QUICK = Duration.ofMinutes(1);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final int MAX_DOUBLINGS = 6;
    private static final int DEEP = 10;

    private final Topology topology;
    private final StreamsSettings settings;
    private final Ticker ticker;
    private final Restoring restoring = new Restoring();
    private final Standbys copies = new Standbys();
    private final AtomicInteger restarts = new AtomicInteger();
    private final Object failures = new Object();
    private int quick;
    private long lastFailure;
    private volatile @Nullable KafkaStreams streams;
    private volatile @Nullable Throwable failure;
    private volatile @Nullable String lastError;

    /**
     * A topology that does not run yet.
     *
     * @param topology what it does; no part of it may call the outside world
     * @param settings where and how
     * @param ticker the time
     */
    public StreamsRunner(Topology topology, StreamsSettings settings, Ticker ticker) {
        this.topology = topology;
        this.settings = settings;
        this.ticker = ticker;
    }

    @Override
    public void start(Watcher watcher) {
        KafkaStreams fresh = settings.open(topology);
        fresh.setUncaughtExceptionHandler(error -> after(error, watcher));
        fresh.setGlobalStateRestoreListener(restoring);
        fresh.setStandbyUpdateListener(copies);
        streams = fresh;
        try {
            fresh.start();
        } catch (StreamsException e) {
            throw new ThacException(
                    ErrorCode.KAFKA_UNAVAILABLE,
                    settings.application() + " cannot be started: " + e.getMessage(),
                    e);
        }
    }

    @Override
    public void stop(Duration drain) {
        KafkaStreams running = streams;
        if (running != null
                && !running.close(
                        CloseOptions.timeout(drain)
                                .withGroupMembershipOperation(
                                        CloseOptions.GroupMembershipOperation.LEAVE_GROUP))) {
            LOGGER.atWarn()
                    .addKeyValue("application", settings.application())
                    .addKeyValue("drain", drain)
                    .log("a topology did not end in time; what was not committed is done again");
        }
    }

    @Override
    public StreamsStatus status() {
        int threads = 0;
        int tasks = 0;
        int standbys = 0;
        KafkaStreams running = streams;
        if (running != null && running.state().isRunningOrRebalancing()) {
            for (ThreadMetadata thread : running.metadataForLocalThreads()) {
                threads++;
                tasks += thread.activeTasks().size();
                standbys += thread.standbyTasks().size();
            }
        }
        return new StreamsStatus(
                settings.application(),
                state(running),
                threads,
                tasks,
                standbys,
                copies.behind(),
                restoring.stores(),
                restoring.restored(),
                restoring.toRestore(),
                running == null ? -1 : lag(running),
                restarts.get(),
                Optional.ofNullable(lastError));
    }

    /** By the consumers' own figures, which know what is committed and what are markers. */
    private static long lag(KafkaStreams running) {
        double sum = 0;
        boolean known = false;
        for (Map.Entry<MetricName, ? extends Metric> entry : running.metrics().entrySet()) {
            MetricName name = entry.getKey();
            if (name.name().equals("records-lag")
                    && name.tags().containsKey("partition")
                    && !name.tags().getOrDefault("client-id", "").endsWith("-restore-consumer")
                    && entry.getValue().metricValue() instanceof Double lag
                    && !lag.isNaN()) {
                sum += lag;
                known = true;
            }
        }
        return known ? (long) sum : -1;
    }

    private StreamsStatus.State state(@Nullable KafkaStreams running) {
        if (failure != null) {
            return StreamsStatus.State.FAILED;
        }
        if (running == null) {
            return StreamsStatus.State.CREATED;
        }
        return switch (running.state()) {
            case CREATED -> StreamsStatus.State.CREATED;
            case REBALANCING -> StreamsStatus.State.REBALANCING;
            case RUNNING -> StreamsStatus.State.RUNNING;
            case PENDING_SHUTDOWN -> StreamsStatus.State.STOPPING;
            case NOT_RUNNING -> StreamsStatus.State.STOPPED;
            case PENDING_ERROR, ERROR -> StreamsStatus.State.FAILED;
        };
    }

    /** Runs on the thread that the error ended; its successor starts when this returns. */
    private StreamThreadExceptionResponse after(Throwable error, Watcher watcher) {
        int inARow = count();
        String message = settings.application() + ": " + rootMessage(error);
        lastError = message;
        LOGGER.atError()
                .setCause(error)
                .addKeyValue("application", settings.application())
                .addKeyValue("failuresInARow", inARow)
                .log("a stream thread ended by an error");
        Optional<ThacException> hopeless = incurable(error);
        if (hopeless.isPresent() || inARow >= MAX_QUICK_FAILURES || error instanceof Error) {
            Throwable last = hopeless.isPresent() ? hopeless.get() : error;
            failure = last;
            watcher.ended(last);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        watcher.trouble(
                "a stream thread started again",
                error instanceof Exception exception
                        ? exception
                        : new IllegalStateException(error));
        restarts.incrementAndGet();
        try {
            ticker.sleep(FIRST_PAUSE.multipliedBy(1L << Math.min(inARow, MAX_DOUBLINGS)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return StreamThreadExceptionResponse.REPLACE_THREAD;
    }

    private int count() {
        synchronized (failures) {
            long now = ticker.nanos();
            quick = quick > 0 && now - lastFailure < QUICK.toNanos() ? quick + 1 : 1;
            lastFailure = now;
            return quick;
        }
    }

    /** What a person has to put right. */
    private static Optional<ThacException> incurable(Throwable error) {
        @Nullable Throwable cause = error;
        for (int depth = 0; cause != null && depth < DEEP; depth++) {
            switch (cause) {
                case ThacException known -> {
                    return Optional.of(known);
                }
                case MissingSourceTopicException _ -> {
                    return Optional.of(
                            new ThacException(ErrorCode.TOPIC_MISSING, rootMessage(cause), cause));
                }
                case AuthorizationException _ -> {
                    return Optional.of(
                            new ThacException(ErrorCode.KAFKA_DENIED, rootMessage(cause), cause));
                }
                default -> cause = cause.getCause();
            }
        }
        return Optional.empty();
    }

    private static String rootMessage(Throwable error) {
        Throwable cause = error;
        for (int depth = 0; cause.getCause() != null && depth < DEEP; depth++) {
            cause = cause.getCause();
        }
        String message = cause.getMessage();
        return message == null ? cause.toString() : message;
    }
}
