package dev.thac.kafka;

import dev.thac.resilience.Ticker;

/** What a lane is given to do, and with what. */
public final class LaneTask {

    private final LaneSettings settings;
    private final Lane.Flow flow;
    private final Lane.Listener listener;
    private final Ticker ticker;
    private final Recovery recovery;
    private final Workers workers;

    private LaneTask(
            LaneSettings settings,
            Lane.Flow flow,
            Lane.Listener listener,
            Ticker ticker,
            Recovery recovery,
            Workers workers) {
        this.settings = settings;
        this.flow = flow;
        this.listener = listener;
        this.ticker = ticker;
        this.recovery = recovery;
        this.workers = workers;
    }

    /**
     * A task that needs no recovery.
     *
     * @param settings what to read, where to write
     * @param flow what to do with each record
     * @param listener who counts
     * @param ticker the time
     * @return the task
     */
    public static LaneTask of(
            LaneSettings settings, Lane.Flow flow, Lane.Listener listener, Ticker ticker) {
        return new LaneTask(settings, flow, listener, ticker, Recovery.NONE, Workers.VIRTUAL);
    }

    /**
     * The same with something to be known before the events of a new partition are judged.
     *
     * @param other the recovery
     * @return a copy
     */
    public LaneTask withRecovery(Recovery other) {
        return new LaneTask(settings, flow, listener, ticker, other, workers);
    }

    /** The same with other workers. */
    LaneTask withWorkers(Workers other) {
        return new LaneTask(settings, flow, listener, ticker, recovery, other);
    }

    LaneSettings settings() {
        return settings;
    }

    Lane.Flow flow() {
        return flow;
    }

    Lane.Listener listener() {
        return listener;
    }

    Ticker ticker() {
        return ticker;
    }

    Recovery recovery() {
        return recovery;
    }

    Workers workers() {
        return workers;
    }
}
