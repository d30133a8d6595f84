package dev.thac.testkit.proxy;

import java.time.Duration;

/**
 * How bytes travel in one direction of a {@link FaultProxy}.
 *
 * @param latency how much later each byte arrives
 * @param bytesPerSecond the bandwidth of each connection; 0 for no limit
 * @param limitBytes the connection is reset when so many bytes have passed; 0 for no limit
 * @param sliceBytes bytes arrive in slices of that size at most, each on its own; 0 for no slicing
 * @param slicePause the pause behind each slice
 * @param held nothing arrives, as on a line whose packets are lost: what was sent arrives when the
 *     line is whole again and both ends still wait
 */
public record Line(
        Duration latency,
        long bytesPerSecond,
        long limitBytes,
        int sliceBytes,
        Duration slicePause,
        boolean held) {

    /** Nothing is wrong. */
    public static final Line CLEAR = new Line(Duration.ZERO, 0, 0, 0, Duration.ZERO, false);

    /** A line that swallows everything until it is whole again. */
    public static final Line BLACK_HOLE = new Line(Duration.ZERO, 0, 0, 0, Duration.ZERO, true);

    /** Checks the figures. */
    public Line {
        if (latency.isNegative() || slicePause.isNegative()) {
            throw new IllegalArgumentException("a time must not be negative");
        }
        if (bytesPerSecond < 0 || limitBytes < 0 || sliceBytes < 0) {
            throw new IllegalArgumentException("a size must not be negative");
        }
    }

    /** The same, but so much later. */
    public Line withLatency(Duration value) {
        return new Line(value, bytesPerSecond, limitBytes, sliceBytes, slicePause, held);
    }

    /** The same with a bandwidth. */
    public Line withBandwidth(long value) {
        return new Line(latency, value, limitBytes, sliceBytes, slicePause, held);
    }

    /** The same, ending by a reset behind so many bytes. */
    public Line withLimit(long value) {
        return new Line(latency, bytesPerSecond, value, sliceBytes, slicePause, held);
    }

    /** The same in slices. */
    public Line withSlices(int bytes, Duration pause) {
        return new Line(latency, bytesPerSecond, limitBytes, bytes, pause, held);
    }
}
