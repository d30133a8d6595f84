package dev.thac.window;

import org.jspecify.annotations.Nullable;

/**
 * What travels from the readers of the source to the keepers of windows: events, and how far time
 * is in each source partition. Along one way, from one source partition to one keeper, order is
 * kept: what comes after a mark was judged by it.
 */
sealed interface Signal {

    /** Which source partition it comes from: the place of its topic in the file, the partition. */
    record Origin(int topic, int partition) {
        void write(PackedWriter out) {
            out.number(topic).number(partition);
        }

        static Origin read(PackedReader in) {
            return new Origin(in.count(), in.count());
        }
    }

    /** Where it comes from. */
    Origin origin();

    /**
     * One event.
     *
     * @param origin its source partition
     * @param watermark the largest event time seen there before it
     * @param input what it brings
     */
    record Event(Origin origin, long watermark, Input input) implements Signal {}

    /**
     * How far time is.
     *
     * @param origin the source partition
     * @param watermark the largest event time seen there
     * @param idle whether nothing has come for a while
     */
    record Mark(Origin origin, long watermark, boolean idle) implements Signal {}

    /** Before the first event of a partition. */
    long NOTHING = -1;

    int EVENT = 0;
    int MARK = 1;

    static boolean isMark(byte[] signal) {
        return signal[0] == MARK;
    }

    default byte[] write() {
        PackedWriter out = new PackedWriter();
        switch (this) {
            case Event(Origin origin, long watermark, Input input) -> {
                out.put(EVENT);
                origin.write(out);
                out.number(input.time()).number(watermark - input.time()).number(input.offset());
                for (Object value : input.values()) {
                    out.scalar(value);
                }
            }
            case Mark(Origin origin, long watermark, boolean idle) -> {
                out.put(MARK);
                origin.write(out);
                out.number(watermark).put(idle ? 1 : 0);
            }
        }
        return out.done();
    }

    static Signal read(byte[] bytes, int figures) {
        PackedReader in = new PackedReader(bytes);
        int kind = in.take();
        Origin origin = Origin.read(in);
        if (kind == MARK) {
            return new Mark(origin, in.number(), in.take() == 1);
        }
        long time = in.number();
        long watermark = time + in.number();
        long offset = in.number();
        @Nullable Object[] values = new Object[figures];
        for (int i = 0; i < figures; i++) {
            values[i] = in.scalar();
        }
        return new Event(origin, watermark, new Input(time, offset, values));
    }
}
