package dev.thac.sink;

import dev.thac.meter.Meters;
import dev.thac.meter.Metric;
import dev.thac.resilience.Ticker;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Optional;
import java.util.function.BiConsumer;

/** What a sink counts. Thread-safe. */
final class SinkFigures {

    private final SinkSettings settings;
    private final Meters meters;
    private final Ticker ticker;
    private final BiConsumer<String, Optional<Exception>> trouble;

    /** All below: guarded by this. */
    private String state = "starting";

    private long written;
    private long refused;
    private long batches;
    private long retries;
    private int partitions;
    private long lagRecords = -1;
    private long oldest = Long.MAX_VALUE;
    private @Nullable String wrong;

    /**
     * Nothing counted yet.
     *
     * @param settings whose
     * @param meters where figures go too
     * @param ticker the time
     * @param trouble hears what is wrong, once for each change of it
     */
    SinkFigures(
            SinkSettings settings,
            Meters meters,
            Ticker ticker,
            BiConsumer<String, Optional<Exception>> trouble) {
        this.settings = settings;
        this.meters = meters;
        this.ticker = ticker;
        this.trouble = trouble;
        meters.gauge(
                Metric.SINK_LAG_RECORDS,
                () -> Math.max(0, status().lagRecords()),
                settings.pipeline(),
                settings.name());
        meters.gauge(
                Metric.SINK_HELD,
                () -> status().state().equals("held") ? 1 : 0,
                settings.pipeline(),
                settings.name());
    }

    /** An attempt went through. */
    void attempt(Duration took) {
        synchronized (this) {
            batches++;
            state = "running";
            wrong = null;
        }
        meters.time(Metric.SINK_WRITE, took, settings.pipeline(), settings.name());
    }

    /** An attempt failed; it will be made again. */
    void held(String why) {
        boolean changed;
        synchronized (this) {
            retries++;
            state = "held";
            changed = !why.equals(wrong);
            wrong = why;
        }
        meters.add(Metric.SINK_RETRIES, 1, settings.pipeline(), settings.name());
        if (changed) {
            trouble.accept(why, Optional.empty());
        }
    }

    /** The loop ended by an error and is begun again. */
    void broken(Exception error) {
        boolean changed;
        String why = String.valueOf(error.getMessage());
        synchronized (this) {
            state = "held";
            changed = !why.equals(wrong);
            wrong = why;
        }
        if (changed) {
            trouble.accept(why, Optional.of(error));
        }
    }

    /** These are committed. */
    void committed(long done, long dead) {
        synchronized (this) {
            written += done;
            refused += dead;
        }
        if (done > 0) {
            meters.add(
                    Metric.SINK_RECORDS,
                    (double) done,
                    settings.pipeline(),
                    settings.name(),
                    "written");
        }
        if (dead > 0) {
            meters.add(
                    Metric.SINK_RECORDS,
                    (double) dead,
                    settings.pipeline(),
                    settings.name(),
                    "refused");
        }
    }

    /** What the loop sees of its partitions. */
    synchronized void place(int held, long lag, long oldestOpen) {
        partitions = held;
        lagRecords = lag;
        oldest = oldestOpen;
        if (oldestOpen == Long.MAX_VALUE) { // nothing is being written
            state = held > 0 ? "running" : "waiting";
            wrong = null;
        }
    }

    /** A loop begins anew: it reads, until something is wrong again. */
    synchronized void begun() {
        if (!state.equals("held")) {
            state = "starting";
        }
    }

    /** Nothing more happens. */
    synchronized void ended() {
        state = "stopped";
        partitions = 0;
        oldest = Long.MAX_VALUE;
    }

    synchronized SinkStatus status() {
        long age = oldest == Long.MAX_VALUE ? 0 : ticker.now().toEpochMilli() - oldest;
        return new SinkStatus(
                state,
                written,
                refused,
                batches,
                retries,
                partitions,
                lagRecords,
                Duration.ofMillis(Math.max(0, age)),
                Optional.ofNullable(wrong));
    }
}
