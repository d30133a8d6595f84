package dev.thac.window;

import org.jspecify.annotations.Nullable;

/**
 * One figure over the events of a window. The order in which events come makes no difference, but
 * for {@link TopFigure} beyond its bound. Not thread-safe.
 */
sealed interface Figure
        permits CountFigure, SumFigure, ExtremeFigure, DistinctFigure, LastFigure, TopFigure {

    /** Takes in one event. */
    void add(@Nullable Object value, Input input);

    /** Takes in all events of another figure of the same kind. */
    void merge(Figure other);

    /** The figure: a tree. */
    @Nullable Object result();

    void write(PackedWriter out);

    void read(PackedReader in);

    /** A figure of no events. */
    static Figure of(Measure measure) {
        return switch (measure.kind()) {
            case COUNT -> new CountFigure();
            case SUM -> new SumFigure(SumFigure.Shown.SUM);
            case AVG -> new SumFigure(SumFigure.Shown.AVERAGE);
            case MIN -> new ExtremeFigure(-1);
            case MAX -> new ExtremeFigure(1);
            case DISTINCT -> new DistinctFigure();
            case LAST -> new LastFigure();
            case TOPK -> new TopFigure(measure.k());
        };
    }
}
