package dev.thac.window;

import dev.thac.event.Numbers;

import org.jspecify.annotations.Nullable;

/** The least or the greatest number, compared exactly. */
final class ExtremeFigure implements Figure {

    private final int wanted;
    private @Nullable Number best;

    /**
     * A figure of no events.
     *
     * @param wanted the sign of a comparison that a better number has: -1 for the least
     */
    ExtremeFigure(int wanted) {
        this.wanted = wanted;
    }

    @Override
    public void add(@Nullable Object value, Input input) {
        Number number = Measure.number(value);
        if (number != null) {
            offer(number);
        }
    }

    @Override
    public void merge(Figure other) {
        Number theirs = ((ExtremeFigure) other).best;
        if (theirs != null) {
            offer(theirs);
        }
    }

    private void offer(Number number) {
        if (best == null || Numbers.compare(number, best) * wanted > 0) {
            best = number;
        }
    }

    @Override
    public @Nullable Object result() {
        return best;
    }

    @Override
    public void write(PackedWriter out) {
        out.scalar(best);
    }

    @Override
    public void read(PackedReader in) {
        best = (Number) in.scalar();
    }
}
