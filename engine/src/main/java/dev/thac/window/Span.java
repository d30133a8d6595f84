package dev.thac.window;

import java.util.List;

/**
 * A stretch of one group's events with their figures: an open window; of a sliding one, the events
 * of one millisecond. Not thread-safe.
 */
final class Span {

    private final List<Measure> measures;
    private long start;
    private long last;
    private long changed;
    private boolean told;
    private Figure[] figures;

    Span(List<Measure> measures, long start, long last) {
        this.measures = measures;
        this.start = start;
        this.last = last;
        this.figures = none(measures);
    }

    static Span read(List<Measure> measures, PackedReader in) {
        long start = in.number();
        Span span = new Span(measures, start, start + in.number());
        span.changed = in.number();
        span.told = in.take() == 1;
        for (Figure figure : span.figures) {
            figure.read(in);
        }
        return span;
    }

    void write(PackedWriter out) {
        out.number(start).number(last - start).number(changed).put(told ? 1 : 0);
        for (Figure figure : figures) {
            figure.write(out);
        }
    }

    void add(Input input, long sequence) {
        for (int i = 0; i < figures.length; i++) {
            figures[i].add(input.values()[i], input);
        }
        changed = sequence;
    }

    /** Takes in what another one holds. */
    void merge(Span other) {
        start = Math.min(start, other.start);
        last = Math.max(last, other.last);
        for (int i = 0; i < figures.length; i++) {
            figures[i].merge(other.figures[i]);
        }
    }

    /** Begins again. */
    void clear() {
        figures = none(measures);
    }

    long start() {
        return start;
    }

    long last() {
        return last;
    }

    Figure[] figures() {
        return figures;
    }

    /** The number of the last change. */
    long changed() {
        return changed;
    }

    void change(long sequence) {
        changed = sequence;
    }

    /** Whether its final figures were told. */
    boolean told() {
        return told;
    }

    void tell() {
        told = true;
    }

    private static Figure[] none(List<Measure> measures) {
        Figure[] figures = new Figure[measures.size()];
        for (int i = 0; i < figures.length; i++) {
            figures[i] = Figure.of(measures.get(i));
        }
        return figures;
    }
}
