package dev.thac.window;

import org.jspecify.annotations.Nullable;

/** How many events have the value; false counts as none. */
final class CountFigure implements Figure {

    private long count;

    @Override
    public void add(@Nullable Object value, Input input) {
        if (value != null && !Boolean.FALSE.equals(value)) {
            count++;
        }
    }

    @Override
    public void merge(Figure other) {
        count += ((CountFigure) other).count;
    }

    @Override
    public Object result() {
        return count;
    }

    @Override
    public void write(PackedWriter out) {
        out.number(count);
    }

    @Override
    public void read(PackedReader in) {
        count = in.number();
    }
}
