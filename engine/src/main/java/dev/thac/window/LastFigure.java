package dev.thac.window;

import org.jspecify.annotations.Nullable;

/**
 * The value of the latest event by its time; of the same time, the one further down its partition.
 */
final class LastFigure implements Figure {

    private long time = Long.MIN_VALUE;
    private long offset;
    private @Nullable Object value;

    @Override
    public void add(@Nullable Object next, Input input) {
        if (next != null) {
            offer(next, input.time(), input.offset());
        }
    }

    @Override
    public void merge(Figure other) {
        LastFigure last = (LastFigure) other;
        Object theirs = last.value;
        if (theirs != null) {
            offer(theirs, last.time, last.offset);
        }
    }

    private void offer(Object next, long when, long where) {
        if (value == null || when > time || (when == time && where >= offset)) {
            value = next;
            time = when;
            offset = where;
        }
    }

    @Override
    public @Nullable Object result() {
        return value;
    }

    @Override
    public void write(PackedWriter out) {
        out.fixed(time).number(offset).scalar(value);
    }

    @Override
    public void read(PackedReader in) {
        time = in.fixed();
        offset = in.number();
        value = in.scalar();
    }
}
