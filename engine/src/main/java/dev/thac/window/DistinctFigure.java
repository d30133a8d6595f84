package dev.thac.window;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * How many different values there are, by their 64-bit hashes: exact up to 256, from there a
 * HyperLogLog of 4096 registers, whose standard error is 1.04 / sqrt(4096) = 1.6 %. The estimate is
 * Ertl's (New cardinality estimation algorithms for HyperLogLog sketches, 2017, algorithm 6), which
 * needs no corrections by size. At most 4 KiB.
 */
final class DistinctFigure implements Figure {

    static final int EXACT = 256;

    private static final int BITS = 12;
    private static final int REGISTERS = 1 << BITS;
    private static final int LONGEST = Long.SIZE - BITS;

    private long[] hashes = new long[4];
    private int count;
    private byte @Nullable [] registers;

    @Override
    public void add(@Nullable Object value, Input input) {
        if (value instanceof Long hash) {
            offer(hash);
        }
    }

    @Override
    public void merge(Figure other) {
        DistinctFigure more = (DistinctFigure) other;
        byte[] theirs = more.registers;
        if (theirs == null) {
            for (int i = 0; i < more.count; i++) {
                offer(more.hashes[i]);
            }
            return;
        }
        byte[] ours = sketch();
        for (int i = 0; i < REGISTERS; i++) {
            ours[i] = (byte) Math.max(ours[i], theirs[i]);
        }
    }

    private void offer(long hash) {
        byte[] sketch = registers;
        if (sketch != null) {
            register(sketch, hash);
            return;
        }
        int place = Arrays.binarySearch(hashes, 0, count, hash);
        if (place >= 0) {
            return;
        }
        if (count == EXACT) {
            register(sketch(), hash);
            return;
        }
        if (count == hashes.length) {
            hashes = Arrays.copyOf(hashes, count * 2);
        }
        int at = -place - 1;
        System.arraycopy(hashes, at, hashes, at + 1, count - at);
        hashes[at] = hash;
        count++;
    }

    private byte[] sketch() {
        byte[] sketch = registers;
        if (sketch == null) {
            sketch = new byte[REGISTERS];
            for (int i = 0; i < count; i++) {
                register(sketch, hashes[i]);
            }
            registers = sketch;
            count = 0;
            hashes = new long[0];
        }
        return sketch;
    }

    private static void register(byte[] sketch, long hash) {
        int index = (int) (hash >>> LONGEST);
        int rank = Math.min(Long.numberOfLeadingZeros(hash << BITS), LONGEST) + 1;
        if (sketch[index] < rank) {
            sketch[index] = (byte) rank;
        }
    }

    @Override
    public Object result() {
        byte[] sketch = registers;
        return sketch == null ? (long) count : Math.round(estimate(sketch));
    }

    private static double estimate(byte[] sketch) {
        int[] histogram = new int[LONGEST + 2];
        for (byte rank : sketch) {
            histogram[rank]++;
        }
        double m = REGISTERS;
        double z = m * tau(1 - histogram[LONGEST + 1] / m);
        for (int rank = LONGEST; rank >= 1; rank--) {
            z = 0.5 * (z + histogram[rank]);
        }
        z += m * sigma(histogram[0] / m);
        return m * m / (2 * Math.log(2) * z);
    }

    private static double sigma(double share) {
        if (share == 1) {
            return Double.POSITIVE_INFINITY;
        }
        double x = share;
        double y = 1;
        double z = x;
        double before;
        do {
            x *= x;
            before = z;
            z += x * y;
            y += y;
        } while (z != before);
        return z;
    }

    private static double tau(double share) {
        if (share == 0 || share == 1) {
            return 0;
        }
        double x = share;
        double y = 1;
        double z = 1 - x;
        double before;
        do {
            x = Math.sqrt(x);
            before = z;
            y *= 0.5;
            z -= (1 - x) * (1 - x) * y;
        } while (z != before);
        return z / 3;
    }

    @Override
    public void write(PackedWriter out) {
        byte[] sketch = registers;
        if (sketch != null) {
            out.number(-1).raw(sketch);
            return;
        }
        out.number(count);
        for (int i = 0; i < count; i++) {
            out.fixed(hashes[i]);
        }
    }

    @Override
    public void read(PackedReader in) {
        count = in.count();
        if (count < 0) {
            count = 0;
            registers = in.raw(REGISTERS);
            return;
        }
        hashes = new long[Math.max(count, 4)];
        for (int i = 0; i < count; i++) {
            hashes[i] = in.fixed();
        }
    }
}
