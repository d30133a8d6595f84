package dev.thac.runtime;

/** Phases of a running pipeline. */
public enum PipelineState {
    /** Ended as asked. */
    STOPPED(0),
    /** Reading. */
    RUNNING(1),
    /** Reading no more, finishing what is open. */
    DRAINING(2),
    /** Ended by an error that restarting did not cure. */
    FAILED(3),
    /** Told to let nothing in; what is open finishes. */
    PAUSED(4);

    private final int figure;

    PipelineState(int figure) {
        this.figure = figure;
    }

    /**
     * The value of the metric {@code thac_pipeline_state}.
     *
     * @return 0 to 4
     */
    public int figure() {
        return figure;
    }
}
