package dev.thac.kafka;

import dev.thac.resilience.Ticker;

/** What a lane is given to do, and with what. */
public final class LaneTask {

    private final LaneSettings settings;
    private final Lane.Flow flow;
    private final Lane.Listener listener;
    private final Ticker ticker;
    private final Means means;

    /** What a lane works with, besides its clients. */
    private record Means(Recovery recovery, Workers workers, TopicIds topicIds) {}

    private LaneTask(
            LaneSettings settings,
            Lane.Flow flow,
            Lane.Listener listener,
            Ticker ticker,
            Means means) {
        this.settings = settings;
        this.flow = flow;
        this.listener = listener;
        this.ticker = ticker;
        this.means = means;
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
        return new LaneTask(
                settings,
                flow,
                listener,
                ticker,
                new Means(Recovery.NONE, Workers.VIRTUAL, TopicIds.UNKNOWN));
    }

    /**
     * The same with something to be known before the events of a new partition are judged.
     *
     * @param other the recovery
     * @return a copy
     */
    public LaneTask withRecovery(Recovery other) {
        return with(new Means(other, means.workers, means.topicIds));
    }

    /** The same with other workers. */
    LaneTask withWorkers(Workers other) {
        return with(new Means(means.recovery, other, means.topicIds));
    }

    /** The same with other topic ids. */
    LaneTask withTopicIds(TopicIds other) {
        return with(new Means(means.recovery, means.workers, other));
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
        return means.recovery;
    }

    Workers workers() {
        return means.workers;
    }

    TopicIds topicIds() {
        return means.topicIds;
    }

    private LaneTask with(Means others) {
        return new LaneTask(settings, flow, listener, ticker, others);
    }
}
